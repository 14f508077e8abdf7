"""Is a backup whole? Every file is opened to its end; catalog and audit are held against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ringfence import audit
from ringfence.backup.manifest import Manifest, Part
from ringfence.backup.shelf import Shelf, open_shelf
from ringfence.backup.taking import CATALOG, HOME
from ringfence.errors import Text, UserError
from ringfence.lake import catalog
from ringfence.lake.durable import make_folder
from ringfence.lake.home import Home
from ringfence.lake.verification import acknowledged_files

_AUDIT = "audit/audit.sqlite"


@dataclass(frozen=True)
class BackupCheck:
    """`faults` name what is wrong, and where. `lost`: rows of the audit that were signed since."""

    manifest: Manifest
    faults: tuple[Text, ...]
    lost: int

    @property
    def ok(self) -> bool:
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "backup": self.manifest.name,
            "made_at": self.manifest.made_at.isoformat(),
            "files": len(self.manifest.parts),
            "bytes": self.manifest.bytes,
            "faults": [fault.en for fault in self.faults],
            "audit_rows_since": self.lost,
        }


def check(
    folder: Path,
    name: str | None = None,
    *,
    work: Path | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> BackupCheck:
    """Of the newest backup, or the one that is named. `work`: where its catalog and its audit are
    unpacked for the while; else the system's temporary folder.
    """
    shelf, path = open_shelf(folder, name)
    found = shelf.manifest(path)
    faults: list[Text] = []
    with TemporaryDirectory(prefix="ringfence-", dir=work) as unpacked:
        root = Path(unpacked)
        for part in found.parts:
            try:
                _through(shelf, part, root)
            except UserError as error:
                faults.append(error.text)
            progress(part.bytes)
        faults += _of_catalog(found, root)
        chain, lost = audit_faults(_as_home(root / HOME, found))
    return BackupCheck(found, (*faults, *chain), lost)


def _through(shelf: Shelf, part: Part, root: Path) -> None:
    wanted = part.path in (f"{HOME}/{CATALOG}", f"{HOME}/{_AUDIT}")
    if not wanted:
        for _ in shelf.read(part):
            pass
        return
    target = root / part.path
    make_folder(target.parent)
    with target.open("wb") as file:
        try:
            for content in shelf.read(part):
                file.write(content)
        except UserError:
            target.unlink()
            raise


def _of_catalog(found: Manifest, root: Path) -> list[Text]:
    path = root / HOME / CATALOG
    if not path.is_file():
        return [Text("the backup has no catalog", "备份中没有编目文件")]
    with catalog.reading(path) as connection:
        named = acknowledged_files(connection)
    kept = {part.path: part.sha256 for part in found.parts}
    return [
        Text(
            f"{name} is named by the catalog, and is not in the backup as it was acknowledged",
            f"编目所列的 {name} 不在备份中，或与确认时不一致",
        )
        for name, digest in named.items()
        if kept.get(f"{HOME}/{name}") != digest
    ]


def audit_faults(home: Home) -> tuple[list[Text], int]:
    """What is wrong with a chain taken from a backup. Rows that were signed after it are not in it:
    those are counted, and no fault.
    """
    report = audit.verify(home)
    last = report.rows
    since = [fault for fault in report.faults if fault.first == last + 1 and last]
    lost = sum(fault.last - fault.first + 1 for fault in since)
    return [f.text for f in report.faults if f not in since and not f.gap], lost


def _as_home(root: Path, found: Manifest) -> Home:
    """Only its audit is looked at."""
    facts = found.facts
    return Home(root, "UTC", facts["jurisdiction"], facts["synthetic"], 1, found.made_at)
