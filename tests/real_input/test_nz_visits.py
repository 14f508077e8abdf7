"""Published visits of cases in New Zealand: dirty dates in, shared places and times out."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
from tests.real_input.nz_visits import ZONE, Visit, overlapping, read_visits, write_presence
from tests.real_input.program import Home
from tests.real_input.shared_data import published

from ringfence.engines.question import Focus, Question
from ringfence.engines.sql import SqlEngine
from ringfence.lake import open_home, snapshot
from ringfence.protocols.reading import read_file

PROTOCOL = Path(__file__).with_name("any_shared_minute.yaml")


class Delivered(NamedTuple):
    home: Home
    visits: list[Visit]
    receipt: dict[str, Any]


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    visits = read_visits(published("nz_loi/locations_of_interest_merged.csv"))
    folder = tmp_path_factory.mktemp("nz")
    home = Home.made(folder / "home", "NZ", ZONE)
    write_presence(visits, folder / "presence.csv")
    receipt = home.deliver(folder / "presence.csv", "presence")
    write_cases(visits, folder)
    home.deliver(folder / "case.csv", "case")
    home.deliver(folder / "case_event.csv", "case_event")
    return Delivered(home, visits, receipt)


def write_cases(visits: list[Visit], folder: Path) -> None:
    """Every visit as a case of its own, whose window starts on the day of the visit."""
    with (folder / "case.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case", "subject", "disease", "classification", "symptomatic"])
        writer.writerows(
            [f"case-{v.subject}", v.subject, "covid-19", "confirmed", "true"] for v in visits
        )
    with (folder / "case_event.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case", "kind", "at"])
        writer.writerows([f"case-{v.subject}", "onset", local_day(v.start)] for v in visits)


def local_day(instant: datetime) -> date:
    return instant.astimezone(ZoneInfo(ZONE)).date()


def exposed(visits: list[Visit], subject: str) -> dict[str, float]:
    """Who was there at the same time, and for how many minutes: counted plainly."""
    found = {}
    for one, other in overlapping(visits):
        if subject in (one.subject, other.subject):
            shared = min(one.end, other.end) - max(one.start, other.start)
            whom = other.subject if subject == one.subject else one.subject
            found[whom] = shared / timedelta(minutes=1)
    return found


def chosen(visits: list[Visit]) -> list[Visit]:
    """The visits with the most company, the longest, and some spread over the file."""
    company = Counter(v.subject for pair in overlapping(visits) for v in pair)
    accepted = [visit for visit in visits if visit.start < visit.end]
    busiest = sorted(accepted, key=lambda v: (-company[v.subject], v.subject))[:3]
    longest = sorted(accepted, key=lambda v: v.start - v.end)[:2]
    return [*busiest, *longest, *accepted[:: len(accepted) // 3]]


def test_every_usable_visit_is_accounted_for(delivered: Delivered) -> None:
    receipt = delivered.receipt
    assert receipt["rows_in"] == 3821
    assert receipt["created"] == 3820
    assert receipt["quarantined"] == 1


def test_the_rejected_visit_is_the_one_that_ends_before_it_starts(delivered: Delivered) -> None:
    (row,) = [n for n, v in enumerate(delivered.visits, start=2) if v.end <= v.start]
    (reject,) = delivered.receipt["rejects"]
    assert reject["row"] == row
    assert reject["field"] == "end"


def test_a_plain_count_finds_496_pairs(delivered: Delivered) -> None:
    assert len(list(overlapping(delivered.visits))) == 496


def test_the_engine_finds_the_same_pairs(delivered: Delivered) -> None:
    """Every visit asks at once who else was there."""
    visits = [visit for visit in delivered.visits if visit.start < visit.end]
    focuses = tuple(
        Focus(number, v.subject, int(v.start.timestamp()), int(v.end.timestamp()), True)
        for number, v in enumerate(visits)
    )
    taken = snapshot(open_home(delivered.home.root), datetime.now(UTC))
    question = Question(read_file(PROTOCOL).protocol, 1, focuses)
    answer = SqlEngine(taken).ask(question).to_pylist()
    pairs = {frozenset((visits[row["focus"]].subject, row["other"])) for row in answer}
    plain = {frozenset((a.subject, b.subject)) for a, b in overlapping(visits)}
    assert pairs == plain
    assert len(pairs) == 496


def test_the_trace_of_chosen_visits_agrees_with_a_plain_count(delivered: Delivered) -> None:
    for visit in chosen(delivered.visits):
        answer = delivered.home.trace(f"case-{visit.subject}", protocol=PROTOCOL, orders=1)
        found = {contact["person"]: contact["minutes"] for contact in answer["contacts"]}
        assert found == pytest.approx(exposed(delivered.visits, visit.subject))


def test_evidence_names_the_rows_of_the_file(delivered: Delivered) -> None:
    visit = chosen(delivered.visits)[0]
    lines = {v.subject: number for number, v in enumerate(delivered.visits, start=2)}
    answer = delivered.home.trace(f"case-{visit.subject}", protocol=PROTOCOL, orders=1)
    for contact in answer["contacts"]:
        (evidence,) = contact["evidence"]
        rows = {(row["of"], row["row"], row["batch"]) for row in evidence["rows"]}
        batch = delivered.receipt["batch"]
        assert rows == {
            ("case", lines[visit.subject], batch),
            ("contact", lines[contact["person"]], batch),
        }
        assert datetime.fromisoformat(evidence["start"]).astimezone(UTC) >= visit.start
