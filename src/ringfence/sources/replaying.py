"""Rows that were put right come back: under the mapping, source and row numbers that they had."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.compute as pc

from ringfence.errors import DataError, NotFound
from ringfence.lake import (
    Home,
    ImportOrigin,
    ImportReceipt,
    ImportStaging,
    Tally,
    correcting,
    known_import,
    stage_import,
)
from ringfence.lake.lineage import source_row
from ringfence.lake.quarantined import Acknowledged
from ringfence.lake.wordings import kept_wording, refuse_other_wording
from ringfence.records import TABLES, Table
from ringfence.sources import faults
from ringfence.sources.cases import cases_of
from ringfence.sources.delivered import read_pieces
from ringfence.sources.frame import Frame
from ringfence.sources.header import check_header
from ringfence.sources.identities import Described, check_described
from ringfence.sources.mapping import catalogue
from ringfence.sources.mapping.binding import bind
from ringfence.sources.mapping.importing import Work, circumstances_of
from ringfence.sources.mapping.model import Channel
from ringfence.sources.mapping.reading import read
from ringfence.sources.naming import mapped_digest
from ringfence.sources.opening import open_delivery
from ringfence.sources.quarantine import own_columns, put_right
from ringfence.sources.raw.model import Form, RawChunk
from ringfence.sources.raw.reading import read_raw
from ringfence.sources.rows import Chunk
from ringfence.sources.to_vault import Batch, ToVault

CANONICAL = correcting.CANONICAL
"""How the receipt of a canonical file's rows names what they were read by: `as presence`."""


def channel_of(home: Home, mended: Acknowledged) -> Channel | None:
    """The very version of the mapping by which the rows were read first; None: by none.

    One that was named by its file need not lie in the home: its wording was kept.
    """
    label = mended.mapping
    if label is None or label.startswith(CANONICAL):
        return None
    try:
        return catalogue.named(label, home.root).read()
    except NotFound:
        kept = kept_wording(home, mended.batch)
        if kept is None:
            raise _not_kept(home, label, mended.batch) from None
        return read(kept, label)


def _not_kept(home: Home, label: str, batch: str) -> NotFound:
    name, _, version = label.partition("@")
    file = catalogue.own_folder(home.root) / name / f"v{version}" / catalogue.FILE
    return NotFound(
        f"{label} is not in this home, and batch {batch[:12]} came before its wording was kept: "
        f"copy the mapping file that it was imported by to {file}",
        f"本地没有映射 {label}，且批次 {batch[:12]} 导入时尚未留存其内容："
        f"请将当时使用的映射文件复制为 {file}",
    )


def replay(
    home: Home,
    path: Path | str,
    *,
    mended: Acknowledged,
    channel: Channel | None,
    open_rows: frozenset[int],
    now: datetime,
    dry_run: bool = False,
) -> ImportReceipt:
    """Import the corrected rows of a batch. `channel`: its mapping; None for a canonical file.

    Rows keep the name of the file that they came in, and their numbers in it.
    """
    label = channel.label if channel is not None else f"{CANONICAL}{_table(mended).name}"
    content = channel.digest if channel is not None else ""
    with open_delivery(home, path) as delivered:
        begun = partial(mapped_digest, label, content, mended.source, mended.batch)
        digest, again = begun(), begun()
        for piece in read_pieces(delivered.file):
            digest.update(piece)
        batch = digest.hexdigest()
        earlier = known_import(home, batch)
        if earlier is not None:
            return earlier
        if channel is not None and not dry_run:
            refuse_other_wording(home, label, content)
        delivered.file.seek(0)
        raw = read_raw(delivered, Form(header_row=1), again.update)
        names = own_columns(raw.columns, delivered.name)
        wording = None if channel is None else channel.wording
        origin = ImportOrigin(
            batch, label, mended.source, mended.file, mended.batch, wording=wording
        )
        with (
            ToVault(home, Batch(batch, mended.source, now, dry_run)) as vault,
            stage_import(home, origin) as lake,
        ):
            chunks = put_right(raw.chunks(), delivered.name, open_rows)
            if channel is not None:
                binding = bind(channel, names, delivered.name)
                circumstances = circumstances_of(home, channel, now, vault)
                work = Work(channel, lambda _: binding, circumstances, lake, vault)
                for chunk in chunks:
                    work.take(chunk)
                tally = work.tally(mended.parts)
            else:
                table = _table(mended)
                check_header(table, names, delivered.name)
                frame = Frame(ZoneInfo(home.zone), now, cases_of(home, now))
                read = partial(check_described, table, frame=frame, synthetic=home.synthetic)
                tally = _canonical(read, chunks, lake, vault, mended)
            if again.hexdigest() != batch:
                raise faults.changed(delivered.name)
            if not tally.rows_in:
                raise DataError(
                    f"{delivered.name} holds no rows to replay",
                    f"{delivered.name} 中没有可重放的行",
                )
            vault.ready()
            return lake.commit(now, tally, dry_run)


def _table(mended: Acknowledged) -> Table:
    """Of a canonical file, or of rows of one that were replayed before."""
    return TABLES[mended.table or (mended.mapping or "").removeprefix(CANONICAL)]


def _canonical(
    read: Callable[[Chunk], Described],
    chunks: Iterator[RawChunk],
    lake: ImportStaging,
    vault: ToVault,
    mended: Acknowledged,
) -> Tally:
    rows_in = accepted = 0
    for chunk in chunks:
        rows = pc.add(chunk.rows, source_row(chunk.part.number, 0))
        described = read(Chunk(chunk.columns, rows))
        vault.write(described.statements())
        checked = described.checked
        rows_in += checked.rows_in
        accepted += checked.accepted.num_rows
        if checked.accepted.num_rows:
            lake.write(_table(mended).name, checked.accepted)
        for refused in checked.rejects:
            lake.reject(refused.row, refused.field, refused.reason)
        vault.keep(chunk.columns, rows, checked.rejects)
    return Tally(rows_in=rows_in, accepted=accepted, told=vault.told, parts=mended.parts)
