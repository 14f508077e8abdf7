"""People of one district, some cases, some contacts, whose identity the vault knows."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from tests.server.cases.conftest import home, town
from tests.server.cases.town import Town
from tests.server.homes import NOON
from tests.server.search.tables import tables

from ringfence.lake import Home
from ringfence.sources import import_file
from ringfence_server.access import Acting
from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Assignment, Case
from ringfence_server.tasks.models import FollowUp, Link

__all__ = ["home", "town"]
HERE, ELSEWHERE = "000101001001", "000102"


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Second factors are tried elsewhere."""
    monkeypatch.setattr(Acting, "needs_second_factor", False)


@pytest.fixture
def detective(town: Town) -> Acting:
    return town.staff("detective", "investigator", "000101")


@pytest.fixture
def people(home: Home, town: Town, detective: Acting, tmp_path: Path) -> Mapping[str, str]:
    """Of the page's table. The first is a case, the others its contacts; subject by number."""
    rows = tables("The people")["People"]
    known(home, tmp_path, [(f"p{who}", *told) for who, *told in rows])
    case = case_of("p1", town, HERE, assigned=detective)
    for who, *_ in rows[1:]:
        contact_of(f"p{who}", town, HERE, case)
    return {who: f"p{who}" for who, *_ in rows}


def known(home: Home, folder: Path, people: Sequence[Sequence[str]]) -> None:
    """Subject, name, kind of document, number, telephone of each: into the vault."""
    file = folder / f"who-{len(list(folder.iterdir()))}.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["subject", "name", "id_kind", "id_number", "phone"])
        writer.writerows(people)
    receipt = import_file(home, file, table="subject", now=NOON)
    assert receipt.quarantined == 0


def case_of(
    subject: str, town: Town, unit: str, *, assigned: Acting | None = None, number: str = ""
) -> Case:
    made = Case.objects.create(
        number=number or f"C-{subject}",
        disease="covid-19",
        subject=subject,
        unit=town.unit(unit),
        owner=town.unit(unit),
        classification="confirmed",
        state="traceable",
        listed_at=NOON,
        at=NOON,
    )
    if assigned is not None:
        chief: User = town.chief.user
        Assignment.objects.create(case=made, account=assigned.user, since=NOON, by=chief)
    return made


def contact_of(subject: str, town: Town, unit: str, case: Case) -> FollowUp:
    made = FollowUp.objects.create(
        person=subject, subjects=[subject], disease=case.disease, unit=town.unit(unit), since=NOON
    )
    Link.objects.create(follow_up=made, case=case, outcome="close", since=NOON)
    return made
