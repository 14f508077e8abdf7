"""An answer becomes a record of the lake; the next trace knows it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.server.cases.town import SECRET, Town
from tests.server.homes import NOON
from tests.server.tasks.loop import client_of
from tests.server.tracing.conftest import key_of

from ringfence.errors import NotAllowed, NotFound, UsageError
from ringfence.lake import Home
from ringfence.sources import import_file
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.outbox.delivering import deliver
from ringfence_server.outbox.models import AuditRow, Delivery
from ringfence_server.tracing import actions
from ringfence_server.tracing.answering import Answered, answer
from ringfence_server.tracing.answers import answer_of
from ringfence_server.tracing.comparing import difference
from ringfence_server.tracing.models import Answer, Contact, Run
from ringfence_server.tracing.running import run_trace

pytestmark = pytest.mark.django_db
_PLACES = "place,kind,name\nO,office,Room 5\n"
_STAYS = (
    "subject,place,start,end\n"
    "p1,O,2022-07-04T09:00:00+08:00,2022-07-04T11:00:00+08:00\n"
    "p4,O,2022-07-04T09:30:00+08:00,2022-07-04T10:30:00+08:00\n"
    "p1,X,2022-07-04T13:00:00+08:00,2022-07-04T14:00:00+08:00\n"
    "p5,X,2022-07-04T13:00:00+08:00,2022-07-04T14:00:00+08:00\n"
)


@pytest.fixture
def analyst(town: Town) -> Acting:
    return town.staff("analyst", "data_analyst", "0001")


@pytest.fixture
def run(home: Home, outbreak: Case, analyst: Acting, tmp_path: Path) -> Run:
    """p4 shared an office of unknown air, p5 a place of unknown kind."""
    for table, text in (("place", _PLACES), ("presence", _STAYS)):
        file = tmp_path / f"more-{table}.csv"
        file.write_text(text, encoding="utf-8")
        import_file(home, file, table=table, now=NOON)
    return traced(home, analyst)


def traced(home: Home, by: Acting) -> Run:
    asked = actions.ask(case=key_of("C1"), by=by, at=NOON)
    assert deliver(home, secret=SECRET, at=NOON).refused == 0
    run_trace(home, asked.pk, now=NOON)
    return Run.objects.get(pk=asked.pk)


def question(run: Run, place: str, fact: str) -> str:
    (found,) = [
        item["id"]
        for item in answer_of(run)["review"]
        if (item["place"], item["fact"]) == (place, fact)
    ]
    return str(found)


def outcomes(run: Run, person: str) -> list[str]:
    return [one.outcome for one in Contact.objects.filter(run=run, person=person)]


@pytest.mark.parametrize(("word", "outcome"), [("poor", "close"), ("good", "general")])
def test_the_next_trace_knows_it(
    home: Home, run: Run, analyst: Acting, word: str, outcome: str
) -> None:
    asked = question(run, "O", "ventilation")
    answer(home=home, run=run.pk, question=asked, word=word, by=analyst, at=NOON)
    later = traced(home, analyst)
    assert outcomes(later, "p4") == [outcome]
    assert asked not in {item["id"] for item in answer_of(later)["review"]}
    (row,) = AuditRow.objects.filter(act="review.answered")
    assert row.about == {"case": "C1", "run": str(run.pk), "question": asked, "word": word}


def test_a_kind_and_then_its_air(home: Home, run: Run, analyst: Acting) -> None:
    """The second answer about a place keeps the first."""
    kind = question(run, "X", "setting")
    answer(home=home, run=run.pk, question=kind, word="office", by=analyst, at=NOON)
    later = traced(home, analyst)
    air = question(later, "X", "ventilation")
    answer(home=home, run=later.pk, question=air, word="poor", by=analyst, at=NOON)
    assert outcomes(traced(home, analyst), "p5") == ["close"]


def test_the_same_answer_twice_has_one_effect(home: Home, run: Run, analyst: Acting) -> None:
    asked = question(run, "O", "ventilation")
    for _ in range(2):
        answer(home=home, run=run.pk, question=asked, word="poor", by=analyst, at=NOON)
    assert Answer.objects.count() == Delivery.objects.count() == 1
    with pytest.raises(Answered):
        answer(home=home, run=run.pk, question=asked, word="good", by=analyst, at=NOON)


def test_what_is_no_answer(home: Home, run: Run, town: Town, analyst: Acting) -> None:
    asked = question(run, "O", "ventilation")
    for word in ("", "POOR", "'; DROP TABLE --", "office"):
        with pytest.raises(UsageError):
            answer(home=home, run=run.pk, question=asked, word=word, by=analyst, at=NOON)
    with pytest.raises(NotFound):
        answer(home=home, run=run.pk, question="q-0000000000", word="poor", by=analyst, at=NOON)
    neighbour = town.staff("next", "data_analyst", "000102")
    with pytest.raises(NotFound):
        answer(home=home, run=run.pk, question=asked, word="poor", by=neighbour, at=NOON)
    doctor = town.staff("doctor", "clinician", "000101")
    with pytest.raises((NotAllowed, NotFound)):
        answer(home=home, run=run.pk, question=asked, word="poor", by=doctor, at=NOON)
    assert Delivery.objects.count() == 0


def test_on_the_page(run: Run, analyst: Acting) -> None:
    client = client_of(analyst)
    at = f"/traces/{run.pk}/"
    shown = client.get(at).content.decode()
    assert "Room 5" in shown
    assert "07-04 09:30–10:30" in shown, "which of several stays there is asked about"
    sent = {"question": question(run, "O", "ventilation"), "word": "poor"}
    assert client.post(f"{at}answers/", sent).status_code == 302
    page = client.get(at).content.decode()
    assert "poorly ventilated" in page
    assert "trace again to see what follows" in page
    assert client.post(f"{at}answers/", sent | {"word": "good"}).status_code == 409
    assert client.post(f"{at}answers/", {}).status_code == 400


def test_the_difference_is_told(home: Home, run: Run, analyst: Acting) -> None:
    assert difference(run) is None
    asked = question(run, "O", "ventilation")
    answer(home=home, run=run.pk, question=asked, word="poor", by=analyst, at=NOON)
    later = traced(home, analyst)
    found = difference(later)
    assert found is not None
    assert (found.before.pk, found.dropped) == (run.pk, ())
    assert "p4" in (*found.new, *found.changed)
    assert "p4" in client_of(analyst).get(f"/traces/{later.pk}/").content.decode()
    again = difference(traced(home, analyst))
    assert again is not None
    assert (again.new, again.dropped, again.changed) == ((), (), ())
