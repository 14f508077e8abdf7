"""Small homes for the tests of identity."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ringfence import lake
from ringfence.identity import snapshot
from ringfence.sources import import_file
from ringfence.sources.normalise.id_numbers import check_character
from ringfence.vault import Statement, open_vault

BEGIN = datetime(2022, 7, 1, tzinfo=UTC)
BY = "desk-1"


def at(hours: float) -> datetime:
    return BEGIN + timedelta(hours=hours)


def home_in(folder: Path) -> lake.Home:
    return lake.create_home(
        folder / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=BEGIN
    )


def delivered(home: lake.Home, table: str, text: str, hours: float, source: str = "") -> str:
    """The batch of a canonical file."""
    path = home.root.parent / f"{table}-{hours}.csv"
    path.write_text(text, encoding="utf-8")
    receipt = import_file(home, path, table=table, source=source or None, now=at(hours))
    assert not receipt.quarantined, receipt.rejects
    return receipt.batch


def identity_number(birth: str = "19900307", serial: int = 1) -> str:
    """A right number of the region 000101, which no card has."""
    digits = f"000101{birth}{serial:03d}"
    return digits + check_character(digits)


def told(
    home: lake.Home,
    name: str,
    people: Mapping[str, Mapping[str, str]],
    *,
    source: str = "hotel",
    hours: float = 1,
) -> str:
    """The batch of an import that says this of its subjects."""
    batch = hashlib.sha256(name.encode()).hexdigest()
    statements = [
        Statement(subject, row, fields) for row, (subject, fields) in enumerate(people.items(), 2)
    ]
    with (
        open_vault(home, create=True) as vault,
        vault.stage(batch, source, at(hours)) as staging,
    ):
        staging.write(statements)
        staging.ready()
        with lake.stage(
            home, table="presence", source=source, batch=batch, file_name=f"{name}.csv"
        ) as delivery:
            delivery.commit(at(hours), 0)
    return batch


def people(home: lake.Home, hours: float | None = None) -> dict[str, tuple[str, ...]]:
    """Persons of several subjects, as known at a time."""
    persons = snapshot(home, at(1000), None if hours is None else at(hours)).persons
    if persons is None:
        return {}
    return {p: persons.subjects_of(p) for p in persons.people(persons.subjects.to_pylist())}
