"""Units, accounts and entries for the tests of cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from tests.server.homes import NOON

from ringfence.lake import Home
from ringfence_server.access import Acting, acting_of
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.cases import actions
from ringfence_server.cases.actions import Done, Entry, When
from ringfence_server.cases.models import Case
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox import delivering

SECRET = "a secret of the tests, known to everybody"
DAY = timedelta(days=1)
MIDNIGHT = NOON - timedelta(hours=12)
"""Local midnight of NOON's day."""
WANG = {"name": "王小明", "id_number": "000101199001011012", "phone": "13800138000"}
_tokens = count(1)

UNITS = (
    ("CN", "country", None),
    ("00", "province", "CN"),
    ("0001", "city", "00"),
    ("000101", "district", "0001"),
    ("000101001", "street", "000101"),
    ("000101001001", "community", "000101001"),
    ("000101001001001", "grid", "000101001001"),
    ("000102", "district", "0001"),
)


@dataclass(frozen=True)
class Town:
    units: Mapping[str, Unit]

    def unit(self, code: str) -> Unit:
        return self.units[code]

    def staff(self, name: str, role: str, unit: str, at: datetime = NOON) -> Acting:
        """An account with a role at a unit, made when first asked for."""
        user, _ = User.objects.get_or_create(
            username=name,
            defaults={
                "name": name,
                "unit": self.units[unit],
                "created_at": NOON,
                "first_password": False,
                "language": "en",
            },
        )
        Appointment.objects.get_or_create(
            user=user, role=role, unit=self.units[unit], defaults={"since": NOON - DAY}
        )
        return acting_of(user, at)

    @property
    def chief(self) -> Acting:
        return self.staff("chief", "supervisor", "0001")

    @property
    def doctor(self) -> Acting:
        return self.staff("doctor", "clinician", "000101")

    @property
    def detective(self) -> Acting:
        return self.staff("detective", "investigator", "000101")

    @property
    def neighbour(self) -> Acting:
        return self.staff("neighbour", "supervisor", "000102")


def settled() -> Town:
    made: dict[str, Unit] = {}
    for code, level, above in UNITS:
        parent = made.get(above or "")
        line = {} if parent is None else {n: v for n, v in parent.line.items() if v}
        if level != "country":
            line[level] = code
        made[code] = Unit.objects.create(
            code=code,
            level=level,
            parent=parent,
            name_zh=f"单位{code}",
            name_en=f"Unit {code}",
            **line,
        )
    return Town(made)


def token() -> str:
    return f"form-{next(_tokens)}"


def day(number: int) -> When:
    """A day of July 2022."""
    return When(MIDNIGHT + (number - 7) * DAY, "day")


def entry(town: Town, **given: Any) -> Entry:
    told: dict[str, Any] = {
        "disease": "covid-19",
        "unit": town.unit("000101"),
        "classification": "suspected",
        "symptomatic": True,
        "times": {"onset": day(5), "reported": day(6)},
        "person": WANG,
    }
    return Entry(**{**told, **given})


def enter(home: Home, town: Town, by: Acting | None = None, **given: Any) -> Case:
    done = entered(home, entry(town, **given), by or town.chief)
    return Case.objects.get(number=done.number)


def entered(home: Home, what: Entry, by: Acting, form: str | None = None) -> Done:
    return actions.enter(home=home, entry=what, token=form or token(), by=by, at=NOON)


def deliver(home: Home) -> None:
    done = delivering.deliver(home, secret=SECRET, at=NOON)
    assert done.refused == 0
