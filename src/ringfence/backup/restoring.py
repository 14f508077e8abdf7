"""A home out of a backup: built beside its place, and put there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from ringfence import audit, lake
from ringfence.backup.again import Again, apply_again
from ringfence.backup.checking import audit_faults
from ringfence.backup.manifest import Manifest, Part
from ringfence.backup.shelf import Shelf, open_shelf
from ringfence.backup.taking import HOME, MARK
from ringfence.errors import DataError, StorageError, UsageError
from ringfence.lake import Home, open_home
from ringfence.lake.durable import (
    discard,
    locked,
    make_folder,
    storage_faults,
    sync_file,
    sync_folder,
)
from ringfence.vault import has_vault, open_vault

_UNFINISHED = ".restoring"
SERVED = "deployment/"
RESTORED = "home.restored"


@dataclass(frozen=True)
class Restored:
    """`lost`: rows of the audit that were signed after the backup, whose acts are gone with it.
    `again`: what was deleted and revoked since, and is again.
    """

    root: Path
    manifest: Manifest
    lost: int
    again: tuple[Again, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "home": str(self.root),
            "backup": self.manifest.name,
            "made_at": self.manifest.made_at.isoformat(),
            "audit_rows_since": self.lost,
            "again": [vars(one) for one in self.again],
        }


def restore(
    folder: Path,
    to: Path,
    *,
    name: str | None = None,
    by: str,
    now: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> Restored:
    """A home that is served by nobody. UsageError: the folder is not empty, or the backup holds a
    server's database too.
    """
    shelf, path = open_shelf(folder, name)
    found = shelf.manifest(path)
    if any(part.path.startswith(SERVED) for part in found.parts):
        raise UsageError(
            f"{found.name} holds a server too: use `ringfence serve restore`",
            f"{found.name} 还包含服务器：请使用 `ringfence serve restore`",
        )
    with building(to) as place:
        home, lost = unpack(shelf, found, place, progress)
        again = renew(home, found, by=by, now=now)
    return Restored(to.absolute(), found, lost, again)


@contextmanager
def building(to: Path, clear: Callable[[Path], None] = discard) -> Iterator[Path]:
    """A folder that takes the place of `to` at the end; killed before, nothing lies there.

    `clear` removes what a restore that failed or was killed has left.
    """
    to = to.absolute()
    unfinished = to.with_name(to.name + _UNFINISHED)
    with storage_faults(to):
        if to.exists() and (not to.is_dir() or any(to.iterdir())):
            raise UsageError(
                f"{to} is not empty: a backup is restored into a new or empty folder",
                f"{to} 不是空目录：请恢复到新的或空的目录",
            )
        to.parent.mkdir(parents=True, exist_ok=True)
        with locked(to.with_name(to.name + ".lock"), wait=False) as mine:
            if not mine:
                raise StorageError(
                    f"another restore into {to} is at work", f"正在向 {to} 进行另一次恢复"
                )
            clear(unfinished)
            unfinished.mkdir(mode=0o711)
            try:
                yield unfinished
                sync_folder(unfinished)
                unfinished.replace(to)
                sync_folder(to.parent)
            except BaseException:
                clear(unfinished)
                raise
            finally:
                discard(to.with_name(to.name + ".lock"))


def unpack(
    shelf: Shelf,
    found: Manifest,
    root: Path,
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[Home, int]:
    """The home of a backup in a folder of its own, checked: its catalog agrees with its files, its
    audit with its signatures, and the master key opens its vault. How many rows of the audit it
    lacks. StorageError: it does not hold; DataError: the keys that belong to it are not here.
    """
    root.mkdir(mode=0o700, exist_ok=True)
    root.chmod(0o700)
    marks = [part for part in found.parts if part.path == f"{HOME}/{MARK}"]
    others = [part for part in found.parts if part.path.startswith(f"{HOME}/")]
    for part in (*(one for one in others if one not in marks), *marks):
        write_part(shelf, part, root, part.path.removeprefix(f"{HOME}/"))
        progress(part.bytes)
    for name in ("deliveries", "derived", "staging", "locks", "protocols"):
        (root / name).mkdir(exist_ok=True)
    (root / "keys").chmod(0o700)
    home = open_home(root)
    faults, lost = audit_faults(home)
    faults += [fault.text for fault in lake.verify(home, repair=True).faults if not fault.derived]
    if has_vault(home):
        with open_vault(home) as vault:
            vault.sweep()
            faults += vault.drill().faults
    if faults:
        raise StorageError(faults[0].en, faults[0].zh)
    return home, lost


def renew(home: Home, found: Manifest, *, by: str, now: datetime) -> tuple[Again, ...]:
    """What the register off the disk says was deleted since is deleted again; the audit tells of
    the restoring.
    """
    done = apply_again(home, found, by=by, now=now)
    told = {
        "backup": found.name,
        "made_at": found.made_at.astimezone(UTC).isoformat(),
        "again": str(len(done)),
    }
    audit.append(home, RESTORED, by=by, at=now, about=told)
    return done


def write_part(shelf: Shelf, part: Part, root: Path, path: str) -> None:
    """Synced. DataError: it would lie outside the folder."""
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts:
        raise DataError(f"{path} of the backup leads outside", f"备份文件 {path} 指向目录之外")
    target = root / path
    with storage_faults(target):
        make_folder(target.parent)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            for content in shelf.read(part):
                file.write(content)
        sync_file(target)
        sync_folder(target.parent)
