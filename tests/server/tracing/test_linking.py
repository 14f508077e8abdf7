"""A person whom other channels know by another subject number is one person in the trace."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.server.cases.town import SECRET, WANG, Town, day, enter
from tests.server.homes import NOON, told_of

from ringfence.lake import Home
from ringfence.sources import import_file
from ringfence_server.cases.models import Case
from ringfence_server.outbox.delivering import deliver
from ringfence_server.tracing import actions
from ringfence_server.tracing.answers import answer_of
from ringfence_server.tracing.models import Contact, Run
from ringfence_server.tracing.running import run_trace

pytestmark = pytest.mark.django_db
_PLACES = "place,kind,name\nK,ktv,Blue Karaoke\n"
_STAYS = (
    "subject,place,start,end\n"
    "lab-77,K,2022-07-04T20:00:00+08:00,2022-07-04T22:00:00+08:00\n"
    "p2,K,2022-07-04T21:00:00+08:00,2022-07-04T23:00:00+08:00\n"
)


def told(home: Home, folder: Path, table: str, text: str) -> None:
    file = folder / f"{table}.csv"
    file.write_text(text, encoding="utf-8")
    import_file(home, file, table=table, now=NOON)


def entered(home: Home, town: Town) -> Case:
    times = {"onset": day(5), "sampled": day(5), "reported": day(6)}
    case = enter(home, town, classification="confirmed", positive=True, times=times)
    deliver(home, secret=SECRET, at=NOON)
    return case


def traced(home: Home, town: Town, case: Case) -> Run:
    run = actions.ask(case=case.pk, by=town.chief, at=NOON)
    run_trace(home, run.pk, now=NOON)
    return Run.objects.get(pk=run.pk)


def test_what_others_told_of_the_person_is_in_the_first_trace(
    home: Home, town: Town, tmp_path: Path
) -> None:
    told(home, tmp_path, "place", _PLACES)
    told(home, tmp_path, "presence", _STAYS)
    number = WANG["id_number"]
    told(home, tmp_path, "subject", f"subject,id_kind,id_number\nlab-77,resident,{number}\n")
    case = entered(home, town)
    run = traced(home, town, case)
    assert run.state == "done"
    assert [one.person for one in Contact.objects.filter(run=run)] == ["p2"]
    (linked, *_) = told_of(home, "identity.link")
    assert linked.by == "chief"


def test_whom_something_speaks_against_is_told(home: Home, town: Town, tmp_path: Path) -> None:
    told(home, tmp_path, "place", _PLACES)
    told(home, tmp_path, "presence", _STAYS)
    number = WANG["id_number"]
    text = f"subject,id_kind,id_number,name\nlab-77,resident,{number},李大成\n"
    told(home, tmp_path, "subject", text)
    run = traced(home, town, entered(home, town))
    assert Contact.objects.filter(run=run).count() == 0
    assert any("something speaks against" in en for en, _ in answer_of(run)["warnings"])
