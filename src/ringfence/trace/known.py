"""What is known at one time, with the cases that are open then and the protocol of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ringfence.engines.question import Engine, EngineMaker
from ringfence.engines.snapshot import Snapshot
from ringfence.protocols.model import Protocol
from ringfence.trace.case_files import CaseFile
from ringfence.trace.open_cases import open_cases, protocols_of


@dataclass(frozen=True)
class Known:
    """`files` and `protocols` by case; a case without a protocol cannot be traced."""

    snapshot: Snapshot
    engine: Engine
    files: Mapping[str, CaseFile]
    protocols: Mapping[str, Protocol]

    def same_case(self, other: Known, case: str) -> bool:
        """Whether the other time knows the same of the case and traces it by the same rules."""
        mine, theirs = self.protocols.get(case), other.protocols.get(case)
        if mine is None or theirs is None or mine.digest != theirs.digest:
            return False
        return self.files[case] == other.files[case]

    @property
    def bytes_to_scan(self) -> int:
        """Size of what is not sorted: a question about this time reads all of it."""
        fresh = (path for files in self.snapshot.tables.values() for path in files.fresh)
        return sum(path.stat().st_size for path in fresh)


def known(snapshot: Snapshot, make_engine: EngineMaker, protocols: Sequence[Protocol]) -> Known:
    engine = make_engine(snapshot)
    files = open_cases(engine)
    return Known(snapshot, engine, files, protocols_of(snapshot, engine, files.values(), protocols))
