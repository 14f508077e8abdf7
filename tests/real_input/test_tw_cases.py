"""The Taiwanese line list: who names whom in free text, as links and rings."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.real_input.program import Home
from tests.real_input.shared_data import published
from tests.real_input.tw_cases import (
    ZONE,
    Row,
    directed,
    read_rows,
    rings,
    write_cases,
    write_links,
)

PROTOCOL = Path(__file__).with_name("any_link.yaml")


class Delivered(NamedTuple):
    home: Home
    rows: list[Row]
    receipts: dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    rows = read_rows(published("tw_readr/covid19_comfirmed_case_taiwan.csv"))
    folder = tmp_path_factory.mktemp("tw")
    home = Home.made(folder / "home", "TW", ZONE)
    write_links(rows, folder / "link.csv")
    write_cases(rows, folder / "case.csv", folder / "case_event.csv")
    tables = ("link", "case", "case_event")
    receipts = {table: home.deliver(folder / f"{table}.csv", table) for table in tables}
    return Delivered(home, rows, receipts)


def is_day(text: str) -> bool:
    """Whether it is a calendar day of our time: the file has one of the year 0221."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return day.isoformat() == text and day.year >= 1900


def chosen(rows: list[Row]) -> list[str]:
    """Cases with the most people around them, with a middling number, and with one."""
    pairs = directed(rows)
    dated = [row.number for row in rows if row.named and is_day(row.confirmed)]
    sizes = {number: sum(map(len, rings(pairs, number))) for number in dated[::7]}
    ordered = sorted(filter(sizes.get, sizes), key=lambda number: (sizes[number], number))
    return [ordered[0], ordered[len(ordered) // 2], ordered[-1]]


def test_what_the_file_holds(delivered: Delivered) -> None:
    pairs = directed(delivered.rows)
    distinct = {pair for pair in pairs if pair[0] != pair[1]}
    assert sum(bool(row.named) for row in delivered.rows) == 1739
    assert len(pairs) == 2556
    assert sum(a == b for a, b in pairs) == 13
    assert len(distinct) == 2541
    assert len({frozenset(pair) for pair in distinct}) == 2436


def test_links_are_stored_once(delivered: Delivered) -> None:
    receipt = delivered.receipts["link"]
    assert receipt["rows_in"] == 2556
    assert receipt["quarantined"] == 13
    assert receipt["created"] == 2436
    assert receipt["unchanged"] == 107
    selves = [n for n, (a, b) in enumerate(directed(delivered.rows), start=2) if a == b]
    assert [reject["row"] for reject in receipt["rejects"]] == selves


def test_two_case_numbers_repeat(delivered: Delivered) -> None:
    counts = Counter(row.number for row in delivered.rows)
    assert {number for number, count in counts.items() if count > 1} == {"15687", "25823"}
    receipt = delivered.receipts["case"]
    assert (receipt["rows_in"], receipt["created"], receipt["unchanged"]) == (27555, 27553, 2)


def test_days_that_are_none_are_quarantined(delivered: Delivered) -> None:
    receipt = delivered.receipts["case_event"]
    wrong = [n for n, row in enumerate(delivered.rows, start=2) if not is_day(row.confirmed)]
    assert receipt["quarantined"] == len(wrong)
    assert [reject["row"] for reject in receipt["rejects"]] == wrong[:100]


def test_rings_agree_with_a_plain_count(delivered: Delivered) -> None:
    pairs = directed(delivered.rows)
    for number in chosen(delivered.rows):
        answer = delivered.home.trace(number, protocol=PROTOCOL, orders=2)
        found: dict[int, set[str]] = {1: set(), 2: set()}
        for contact in answer["contacts"]:
            found[contact["order"]].add(contact["person"].removeprefix("tw-"))
        assert (found[1], found[2]) == rings(pairs, number)
        assert all("known_case" in contact["flags"] for contact in answer["contacts"])
