"""Published Taiwanese cases, 2020-22: the free text of whom each had contact with, as links."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

ZONE = "Asia/Taipei"


@dataclass(frozen=True)
class Row:
    """One row of the line list: the case's number and every number in its `contact_with`.

    One row has no number: it is called by its place in the file, so that no person is lost.
    """

    number: str
    confirmed: str
    named: tuple[str, ...]


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            Row(
                number=row["patient_id"] or f"unnumbered-{position}",
                confirmed=row["confirmed_date"],
                named=tuple(re.findall(r"\d+", row["contact_with"])),
            )
            for position, row in enumerate(csv.DictReader(file), start=2)
        ]


def directed(rows: list[Row]) -> list[tuple[str, str]]:
    """Who names whom, each number once for each time that it is named."""
    return [(row.number, named) for row in rows for named in row.named]


def write_links(rows: list[Row], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["subject_a", "subject_b", "relation"])
        writer.writerows([f"tw-{a}", f"tw-{b}", "reported"] for a, b in directed(rows))


def write_cases(rows: list[Row], cases: Path, events: Path) -> None:
    """The line list as `case` and `case_event` (the day of confirmation stands for the report)."""
    with cases.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case", "subject", "disease", "classification", "symptomatic"])
        writer.writerows(
            [row.number, f"tw-{row.number}", "covid-19", "confirmed", "unknown"] for row in rows
        )
    with events.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["case", "kind", "at"])
        writer.writerows([row.number, "report", row.confirmed] for row in rows)


def rings(pairs: list[tuple[str, str]], start: str) -> tuple[set[str], set[str]]:
    """Neighbours of a case, and their neighbours that are neither: breadth first, plainly."""
    neighbours: dict[str, set[str]] = defaultdict(set)
    for a, b in pairs:
        if a != b:
            neighbours[a].add(b)
            neighbours[b].add(a)
    first = set(neighbours[start])
    second = {other for one in first for other in neighbours[one]} - first - {start}
    return first, second
