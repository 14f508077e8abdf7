"""Who may still read which files: a lease for readers, a lock for writers, a sweep for leftovers.

A reader holds a shared lock on the lease of the epoch it began in. Compaction and purge retire
files by starting a new epoch; a retired file is deleted once no earlier lease is held. Locks are
the kernel's, so that they end with their process, however it ends.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ringfence.lake import catalog
from ringfence.lake.durable import discard, locked, take_file
from ringfence.lake.home import Home
from ringfence.lake.imports_catalog import imports

SPILL = "spill"


@contextmanager
def writer(home: Home, *, sweeping: bool = True) -> Iterator[None]:
    """Be the only writer. Leftovers of writers that were killed are swept first."""
    with locked(home.locks / "writer.lock"):
        if sweeping:
            sweep(home)
        yield


@contextmanager
def compactor(home: Home) -> Iterator[None]:
    """Be the only one who rewrites files; deliveries go on. Taken before `writer`, never after."""
    with locked(_compactor(home)):
        yield


def compacting(home: Home) -> bool:
    """Whether somebody rewrites files at this moment."""
    with locked(_compactor(home), wait=False) as free:
        return not free


def _compactor(home: Home) -> Path:
    return home.locks / "compactor.lock"


@contextmanager
def workplace(home: Home) -> Iterator[Path]:
    """A folder for unfinished files, swept by the next writer when its process was killed."""
    name = f"{os.getpid()}-{secrets.token_hex(6)}"
    handle = take_file(home.staging / f"{name}.lock")
    folder = home.staging / name
    try:
        folder.mkdir()
        yield folder
    finally:
        discard(folder)
        discard(home.staging / f"{name}.lock")
        if handle is not None:
            os.close(handle)


def lease(home: Home, epoch: int) -> int | None:
    """Hold off the deletion of files that are current in this epoch.

    None where no lock file can be made (disk full, read-only disk): reading goes on without.
    """
    try:
        return take_file(home.locks / "readers" / f"{epoch}.lock", shared=True)
    except OSError:
        return None


def sweep(home: Home) -> None:
    """Remove what killed writers left and retired files that no reader can use. Writer only."""
    with catalog.reading(home.catalog) as connection:
        retired = catalog.retired(connection)
        known = {f.path for f in catalog.derived_files(connection)} | set(retired)
        last = catalog.last_sequence(connection)
        for delivery in catalog.deliveries(connection, last):
            known.update(path for path in (delivery.path, delivery.rejects_path) if path)
        known.update(i.rejects_path for i in imports(connection, last) if i.rejects_path)
        epoch = catalog.epoch(connection)
    for top in (home.deliveries, home.derived):
        for path in _files(top):
            if path.relative_to(home.root).as_posix() not in known:
                discard(path)
    busy = _held_epochs(home, epoch)
    _delete_retired(home, retired, min(busy, default=epoch))
    _sweep_staging(home, readers=bool(busy))


def _files(top: Path) -> Iterator[Path]:
    for folder, _, names in os.walk(top):
        for name in names:
            yield Path(folder) / name


def _held_epochs(home: Home, epoch: int) -> list[int]:
    """Epochs before this one that a reader still holds; free lease files are removed."""
    held = []
    folder = home.locks / "readers"
    for path in folder.glob("*.lock") if folder.is_dir() else ():
        handle = take_file(path, wait=False)
        number = int(path.stem)
        if handle is None:
            held.append(number)
        else:
            if number < epoch:
                discard(path)
            os.close(handle)
    return held


def _delete_retired(home: Home, retired: dict[str, int], oldest_held: int) -> None:
    """A file retired by starting epoch N was current in the epochs before N."""
    free = [path for path, epoch in retired.items() if epoch <= oldest_held]
    if not free:
        return
    gone = []
    for path in free:
        with suppress(OSError):
            (home.root / path).unlink(missing_ok=True)
            gone.append((path,))
    with catalog.writing(home.catalog) as connection:
        connection.executemany("DELETE FROM retired WHERE path = ?", gone)


def _sweep_staging(home: Home, *, readers: bool) -> None:
    for path in list(home.staging.iterdir()) if home.staging.is_dir() else ():
        if path.name == SPILL:
            if not readers:
                discard(path)
        elif path.suffix == ".lock":
            _sweep_workplace(path)
        elif not path.with_name(f"{path.name}.lock").exists():
            discard(path)


def _sweep_workplace(lock: Path) -> None:
    handle = take_file(lock, wait=False)
    if handle is not None:
        discard(lock.with_suffix(""))
        discard(lock)
        os.close(handle)
