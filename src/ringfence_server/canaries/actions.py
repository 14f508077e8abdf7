"""Planting a canary, ending it, and the alert that it raises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db import IntegrityError, transaction

from ringfence.errors import DataError, NotAllowed, NotFound, Text, UsageError
from ringfence.lake import Home
from ringfence.sources.normalise import Setting, normalise
from ringfence_server.access import Acting
from ringfence_server.canaries.digests import digests_of
from ringfence_server.canaries.models import KINDS, Alert, Canary, CanaryForm
from ringfence_server.canaries.queries import PLANT, SEALED_AS, alerts
from ringfence_server.cases.models import Case
from ringfence_server.deployment.here import deployment
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox import auditing
from ringfence_server.outbox.sealing import seal

FIELDS: Mapping[str, Text] = {
    "name": Text("Name", "姓名"),
    "id_number": Text("Number of the document", "证件号码"),
    "phone": Text("Telephone", "电话"),
}
_EARLIER = timedelta(days=1)
_MOST_A_DAY = 900


def plant(
    *, home: Home, kind: str, unit: Unit, fields: Mapping[str, str], by: Acting, at: datetime
) -> Canary:
    """`fields`: as typed. DataError: what no source could deliver of a person either."""
    if not by.may(PLANT, unit):
        raise NotAllowed("you may not plant one in this unit", "您没有在该辖区设置的权限")
    if kind not in KINDS:
        raise UsageError("a canary is a case or a contact", "诱饵记录只能为病例或接触者")
    told = _normal(home, fields, at)
    with transaction.atomic():
        made = _made(home, Canary(kind=kind, unit=unit, by=by.user, at=at), told)
        digests = digests_of(deployment().secret, told)
        CanaryForm.objects.bulk_create([CanaryForm(canary=made, digest=one) for one in digests])
        about = {"canary": str(made.pk), "unit": unit.code, "as": kind}
        auditing.told("canary.planted", by=by.user.username, at=at, about=about)
    return made


def end(*, key: int, by: Acting, at: datetime) -> None:
    """From now on nobody comes upon it. Its alerts stay."""
    with transaction.atomic():
        found = Canary.objects.select_for_update(of=("self",)).filter(pk=key, ended_at=None).first()
        if found is None or not by.may(PLANT, found.unit):
            raise NotFound("there is no such canary", "没有此诱饵记录")
        found.forms.all().delete()
        found.ended_at = at
        found.save(update_fields=["ended_at"])
        about = {"canary": str(found.pk), "unit": found.unit_id}
        auditing.told("canary.ended", by=by.user.username, at=at, about=about)


def alarm(canaries: Iterable[Canary], way: str, *, by: Acting, at: datetime) -> None:
    """Within the transaction of the look: whoever is shown anything has raised it."""
    for one in canaries:
        made = Alert.objects.create(canary=one, way=way, account=by.user, at=at)
        about = {"canary": str(one.pk), "alert": str(made.pk), "way": way}
        auditing.told("canary.alert", by=by.user.username, at=at, about=about)


def look_at(*, key: int, by: Acting, at: datetime) -> None:
    """The auditor has seen to an alert."""
    with transaction.atomic():
        reached = alerts(by).filter(pk=key, seen_at__isnull=True).values_list("pk", flat=True)
        if not Alert.objects.filter(pk__in=list(reached), seen_at__isnull=True).update(
            seen_by=by.user, seen_at=at
        ):
            raise NotFound("there is no such alert that waits", "没有此待处理的警报")
        auditing.told("canary.seen", by=by.user.username, at=at, about={"alert": str(key)})


def _made(home: Home, one: Canary, told: Mapping[str, str]) -> Canary:
    """With a number as one entered the day before would have: new cases get those of their day."""
    day = (one.at - _EARLIER).astimezone(ZoneInfo(home.zone))
    for number in range(1, _MOST_A_DAY):
        one.number = f"{one.unit_id}-{day:%Y%m%d}-{number:03d}"
        if Case.objects.filter(number=one.number).exists():
            continue
        one.sealed = seal(deployment().secret, SEALED_AS, one.number, dict(told))
        try:
            with transaction.atomic():
                one.save()
        except IntegrityError:
            one.pk = None
            continue
        return one
    raise DataError("this unit has too many cases of one day", "该单位当日编号已用尽")


def _normal(home: Home, fields: Mapping[str, str], at: datetime) -> dict[str, str]:
    setting = Setting(ZoneInfo(home.zone), at, home.synthetic)
    told: dict[str, str] = {}
    for name, label in FIELDS.items():
        if not (value := fields.get(name, "").strip()):
            continue
        read = normalise(name, pa.array([value], pa.string()), setting)
        if read.faults:
            reason = read.faults[0]
            raise DataError(f"{label.en}: {reason.en}", f"{label.zh}：{reason.zh}")
        if normal := read.values[0].as_py():
            told[name] = normal
    if "name" not in told:
        raise UsageError("a canary needs a name", "诱饵记录须有姓名")
    return told
