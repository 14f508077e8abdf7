"""Invented persons, and batches that bring them into a vault and the lake."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime

from ringfence import lake
from ringfence.vault import Statement, Vault, open_vault

BEGIN = datetime(2022, 9, 19, 8, tzinfo=UTC)
OCTOBER = datetime(2022, 10, 3, 8, tzinfo=UTC)

WANG = {
    "name": "王小明",
    "id_kind": "resident",
    "id_number": "00010119900307001X",
    "phone": "+8613800138000",
    "address": "和平路十二号三单元",
}
LI = {"name": "李雷", "id_kind": "passport", "id_number": "E12345678", "phone": "+8613900139000"}
SECRETS = [text for person in (WANG, LI) for name, text in person.items() if name != "id_kind"]


def batch_id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def acknowledge(home: lake.Home, name: str, source: str = "hotel") -> str:
    """An empty delivery: all that the vault looks for in the lake is its batch."""
    batch = batch_id(name)
    with lake.stage(
        home, table="presence", source=source, batch=batch, file_name="f.csv"
    ) as staging:
        staging.commit(BEGIN, 0)
    return batch


def tell(
    home: lake.Home,
    name: str,
    statements: Iterable[Statement],
    *,
    source: str = "hotel",
    now: datetime = BEGIN,
    vault: Vault | None = None,
) -> str:
    """Bring statements in as an import does: staged, ready, acknowledged by the lake."""
    opened = vault or open_vault(home, create=True)
    try:
        with opened.stage(batch_id(name), source, now) as staging:
            staging.write(statements)
            staging.ready()
            acknowledge(home, name, source)
    finally:
        if vault is None:
            opened.close()
    return batch_id(name)


def bytes_of(*folders: object) -> bytes:
    """Every byte of every file below some folders."""
    from pathlib import Path

    return b"".join(
        path.read_bytes()
        for folder in folders
        for path in sorted(Path(str(folder)).rglob("*"))
        if path.is_file()
    )
