"""Many cases by a canonical file: every row is entered, is there already, or is refused."""

from __future__ import annotations

import pytest
from tests.server.cases.town import Town, deliver, token
from tests.server.homes import NOON

from ringfence.engines.sql import SqlEngine
from ringfence.errors import DataError, NotAllowed, UserError
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.trace.case_files import known_cases
from ringfence_server.access import Acting
from ringfence_server.cases import actions
from ringfence_server.cases.actions import Filed
from ringfence_server.cases.filing import MOST_BYTES
from ringfence_server.cases.models import Case
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db
HEAD = "case,subject,disease,classification,symptomatic,jurisdiction\n"
FILE = (
    f"{HEAD}A1,p1,covid-19,suspected,yes,\n"
    "A2,p2,covid-19,confirmed,no,000101\n"
    "A3,p1,covid-19,suspected,yes,\n"
    "A4,p4,covid-19,suspected,yes,000199\n"
    "A5,000101199001011012,covid-19,suspected,yes,\n"
    "A6,p6,no-such-disease,suspected,yes,\n"
    "=A7,p7,covid-19,suspected,yes,\n"
)


def file(
    home: Home, town: Town, text: str | bytes = FILE, by: Acting | None = None, form: str = ""
) -> Filed:
    return actions.enter_file(
        home=home,
        content=text if isinstance(text, bytes) else text.encode(),
        unit=town.unit("000101"),
        token=form or token(),
        by=by or town.chief,
        at=NOON,
    )


def test_every_row_is_told_of(home: Home, town: Town) -> None:
    filed = file(home, town)
    assert (filed.rows_in, filed.entered, filed.existing) == (7, 2, 1)
    assert [(one.row, one.field) for one in filed.refused] == [
        (5, "jurisdiction"),
        (6, "subject"),
        (7, "disease"),
        (8, "case"),
    ]
    assert filed.rows_in == filed.entered + filed.existing + len(filed.refused)
    states = {case.number: case.state for case in Case.objects.all()}
    assert states == {"A1": "entered", "A2": "entered"}
    deliver(home)
    known = known_cases(SqlEngine(snapshot(home, NOON)))
    assert {one: known[one].jurisdiction for one in known} == {"A1": "000101", "A2": "000101"}
    assert AuditRow.objects.get(act="case.file").about["entered"] == "2"


def test_again(home: Home, town: Town) -> None:
    form = token()
    first = file(home, town, form=form)
    assert file(home, town, form=form) == first
    later = file(home, town)
    assert (later.entered, later.existing) == (0, 3)


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"PK\x03\x04 a workbook",
        b"name,phone\nx,1\n",
        b"",
        HEAD.replace("disease,", "").encode(),
        b"%PDF-1.7",
        b"x" * (MOST_BYTES + 1),
    ],
    ids=["picture", "archive", "another table", "empty", "a column too few", "pdf", "too long"],
)
def test_what_is_no_such_file(home: Home, town: Town, content: bytes) -> None:
    with pytest.raises(UserError):
        file(home, town, content)
    assert Case.objects.count() == 0


def test_too_many_rows(home: Home, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ringfence_server.cases.filing.MOST_ROWS", 1)
    with pytest.raises(DataError):
        file(home, town, f"{HEAD}A1,p1,covid-19,suspected,yes,\nA2,p2,covid-19,suspected,no,\n")


def test_who_may_not(home: Home, town: Town) -> None:
    with pytest.raises(NotAllowed):
        file(home, town, by=town.neighbour)
