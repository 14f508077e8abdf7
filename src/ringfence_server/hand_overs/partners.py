"""Keys of other cities: entered by one administrator, confirmed by another who types what the other
city reads out.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from ringfence.errors import DataError, NotAllowed, UsageError
from ringfence.lake import Home
from ringfence.operations.checks import check_keys, check_words
from ringfence.operations.hand_over import OwnKeys, own_keys, read_public, same_fingerprint
from ringfence_server.access import Acting
from ringfence_server.hand_overs.models import Partner
from ringfence_server.hand_overs.refusals import confirmed_or_ended, no_partner
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import within
from ringfence_server.outbox import auditing

RIGHT = "partner.manage"


def managed(by: Acting) -> QuerySet[Partner]:
    """Of the units at which the account manages them; the newest first."""
    units = [grant.unit for grant in by.grants if RIGHT in grant.role.rights]
    rows = within(Partner.objects.all(), units)
    return rows.select_related("unit__parent", "entered_by", "confirmed_by", "ended_by").order_by(
        "-pk"
    )


def in_use(unit: Unit) -> QuerySet[Partner]:
    """To which a case of this unit may be handed over: those of the unit and of all above it."""
    above = [code for code in unit.line.values() if code]
    return (
        Partner.objects.filter(Q(unit__in=above) | Q(unit__level="country"), state="confirmed")
        .select_related("unit")
        .order_by("code")
    )


def keys_here(home: Home) -> OwnKeys:
    """Ours. StorageError: other cities may hold files sealed to keys that are missing."""
    return own_keys(home, may_make=not Partner.objects.exists())


def enter(
    *,
    home: Home,
    unit: Unit,
    code: str,
    name_zh: str,
    name_en: str,
    line: str,
    by: Acting,
    at: datetime,
) -> Partner:
    """Not in use before somebody else confirms it. Our own keys are there from now on.

    DataError: keys, code or name cannot be so.
    """
    if not by.may(RIGHT, unit):
        raise NotAllowed("you may not do this in this unit", "您没有在该辖区执行此操作的权限")
    if unit.level == "country":
        raise UsageError(
            "choose the unit that the other city knows: a province, city or district",
            "请选择对方所知的单位：省、市或区县",
        )
    keys = read_public(line)
    code = code.strip()
    if not code.isascii() or not code.isalnum() or len(code) > 32:
        raise DataError(
            "the code of a city is letters and digits, as GB/T 2260 writes it",
            "城市代码应为字母或数字（如 GB/T 2260 代码）",
        )
    check_keys("code", "代码", [code])
    for name in filter(None, (name_zh.strip(), name_en.strip())):
        check_words("name", "名称", name)
    if not name_zh.strip():
        raise UsageError("the name of the city is missing", "缺少城市名称")
    if code == unit.code:
        raise DataError("a unit hands nothing over to itself", "不能移交给本单位")
    keys_here(home)
    with transaction.atomic():
        same = Partner.objects.filter(
            code=code, sign_key=keys.sign, seal_key=keys.seal, state__in=("entered", "confirmed")
        ).first()
        if same is not None and same.unit_id == unit.pk:
            return same
        made = Partner.objects.create(
            unit=unit,
            code=code,
            name_zh=name_zh.strip(),
            name_en=name_en.strip(),
            sign_key=keys.sign,
            seal_key=keys.seal,
            entered_by=by.user,
            entered_at=at,
        )
        _told("partner.entered", made, by, at)
    return made


def confirm(*, partner: int, fingerprint: str, by: Acting, at: datetime) -> Partner:
    """From now on these keys count, and those before them no more. NotAllowed: by whoever entered
    them. DataError: what was read out is not theirs.
    """
    with transaction.atomic():
        found = _held(by, partner)
        if found.state == "confirmed" and found.confirmed_by_id == by.user.pk:
            return found
        if found.state != "entered":
            raise confirmed_or_ended()
        if found.entered_by_id == by.user.pk:
            raise NotAllowed(
                "another administrator confirms what you entered",
                "须由另一名管理员核对您登记的密钥",
            )
        if not same_fingerprint(found.keys, fingerprint):
            raise DataError(
                "this is not the fingerprint of the keys that were entered: listen again; if it"
                " differs still, somebody else's keys were entered, so end them",
                "与登记密钥的指纹不符：请再次核对；如仍不符，说明登记的并非对方密钥，请停用",
            )
        before = Partner.objects.select_for_update().filter(
            unit=found.unit_id, code=found.code, state="confirmed"
        )
        for other in before:
            _end(other, by, at)
        found.state, found.confirmed_by, found.confirmed_at = "confirmed", by.user, at
        found.save(update_fields=["state", "confirmed_by", "confirmed_at"])
        _told("partner.confirmed", found, by, at)
    return found


def end(*, partner: int, by: Acting, at: datetime) -> Partner:
    """Nothing goes to these keys any more, and nothing that they signed is read."""
    with transaction.atomic():
        found = _held(by, partner)
        if found.state != "ended":
            _end(found, by, at)
    return found


def _end(found: Partner, by: Acting, at: datetime) -> None:
    found.state, found.ended_by, found.ended_at = "ended", by.user, at
    found.save(update_fields=["state", "ended_by", "ended_at"])
    _told("partner.ended", found, by, at)


def _held(by: Acting, partner: int) -> Partner:
    seen = managed(by).filter(pk=partner).first()
    if seen is None:
        raise no_partner()
    return Partner.objects.select_for_update(of=("self",)).select_related("unit").get(pk=seen.pk)


def _told(act: str, one: Partner, by: Acting, at: datetime) -> None:
    about = {"partner": one.code, "unit": one.unit_id, "keys": str(one.pk)}
    auditing.told(act, by=by.user.username, at=at, about=about)
