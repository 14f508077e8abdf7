"""What a reader of a trace must be told before trusting it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from ringfence.errors import Text
from ringfence.protocols.model import Protocol
from ringfence.trace import words
from ringfence.trace.case_files import CaseFile
from ringfence.trace.windows import Window

PlaceRow = Mapping[str, Any]


def cautions(
    protocol: Protocol,
    cases: Iterable[tuple[CaseFile, Window | None]],
    places: Iterable[PlaceRow],
    *,
    crowd_limit: bool,
) -> tuple[Text, ...]:
    """Warnings about the protocol, the cases and contradicting sources."""
    told = []
    if protocol.draft:
        told.append(words.warning("draft", protocol=protocol.id))
    for file, window in cases:
        if file.disease != protocol.disease:
            told.append(words.warning("disease", protocol=protocol.id, case=file.case))
        if file.provisional:
            told.append(words.warning("provisional", case=file.case))
        if file.contradicted:
            columns = ", ".join(sorted(file.contradicted))
            told.append(words.warning("case_told_apart", case=file.case, columns=columns))
        if window is not None and window.end <= window.start:
            told.append(words.warning("empty_window", case=file.case))
    if not crowd_limit:
        told.append(words.warning("no_crowd_limit"))
    return (*told, *_contradicted(places))


def _contradicted(places: Iterable[PlaceRow]) -> list[Text]:
    kinds: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in places:
        kinds[row["place"]][row["source"]] = row["kind"]
    return [
        words.warning("place_kind", place=place, source=min(told))
        for place, told in sorted(kinds.items())
        if len(set(told.values())) > 1
    ]
