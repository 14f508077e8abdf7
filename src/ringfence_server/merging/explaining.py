"""Why numbers are one person, for whoever sees a case or contact of that person; and which channels
said who a number is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence.engines.sql import SqlEngine
from ringfence.identity.explaining import Explained
from ringfence.identity.explaining import explain as reasons
from ringfence.lake import Home, snapshot
from ringfence.lake.lineage import told_place
from ringfence_server.access import Acting
from ringfence_server.merging.reach import in_reach, people_of
from ringfence_server.merging.refusals import OutOfReach
from ringfence_server.search.asking import counted

_LONGEST = 200


@dataclass(frozen=True)
class Source:
    """A row of a file that said who a number is. What it said, the vault knows."""

    subject: str
    source: str
    file: str
    batch: str
    row: int | str


def explain(*, home: Home, subject: str, by: Acting, at: datetime) -> Explained:
    """Looked for by its number: counted on the account's quota of searches, and audited.

    OutOfReach: nobody's within reach, or nobody's at all. OverQuota.
    """
    named = subject.strip()

    def find() -> Explained:
        if not 0 < len(named) <= _LONGEST or not named.isprintable():
            raise OutOfReach
        (subjects,) = people_of(home, [named], at)
        if not in_reach(by, subjects):
            raise OutOfReach
        return reasons(home, named)

    return counted(text=named, kinds="subject", find=find, by=by, at=at)


def sources_of(home: Home, subjects: Sequence[str], at: datetime) -> list[Source]:
    """By subject, in the order of receipt."""
    known = snapshot(home, at)
    columns = ["subject", "source", "batch", "source_row"]
    rows = SqlEngine(known).rows("subject", "subject", list(subjects)).select(columns).to_pylist()
    rows.sort(
        key=lambda row: (row["subject"], known.batches[row["batch"]].sequence, row["source_row"])
    )
    found = []
    for row in rows:
        batch = known.batches[row["batch"]]
        file, place = told_place(batch.file_name, batch.parts, row["source_row"])
        found.append(Source(row["subject"], row["source"], file, row["batch"], place))
    return found
