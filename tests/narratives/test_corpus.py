"""The corpus is as its README says, large enough, and read no worse than before."""

from __future__ import annotations

from collections import Counter

import pytest
from scripts import narratives_reference
from tests.narratives.measuring import Measure, measured
from tests.narratives.told import PARTS, Told, faults_of, told_in

EVERY = {part: told_in(part) for part in PARTS}
LEAST = {"develop": (0.92, 0.94), "measure": (0.86, 0.89)}
"""Precision and recall of events below which a change of the grammar has done harm."""
LEAST_OF_FIELDS = {"date": 0.93, "start": 0.88, "service": 0.93, "seat": 0.80, "place": 0.75}
"""Recall, of both parts together."""


@pytest.fixture(scope="module")
def measures() -> dict[str, Measure]:
    return {part: measured(EVERY[part]) for part in PARTS}


@pytest.mark.parametrize("told", [one for part in PARTS for one in EVERY[part]], ids=lambda t: t.id)
def test_a_narrative_is_told_by_its_table(told: Told) -> None:
    assert list(faults_of(told)) == []


def test_it_is_large_and_apart() -> None:
    names = Counter(one.id for part in PARTS for one in EVERY[part])
    assert [name for name, count in names.items() if count > 1] == []
    assert sum(names.values()) >= 120
    assert len(EVERY["measure"]) * 3 >= sum(names.values()) - 2
    texts = [one.text for part in PARTS for one in EVERY[part]]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("part", PARTS)
def test_no_fewer_events_are_read(measures: dict[str, Measure], part: str) -> None:
    events = measures[part].events
    precision, recall = LEAST[part]
    assert events.precision >= precision
    assert events.recall >= recall


@pytest.mark.parametrize("name", LEAST_OF_FIELDS)
def test_no_fewer_fields_are_read(measures: dict[str, Measure], name: str) -> None:
    right = sum(one.fields[name].right for one in measures.values())
    assert right / sum(one.fields[name].told for one in measures.values()) >= LEAST_OF_FIELDS[name]


def test_the_figures_of_the_page_are_those_of_today() -> None:
    assert narratives_reference.PAGE.read_text(encoding="utf-8") == narratives_reference.page()
