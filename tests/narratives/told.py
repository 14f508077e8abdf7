"""The corpus: narratives with the events that they tell, as its README says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

CORPUS = Path(__file__).parent / "corpus"
PARTS = ("develop", "measure")
COLUMNS = (
    *("kind", "date", "date_end", "start", "end", "vague", "means", "service", "carriage", "row"),
    *("seat", "from", "to", "place", "place_kind", "activity", "companions", "mask", "result"),
    *("doubts", "words"),
)
WORDS = {
    "kind": "ride stay test onset isolation other",
    "vague": "about early_morning morning noon afternoon evening night all_day day_shift "
    "night_shift after_meal",
    "means": "train aircraft coach bus metro taxi car ambulance ship motorcycle e_bike bicycle "
    "foot",
    "place_kind": "home shop market restaurant clinic hospital work school hotel station airport "
    "venue village isolation_site",
    "activity": "dining shopping clinic work study exercise entertainment visit lodging worship "
    "grooming wedding funeral gathering diagnosis vaccination discharge",
    "companions": "spouse child parent grandparent sibling relative family colleague friend "
    "classmate neighbour roommate customer driver companion",
    "mask": "yes no",
    "result": "positive negative inconclusive",
    "doubts": "no_such_day no_such_time ends_before_start another_person unsure_carriage "
    "unsure_seat time_zone",
}
_FORMS = {
    "date": r"(\d{4}-)?\d\d-\d\d",
    "date_end": r"(\d{4}-)?\d\d-\d\d",
    "start": r"\d\d:\d\d",
    "end": r"\d\d:\d\d",
}


@dataclass(frozen=True)
class Told:
    """`events`: cells by column, without those that are empty. Their words stand in the text."""

    id: str
    about: str
    reference: date | None
    text: str
    events: tuple[Mapping[str, str], ...]
    not_understood: tuple[str, ...] = ()
    spans: tuple[tuple[int, int], ...] = ()
    """Of the events, where they are known without their words."""

    @property
    def language(self) -> str:
        return "zh" if self.id.startswith("zh") else "en"


def told_in(part: str) -> list[Told]:
    return [one for path in sorted((CORPUS / part).glob("*.yaml")) for one in of_file(path)]


def of_file(path: Path) -> Iterator[Told]:
    for told in yaml.safe_load(path.read_text("utf-8")):
        yield Told(
            told["id"],
            told["about"],
            told.get("reference"),
            told["text"],
            tuple(_events(told.get("events") or "")),
            tuple(told.get("not_understood", ())),
        )


def _events(table: str) -> Iterator[Mapping[str, str]]:
    rows = [
        [cell.strip() for cell in line.strip().strip("|").split("|")]
        for line in table.splitlines()
        if line.strip() and set(line) - set("|-: ")
    ]
    for row in rows[1:]:
        yield {name: cell for name, cell in zip(rows[0], row, strict=True) if cell}


def place_of(words: str, text: str) -> tuple[int, int] | None:
    """Where words stand in a text, whatever blanks and line breaks stand between them."""
    pattern = r"\s*".join(re.escape(sign) for sign in re.sub(r"\s|\\n", "", words))
    found = re.search(pattern, text)
    return None if found is None else found.span()


def faults_of(told: Told) -> Iterator[str]:
    """What is not as the README says."""
    for number, event in enumerate(told.events, start=1):
        at = f"{told.id}, event {number}"
        if "words" not in event or "kind" not in event:
            yield f"{at}: needs kind and words"
        if place_of(event.get("words", ""), told.text) is None:
            yield f"{at}: its words do not stand in the text: {event.get('words')}"
        for name, cell in event.items():
            if name not in COLUMNS:
                yield f"{at}: no column {name}"
            if name in WORDS and not set(cell.split(",")) <= set(WORDS[name].split()):
                yield f"{at}: {name} cannot be {cell}"
            if name in _FORMS and not re.fullmatch(_FORMS[name], cell):
                yield f"{at}: {name} cannot be {cell}"
    for words in told.not_understood:
        if place_of(words, told.text) is None:
            yield f"{told.id}: not in the text: {words}"
