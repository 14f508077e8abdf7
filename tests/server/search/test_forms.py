"""What is typed, and who or what it finds: the tables of the reference page."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.server.homes import NOON
from tests.server.search.tables import tables, typed

from ringfence.lake import Home
from ringfence_server.access import Acting, acting_of
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.cases.models import Case
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.search import units
from ringfence_server.search.people import find
from ringfence_server.search.typed import read
from ringfence_server.tasks.models import FollowUp

_PEOPLE = ("Numbers of documents", "Telephones", "Names")


def _found(home: Home, text: str, by: Acting) -> list[str]:
    hits = find(home, read(text, home, NOON).forms, by=by, at=NOON)
    cases = {one.pk: one.subject for one in Case.objects.all()}
    contacts = {one.pk: one.person for one in FollowUp.objects.all()}
    return [
        (cases if hit.kind == "case" else contacts)[hit.key].removeprefix("p")
        for hit in hits.people
    ]


@pytest.mark.parametrize("section", _PEOPLE)
def test_people_are_found_however_they_are_written(
    home: Home, people: Mapping[str, str], detective: Acting, section: str
) -> None:
    wrong = []
    for text, expected in typed(section):
        found = _found(home, text, detective)
        if found[:1] != expected[:1] or sorted(found) != sorted(expected):
            wrong.append(f"{text!r} finds {found}, not {expected}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_units_are_found_however_they_are_written() -> None:
    made: dict[str, Unit] = {}
    line: dict[str, str] = {}
    top = Unit.objects.create(code="CN", level="country", name_zh="中国")
    for code, level, name, english in tables("Units")["Units"]:
        line = {one: two.code for one, two in made.items() if code.startswith(two.code)}
        parent = made[max(line, key=lambda one: len(line[one]))] if line else top
        made[level] = Unit.objects.create(
            code=code,
            level=level,
            name_zh=name,
            name_en=english,
            parent=parent,
            **{**line, level: code},
        )
    units.read_anew()
    somebody = User.objects.create(username="x", name="x", unit=top, created_at=NOON)
    Appointment.objects.create(user=somebody, role="supervisor", unit=made["city"], since=NOON)
    by = acting_of(somebody, NOON)
    for text, expected in typed("Units"):
        assert [one.code for one in units.found(by, text)] == expected, text
    assert units.found(by, "中国") == [], "what lies above is not one's own"
