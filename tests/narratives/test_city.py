"""What a city's people tell: the same for the same seed, true to its words, and read."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from tests.narratives.city import COUNT, DAYS, PEOPLE, told_by_a_city
from tests.narratives.measuring import measured
from tests.narratives.told import COLUMNS, WORDS, Told

from ringfence.cli.main import main

LEAST = 0.98
"""Of events; what is told there is told in usual words."""


@pytest.fixture(scope="module", params=["zh", "en"])
def told(request: pytest.FixtureRequest) -> list[Told]:
    return told_by_a_city(request.param)


def test_they_are_many_and_hardly_alike(told: list[Told]) -> None:
    assert len(told) == COUNT <= PEOPLE
    assert len({one.text for one in told}) == len(told)
    assert {event["kind"] for one in told for event in one.events} == {
        "ride",
        "stay",
        "test",
        "onset",
    }


def test_each_event_has_its_words_and_its_day(told: list[Told]) -> None:
    for one in told:
        assert one.reference is not None
        first = one.reference - timedelta(days=DAYS + 1)
        for event, (start, end) in zip(one.events, one.spans, strict=True):
            assert set(event) <= set(COLUMNS)
            assert first.isoformat() <= event["date"] < one.reference.isoformat()
            words = one.text[start:end]
            assert words.strip()
            for name in ("place", "from", "to", "seat"):
                assert event.get(name, "").lower() in words.lower()


def test_its_words_are_those_of_narratives(told: list[Told]) -> None:
    for one in told:
        for event in one.events:
            for name in set(event) & set(WORDS):
                assert event[name] in WORDS[name].split()


def test_it_is_read(told: list[Told]) -> None:
    events = measured(told).events
    assert min(events.precision, events.recall) >= LEAST


@pytest.fixture
def tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    made = ["city", "make", str(tmp_path / "city"), "--people", "60", "--days", "3"]
    assert main(made) == 0

    def command(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        assert main(["city", "tell", str(tmp_path / "city"), *words, "--lang", "en"]) == code
        said = capsys.readouterr()
        return said.err if code else said.out

    return command


def test_the_same_seed_tells_the_same(tell: Callable[..., str]) -> None:
    first = tell("--count", "5", "--seed", "7")
    assert first == tell("--count", "5", "--seed", "7")
    assert first != tell("--count", "5", "--seed", "8")
    lines = [json.loads(line) for line in first.splitlines()]
    assert len(lines) == 5
    assert set(lines[0]) == {"id", "text", "reference", "events"}
    assert "zh or en" in tell("--in", "fr", code=2)


def test_only_of_a_city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["city", "tell", str(tmp_path), "--lang", "en"]) == 11
    assert "city" in capsys.readouterr().err
