"""What came of a row of a file, where it speaks of a case or contact within reach.

It goes from a row to numbers, so a row of everybody else's answers as one that is not there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ringfence.engines.persons import subjects_of
from ringfence.errors import NotFound
from ringfence.identity import snapshot
from ringfence.lake import Home, Reject
from ringfence.lake.lineage import named_row
from ringfence.lake.quarantined import Acknowledged, acknowledged
from ringfence.lake.saying import Said, came_of
from ringfence_server.access import Acting
from ringfence_server.search.asking import counted
from ringfence_server.search.people import numbers_in_reach

RIGHT = "lake.import"


@dataclass(frozen=True)
class Came:
    """`row`: in the file and its part. `found`: records with the numbers within reach alone."""

    batch: Acknowledged
    row: int
    found: Sequence[Said]
    refused: Sequence[Reject]


def where(*, home: Home, batch: str, row: str, by: Acting, at: datetime) -> Came:
    """Counted on the quota of searches, and audited. NotFound: no such row, or of nobody within
    reach. UsageError: it names no row. OverQuota.
    """
    named = acknowledged(home, batch)
    number = named_row(row, named.parts)

    def find() -> Came:
        try:
            found, refused = came_of(home, named.batch, number)
        except NotFound:
            raise _nothing() from None
        of = {subject for one in found for subject in one.subjects}
        mine = _in_reach(home, by, of, at)
        if not mine:
            raise _nothing()
        shown = [
            replace(one, subjects=tuple(subject for subject in one.subjects if subject in mine))
            for one in found
        ]
        return Came(named, number, [one for one in shown if one.subjects], refused)

    return counted(text=f"{named.batch} {number}", kinds="row", find=find, by=by, at=at)


def _in_reach(home: Home, by: Acting, subjects: set[str], at: datetime) -> frozenset[str]:
    """With all numbers of the persons: a record keeps the number that it came with."""
    persons = snapshot(home, at).persons
    others = {subject: subjects_of(persons, subject) for subject in subjects}
    known = numbers_in_reach(by, {one for every in others.values() for one in every}, RIGHT)
    return frozenset(subject for subject, every in others.items() if known & set(every))


def _nothing() -> NotFound:
    return NotFound(
        "nothing that you may see came of that row: no record of a case or contact within your"
        " reach",
        "该行没有您可见的内容：未产生您可见的病例或接触者的记录",
    )
