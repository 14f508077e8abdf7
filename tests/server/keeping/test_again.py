"""What lent access and ended after a backup was taken is ended in what is restored of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.server.cases.examples import case_at
from tests.server.cases.town import DAY, Town
from tests.server.homes import NOON
from tests.server.keeping.served import Served

from ringfence_server.api import actions as api
from ringfence_server.api.models import Token
from ringfence_server.glass import actions as glass
from ringfence_server.glass.models import Opening
from ringfence_server.hand_overs import partners
from ringfence_server.hand_overs.models import Partner
from ringfence_server.outbox import auditing

pytestmark = pytest.mark.django_db(transaction=True)


def test_tokens_keys_and_openings_are_ended_again(kept: Served, town: Town) -> None:
    chief, admin = town.chief, town.staff("keys", "administrator", "0001")
    case, unit = case_at("000101", "000102"), town.unit("0001")
    digest = api.digest_of("rf_one")
    life = {"made_at": NOON, "until": NOON + timedelta(days=300)}
    token = Token.objects.create(
        user=chief.user, name="one", digest=digest, scopes=[], sessions=0, **life
    )
    keys = {"sign_key": b"s" * 32, "seal_key": b"x" * 32}
    entered = {"entered_by": chief.user, "entered_at": NOON}
    city = Partner.objects.create(unit=unit, code="9901", name_zh="邻市", **keys, **entered)
    opening = Opening.objects.create(
        case=case,
        unit=case.owner,
        came_from=unit,
        first=unit,
        purpose="patient",
        reason="asked",
        by=chief.user,
        at=NOON,
        until=NOON + 9999 * DAY,
    )
    kept.backed_up()
    api.revoke(key=token.pk, by=chief, at=NOON)
    partners.end(partner=city.pk, by=admin, at=NOON)
    glass.end_own(opening=opening.pk, by=chief, at=NOON)
    auditing.drain(kept.home)
    again = kept.restored()
    assert {(one["act"], one["about"]) for one in again.told["again"]} == {
        ("token.revoke", str(token.pk)),
        ("partner.ended", "9901"),
        ("glass.ended", case.number),
    }
    assert again.one("SELECT count(*) FROM api_token WHERE revoked_at IS NULL") == 0
    assert again.one("SELECT state FROM hand_overs_partner") == "ended"
    assert again.one("SELECT count(*) FROM glass_opening WHERE until > now()") == 0
