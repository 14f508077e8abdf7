"""Narratives of a city's people as lines of JSON, each with the events that it tells."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ringfence_city.answers.city_folder import CityFolder
from ringfence_city.telling import chinese, english
from ringfence_city.telling.lived import people

TELLERS = {"zh": chinese.told, "en": english.told}


@dataclass(frozen=True)
class Told:
    """`reference`: the day on which it was written. `events`: cells by column, with their span."""

    id: str
    text: str
    reference: date
    events: tuple[dict[str, Any], ...]

    def as_json(self) -> str:
        told = {
            "id": self.id,
            "text": self.text,
            "reference": self.reference.isoformat(),
            "events": list(self.events),
        }
        return json.dumps(told, ensure_ascii=False)


def narratives(city: CityFolder, language: str, *, count: int, seed: int) -> Iterator[Told]:
    """Of as many people, in the order of their numbers."""
    written = city.first_day + timedelta(days=city.days + 1)
    for person in people(city, count):
        text = TELLERS[language](person, seed)
        if text.events:
            name = f"{language}-{person.subject}"
            yield Told(name, text.words, written, tuple(text.events))
