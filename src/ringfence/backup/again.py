"""What was deleted and revoked after a backup was taken, applied again to what was restored.

The register off the disk tells of it. What was given back later is not given back here: whoever
restores looks at that again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence.audit import Remembered, register_of, remembered, standing
from ringfence.backup.manifest import Manifest
from ringfence.backup.taking import REGISTER
from ringfence.errors import DataError, NotFound, StorageError
from ringfence.lake import Home
from ringfence.operations.batches import REINSTATE, WITHDRAW, withdraw
from ringfence.operations.purging import ACT as PURGE
from ringfence.operations.purging import purge_home
from ringfence.protocols.catalogue import load_all


@dataclass(frozen=True)
class Again:
    """`about`: a batch, an account. `done`: applied; else it does not concern what was restored."""

    act: str
    about: str
    done: bool


def since(home: Home, found: Manifest) -> tuple[Remembered, ...]:
    """What the register tells from the backup on. StorageError: it is missing, or is an older copy:
    then what was deleted and revoked since is not known.
    """
    path = register_of(home)
    lines = int(found.facts[REGISTER])
    if path is None:
        return ()
    if not path.exists():
        if lines == 0:
            return ()
        raise StorageError(
            f"the register of deletions and revocations is missing: put its copy at {path}",
            f"缺少删除与撤销登记：请将其副本放到 {path}",
        )
    return tuple(standing(remembered(path, lines)))


def apply_again(home: Home, found: Manifest, *, by: str, now: datetime) -> tuple[Again, ...]:
    """Withdrawn batches and purges; what was shredded in the vault its master key knows itself."""
    rows = since(home, found)
    done = [_withdrawn(home, batch, by, now) for batch in _withdrawn_last(rows)]
    if any(row.act == PURGE for row in rows):
        protocols = [file.protocol for file in load_all(home.protocols)]
        purged = purge_home(home, protocols=protocols, by=by, now=now)
        went = sum(table.rows for table in purged.report.tables)
        done.append(Again(PURGE, str(went), done=True))
    return tuple(done)


def _withdrawn_last(rows: Sequence[Remembered]) -> list[str]:
    last = {row.about["batch"]: row.act for row in rows if row.act in (WITHDRAW, REINSTATE)}
    return [batch for batch, act in last.items() if act == WITHDRAW]


def _withdrawn(home: Home, batch: str, by: str, now: datetime) -> Again:
    try:
        withdraw(home, batch, reason="withdrawn after the backup", by=by, now=now)
    except NotFound:  # it came after the backup too
        return Again(WITHDRAW, batch, done=False)
    except DataError:  # the backup knew of it
        pass
    return Again(WITHDRAW, batch, done=True)
