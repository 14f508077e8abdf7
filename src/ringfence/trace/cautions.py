"""What a reader of a trace must be told before trusting it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ringfence.engines.question import Engine
from ringfence.errors import Text
from ringfence.protocols.model import Protocol
from ringfence.trace import words
from ringfence.trace.case_files import CaseFile
from ringfence.trace.result import Contact


def cautions(
    engine: Engine,
    protocol: Protocol,
    files: Sequence[CaseFile],
    contacts: Iterable[Contact],
    *,
    orders: int,
    crowd_limit: bool,
) -> tuple[Text, ...]:
    """Warnings about the protocol, the cases and contradicting sources."""
    told = []
    if protocol.draft:
        told.append(words.warning("draft", protocol=protocol.id))
    for file in files:
        if file.disease != protocol.disease:
            told.append(words.warning("disease", protocol=protocol.id, case=file.case))
        if file.provisional:
            told.append(words.warning("provisional", case=file.case))
    rides = [r.id for o in range(1, orders + 1) for r in protocol.of_order(o) if r.ride]
    if rides:
        told.append(words.warning("rides", protocol=protocol.id, rules=", ".join(rides)))
    if not crowd_limit:
        told.append(words.warning("no_crowd_limit"))
    return (*told, *_contradicted_places(engine, contacts))


def _contradicted_places(engine: Engine, contacts: Iterable[Contact]) -> list[Text]:
    places = {e.place for contact in contacts for e in contact.evidence if e.place}
    kinds: defaultdict[str, dict[str, str]] = defaultdict(dict)
    if places:
        for row in engine.rows("place", "place", sorted(places)).to_pylist():
            kinds[row["place"]][row["source"]] = row["kind"]
    return [
        words.warning("place_kind", place=place, source=min(told))
        for place, told in sorted(kinds.items())
        if len(set(told.values())) > 1
    ]
