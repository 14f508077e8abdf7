"""Exact links on records that others made for tests of linkage, with errors as clerks make them.

FEBRL, dataset 1: 500 persons and a duplicate of each; the truth is the number in `rec_id`. Numbers
of social security have no check character, so names must agree; two dates of birth are left to
people. 450 duplicates keep their number: 364 are linked, 86 left to people.
"""

from __future__ import annotations

import csv
from itertools import combinations
from pathlib import Path

from tests.real_input.shared_data import published
from tests.unit.identity.homes import BY, at, people, told

from ringfence.identity.linking import link
from ringfence.lake import Home

_SURE = 0.99


def _records(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, skipinitialspace=True)
        return {row["rec_id"].strip(): _statement(row) for row in rows}


def _statement(row: dict[str, str]) -> dict[str, str]:
    name = f"{row['given_name']} {row['surname']}".strip().title()
    born = row["date_of_birth"].strip()
    fields = {
        "name": name,
        "birth_date": f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else "",
        "id_kind": "other",
        "id_number": row["soc_sec_id"].strip(),
    }
    return {field: value for field, value in fields.items() if value}


def _pairs(groups: list[tuple[str, ...]]) -> set[frozenset[str]]:
    return {frozenset(pair) for group in groups for pair in combinations(group, 2)}


def test_links_of_real_records_are_right(home: Home) -> None:
    records = _records(published("linkage/dataset1.csv"))
    told(home, "register", records)
    done = link(home, by=BY, now=at(10))
    of_person: dict[str, list[str]] = {}
    for record in records:
        of_person.setdefault(record.split("-")[1], []).append(record)
    truth = _pairs([tuple(of) for of in of_person.values()])
    found = _pairs(list(people(home).values()))
    doubted = _pairs([conflict.subjects for conflict in done.conflicts])
    right = len(found & truth)
    assert right / len(found) >= _SURE
    assert len(truth) == 500
    assert (right, len(doubted & truth)) == (364, 86)
    assert found.isdisjoint(doubted)
