"""Importing a canonical file: opened, named by its bytes, read, checked and delivered."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from ringfence.errors import UsageError
from ringfence.lake import Home, Receipt, Reject, known_batch, stage
from ringfence.records import TABLES, Table
from ringfence.sources import faults
from ringfence.sources.ahead import one_ahead
from ringfence.sources.cases import cases_of
from ringfence.sources.csv_files import read_csv
from ringfence.sources.delivered import Delivered, read_pieces
from ringfence.sources.frame import Frame
from ringfence.sources.header import closest_first
from ringfence.sources.identities import check_described
from ringfence.sources.naming import canonical_digest, source_name
from ringfence.sources.opening import open_delivery
from ringfence.sources.raw.canonical import read_canonical
from ringfence.sources.rows import Checked, Chunk, check
from ringfence.sources.to_vault import Batch, ToVault

STDIN = "-"

Progress = Callable[[int, int, int], None]


def import_file(
    home: Home,
    path: Path | str | Delivered,
    *,
    table: str,
    source: str | None = None,
    now: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Receipt:
    """Deliver a file to the home's lake; `-` is standard input. A replay returns its receipt.
    An open file stays open.

    `progress` is told rows read, bytes read and bytes in all.
    """
    declared = table_named(table)
    origin = source_name(table if source is None else source)
    with open_delivery(home, path) as delivered:
        file, name = delivered.file, delivered.name
        digest = canonical_digest(table, origin)
        for piece in read_pieces(file):
            digest.update(piece)
        batch = digest.hexdigest()
        earlier = known_batch(home, batch)
        if earlier is not None:
            return earlier
        frame = Frame(ZoneInfo(home.zone), now, cases_of(home, now))
        again = canonical_digest(table, origin)
        rows_in = 0
        with (
            ToVault(home, Batch(batch, origin, now, dry_run)) as vault,
            stage(home, table=table, source=origin, batch=batch, file_name=name) as staging,
        ):
            canonical = read_canonical(delivered, declared, again.update)
            for chunk in one_ahead(canonical.chunks):
                checked = _checked(declared, chunk, frame, vault, synthetic=home.synthetic)
                rows_in += checked.rows_in
                if checked.accepted.num_rows:
                    staging.write(checked.accepted)
                for reject in checked.rejects:
                    staging.reject(reject.row, reject.field, reject.reason)
                if progress is not None:
                    progress(rows_in, file.tell(), delivered.size)
            if again.hexdigest() != batch:
                raise faults.changed(name)
            vault.ready()
            return staging.commit(
                now,
                rows_in,
                dry_run=dry_run,
                parts=canonical.parts,
                told=vault.told,
                unread=canonical.unread,
                open_end=canonical.open_end,
            )


def _checked(
    table: Table, chunk: Chunk, frame: Frame, vault: ToVault, *, synthetic: bool
) -> Checked:
    """Rows for the lake; what identifies people, and what is refused, goes to the vault."""
    if table.name == "subject":
        described = check_described(table, chunk, frame=frame, synthetic=synthetic)
        vault.write(described.statements())
        checked = described.checked
    else:
        checked = check(table, chunk, frame)
    if checked.rejects:
        vault.keep(chunk.columns, chunk.rows, checked.rejects)
    return checked


def read_text(
    table: str, csv_text: str, zone: str, now: datetime
) -> tuple[pa.Table, tuple[Reject, ...]]:
    """Rows of a CSV text as the lake would store them (with source_row), and the rows refused."""
    declared = table_named(table)
    frame = Frame(ZoneInfo(zone), now, cases=None)
    file = io.BytesIO(csv_text.encode())
    found = [
        check(declared, chunk, frame) for chunk in read_csv(file, declared, table, lambda _: None)
    ]
    names = [name for name in declared.schema.names if name not in ("source", "batch")]
    schema = pa.schema([declared.schema.field(name) for name in names])
    batches = [part.accepted.select(names).cast(schema) for part in found]
    rejects = [reject for part in found for reject in part.rejects]
    return pa.Table.from_batches(batches, schema), tuple(rejects)


def table_named(name: str) -> Table:
    """UsageError names those that there are."""
    if name not in TABLES:
        offered = closest_first(name, list(TABLES))
        raise UsageError(
            f"there is no table `{name}`; there are: {', '.join(offered)}",
            f"没有名为 {name} 的表；可用的表：{'、'.join(offered)}",
        )
    return TABLES[name]
