"""Narratives of a synthetic city's people, with the events that they tell."""

from __future__ import annotations

from contextlib import redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.narratives.told import Told

from ringfence.cli.main import main
from ringfence_city.answers.city_folder import open_city
from ringfence_city.telling.writing import narratives

PEOPLE = 600
DAYS = 6
COUNT = 200


@cache
def _folder() -> TemporaryDirectory[str]:
    folder = TemporaryDirectory()
    made = ["city", "make", f"{folder.name}/city", "--people", str(PEOPLE), "--days", str(DAYS)]
    with redirect_stdout(StringIO()):
        assert main([*made, "--lang", "en"]) == 0
    return folder


def told_by_a_city(language: str, count: int = COUNT) -> list[Told]:
    city = open_city(Path(_folder().name, "city"))
    return [
        Told(
            one.id,
            "",
            one.reference,
            one.text,
            tuple(
                {name: str(cell) for name, cell in event.items() if name != "span"}
                for event in one.events
            ),
            (),
            tuple((event["span"][0], event["span"][1]) for event in one.events),
        )
        for one in narratives(city, language, count=count, seed=1)
    ]
