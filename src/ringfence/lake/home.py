"""The home folder: where one jurisdiction's lake, keys and own protocols live."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import available_timezones

from ringfence.errors import DataError, NotAllowed, NotFound, UsageError
from ringfence.lake import catalog
from ringfence.lake.durable import storage_faults, sync_folder, write_durably

FORMAT_VERSION = 1

_MARK = "home.json"
_UNFINISHED = "home.json.new"
_PARTS = frozenset(
    {
        _UNFINISHED,
        "catalog.sqlite",
        "catalog.sqlite-wal",
        "catalog.sqlite-shm",
        "catalog.sqlite-journal",
        "deliveries",
        "derived",
        "staging",
        "locks",
        "keys",
        "protocols",
        "vault",
        "audit",
        "identity",
        "operations",
    }
)


@dataclass(frozen=True)
class Home:
    """An opened home. A home marked synthetic stays so: its people are invented."""

    root: Path
    zone: str
    jurisdiction: str
    synthetic: bool
    format_version: int
    created_at: datetime

    @property
    def catalog(self) -> Path:
        return self.root / "catalog.sqlite"

    @property
    def deliveries(self) -> Path:
        return self.root / "deliveries"

    @property
    def derived(self) -> Path:
        return self.root / "derived"

    @property
    def staging(self) -> Path:
        return self.root / "staging"

    @property
    def locks(self) -> Path:
        return self.root / "locks"

    @property
    def compiled(self) -> Path:
        """Compiled expressions; may be deleted at any time."""
        return self.root / "compiled"

    @property
    def protocols(self) -> Path:
        return self.root / "protocols"

    @property
    def layouts(self) -> Path:
        """Seat layouts of the authority's own."""
        return self.root / "layouts"

    @property
    def vault(self) -> Path:
        """Who the subjects are, sealed; made with the first identity."""
        return self.root / "vault"

    @property
    def audit(self) -> Path:
        return self.root / "audit"

    @property
    def identity(self) -> Path:
        return self.root / "identity"

    @property
    def operations(self) -> Path:
        return self.root / "operations"

    @property
    def uploads(self) -> Path:
        """Parts of files that are being sent to the server, sealed; gone when they are imported."""
        return self.root / "uploads"

    @property
    def tombstone_key(self) -> Path:
        return self.root / "keys" / "tombstone.key"


def create_home(
    root: Path, *, synthetic: bool, jurisdiction: str, zone: str, now: datetime
) -> Home:
    """Make a home in a new or empty folder. Killed half-way, the same call finishes it."""
    root = root.absolute()
    if zone not in available_timezones():
        raise UsageError(
            f"the time zone {zone!r} is not in the IANA list (for example Asia/Shanghai)",
            f"时区 {zone!r} 不在 IANA 时区表中（例如 Asia/Shanghai）",
        )
    home = Home(root, zone, jurisdiction, synthetic, FORMAT_VERSION, now.astimezone(UTC))
    with storage_faults(root):
        _refuse_occupied(root)
        root.mkdir(parents=True, exist_ok=True)
        unfinished = root / _UNFINISHED
        write_durably(unfinished, _described(home))
        sync_folder(root)
        for folder in (home.deliveries, home.derived, home.staging, home.locks, home.protocols):
            folder.mkdir(exist_ok=True)
        home.tombstone_key.parent.mkdir(mode=0o700, exist_ok=True)
        write_durably(home.tombstone_key, secrets.token_bytes(32), 0o600)
        sync_folder(home.tombstone_key.parent)
        catalog.create(home.catalog)
        sync_folder(root)
        unfinished.rename(root / _MARK)
        sync_folder(root)
        sync_folder(root.parent)
    return home


def _refuse_occupied(root: Path) -> None:
    if not root.exists():
        return
    names = {path.name for path in root.iterdir()} if root.is_dir() else {""}
    if names and not (_UNFINISHED in names and names <= _PARTS):
        raise UsageError(
            f"{root} is not empty: a home needs a new or empty folder",
            f"{root} 不是空目录：请使用新的或空的目录",
        )


def _described(home: Home) -> bytes:
    content = {
        "format": home.format_version,
        "synthetic": home.synthetic,
        "jurisdiction": home.jurisdiction,
        "zone": home.zone,
        "created_at": home.created_at.isoformat(),
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _is_home(root: Path) -> bool:
    try:
        return (root / _MARK).is_file()
    except PermissionError:
        raise NotAllowed(
            f"{root} may not be entered by this account",
            f"当前账户无权进入 {root}",
        ) from None


def open_home(root: Path) -> Home:
    """Open a home. NotFound where there is none; a format that is not known is refused by name."""
    root = root.absolute()
    if not _is_home(root):
        raise NotFound(
            f"there is no home in {root}: make one with `ringfence init DIR`",
            f"{root} 中没有数据目录：请用 `ringfence init DIR` 创建",
        )
    try:
        with storage_faults(root / _MARK):
            content = json.loads((root / _MARK).read_text(encoding="utf-8"))
        version = content["format"]
        if version != FORMAT_VERSION:
            raise DataError(
                f"{root} has home format {version}; this program reads format {FORMAT_VERSION}",
                f"{root} 的格式版本为 {version}；本程序只支持版本 {FORMAT_VERSION}",
            )
        return Home(
            root,
            content["zone"],
            content["jurisdiction"],
            content["synthetic"],
            version,
            datetime.fromisoformat(content["created_at"]),
        )
    except (ValueError, KeyError, TypeError) as fault:
        raise DataError(
            f"{root / _MARK} is damaged and cannot be read", f"{root / _MARK} 已损坏，无法读取"
        ) from fault
