"""What an account may do follows from its open appointments, at this moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ringfence_server.access import acting_of
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.jurisdictions.models import Unit

NOON = datetime(2022, 7, 7, 4, tzinfo=UTC)


@pytest.fixture
def units() -> dict[str, Unit]:
    made: dict[str, Unit] = {}
    for code, level, above in (
        ("CN", "country", None),
        ("00", "province", "CN"),
        ("0001", "city", "00"),
        ("000101", "district", "0001"),
        ("000102", "district", "0001"),
    ):
        parent = made.get(above or "")
        line = {} if parent is None else parent.line
        if level != "country":
            line |= {level: code}
        made[code] = Unit.objects.create(
            code=code, level=level, parent=parent, name_zh=code, **line
        )
    return made


@pytest.fixture
def user(units: dict[str, Unit]) -> User:
    return User.objects.create(
        username="zhang.wei", name="张伟", unit=units["0001"], created_at=NOON
    )


@pytest.mark.django_db
def test_a_right_holds_at_its_unit_and_below(user: User, units: dict[str, Unit]) -> None:
    Appointment.objects.create(user=user, role="supervisor", unit=units["000101"], since=NOON)
    acting = acting_of(user, NOON)
    assert acting.may("case.read", units["000101"])
    assert not acting.may("case.read", units["000102"])
    assert not acting.may("case.read", units["0001"])
    assert not acting.may("audit.read")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("since", "until", "holds"),
    [
        (timedelta(0), None, True),
        (timedelta(seconds=1), None, False),
        (-timedelta(days=1), timedelta(0), False),
        (-timedelta(days=1), timedelta(seconds=1), True),
    ],
    ids=["from now", "not yet", "ended now", "ends later"],
)
def test_an_appointment_holds_from_its_beginning_to_before_its_end(
    user: User,
    units: dict[str, Unit],
    since: timedelta,
    until: timedelta | None,
    holds: bool,
) -> None:
    end = None if until is None else NOON + until
    Appointment.objects.create(
        user=user, role="auditor", unit=units["CN"], since=NOON + since, until=end
    )
    assert acting_of(user, NOON).may("audit.read") is holds


@pytest.mark.django_db
def test_a_role_that_the_file_no_longer_has_gives_nothing(
    user: User, units: dict[str, Unit]
) -> None:
    Appointment.objects.create(user=user, role="emperor", unit=units["CN"], since=NOON)
    assert acting_of(user, NOON).rights == frozenset()
