"""Keys of another city count when two administrators have had a part in it."""

from __future__ import annotations

import pytest
from tests.server.cases.town import Town
from tests.server.hand_overs.elsewhere import City, keys_of, known
from tests.server.homes import NOON

from ringfence.errors import DataError, NotAllowed, NotFound, UsageError, UserError
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.hand_overs import actions
from ringfence_server.hand_overs.models import Partner
from ringfence_server.hand_overs.partners import in_use
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db
KEYS = keys_of(11).public


def entered(home: Home, town: Town, by: Acting, **given: str) -> Partner:
    told = {"code": "4403", "name_zh": "深圳市", "name_en": "", "line": KEYS.line, **given}
    return actions.enter(home=home, unit=town.unit("0001"), by=by, at=NOON, **told)


def test_two_people_and_the_right_fingerprint(home: Home, town: Town) -> None:
    first, second = (town.staff(f"a{n}", "administrator", "0001") for n in (1, 2))
    one = entered(home, town, first)
    assert entered(home, town, first) == one
    assert not in_use(town.unit("000101"))
    with pytest.raises(NotAllowed, match="another administrator"):
        actions.confirm(partner=one.pk, fingerprint=KEYS.fingerprint, by=first, at=NOON)
    with pytest.raises(DataError, match="fingerprint"):
        heard = keys_of(12).public.fingerprint
        actions.confirm(partner=one.pk, fingerprint=heard, by=second, at=NOON)
    assert not in_use(town.unit("000101"))
    for _ in range(2):
        actions.confirm(partner=one.pk, fingerprint=KEYS.fingerprint, by=second, at=NOON)
    assert list(in_use(town.unit("000101"))) == [one]
    assert AuditRow.objects.filter(act="partner.confirmed").count() == 1
    actions.end(partner=one.pk, by=first, at=NOON)
    assert not in_use(town.unit("000101"))
    with pytest.raises(DataError, match="already"):
        actions.confirm(partner=one.pk, fingerprint=KEYS.fingerprint, by=second, at=NOON)


def test_new_keys_end_those_before(home: Home, town: Town, city: City) -> None:
    other = known(home, town, seed=31)
    assert Partner.objects.get(pk=city.partner.pk).state == "ended"
    assert list(in_use(town.unit("000101"))) == [other.partner]


@pytest.mark.parametrize(
    "given",
    [
        {"line": "ringfence-hand-over-1:ab:cd"},
        {"code": ""},
        {"code": "=1+1"},
        {"code": "0001"},
        {"code": "4403\0"},
        {"name_zh": " "},
        {"name_zh": "13800138000"},
        {"name_en": "a\0b"},
    ],
    ids=str,
)
def test_what_cannot_be_entered(home: Home, town: Town, given: dict[str, str]) -> None:
    with pytest.raises(UserError):
        entered(home, town, town.staff("a1", "administrator", "0001"), **given)
    assert not Partner.objects.exists()


def test_only_within_reach(home: Home, town: Town, city: City) -> None:
    far = town.staff("far", "administrator", "000102")
    with pytest.raises(NotAllowed):
        entered(home, town, far)
    with pytest.raises(NotFound):
        actions.end(partner=city.partner.pk, by=far, at=NOON)
    with pytest.raises(UsageError):
        actions.enter(
            home=home,
            unit=town.unit("CN"),
            code="4403",
            name_zh="深圳市",
            name_en="",
            line=KEYS.line,
            by=town.staff("top", "administrator", "CN"),
            at=NOON,
        )
