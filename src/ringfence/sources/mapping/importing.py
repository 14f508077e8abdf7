"""Importing a file through a mapping: read, mapped, told to the vault and delivered to the lake.

The vault is written first and made ready, then the lake acknowledges: until then nothing of either
counts, and from then on all of both does.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import Text
from ringfence.lake import (
    Home,
    ImportOrigin,
    ImportReceipt,
    ImportStaging,
    Reject,
    Skipped,
    Tally,
    known_import,
    stage_import,
)
from ringfence.lake.lineage import source_row
from ringfence.sources import faults
from ringfence.sources.frame import Frame
from ringfence.sources.mapping.applying import Applied, Circumstances, Identities, apply
from ringfence.sources.mapping.binding import Binding, bind
from ringfence.sources.mapping.model import Channel
from ringfence.sources.mapping.repeats import Repeats
from ringfence.sources.naming import mapped_digest, source_name
from ringfence.sources.normalise.lookup import lookup_forms
from ringfence.sources.opening import Delivered, open_delivery, read_pieces
from ringfence.sources.raw.model import Raw, RawChunk
from ringfence.sources.raw.reading import read_raw
from ringfence.vault import Staging, Statement, has_vault, open_vault
from ringfence.vault.pseudonyms import pseudonyms

Progress = Callable[[int, int, int], None]
"""Told rows read, bytes read and bytes in all."""

_NO_RECORD = Text("the mapping makes no record of such a row", "按映射规则，该行不生成任何记录")


def import_mapped(
    home: Home,
    path: Path | str,
    *,
    channel: Channel,
    source: str | None = None,
    now: datetime,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReceipt:
    """Deliver a file of any form; `-` is standard input. A replay returns its receipt."""
    origin = source_name(channel.source if source is None else source)
    with open_delivery(home, path) as delivered:
        begun = partial(mapped_digest, channel.label, channel.digest, origin, None)
        digest = begun()
        for piece in read_pieces(delivered.file):
            digest.update(piece)
        batch = digest.hexdigest()
        earlier = known_import(home, batch)
        if earlier is not None:
            return earlier
        named = ImportOrigin(batch, channel.label, origin, delivered.name)
        again = begun()
        fed = _Fed(again.update, delivered.size, progress)
        raw = _opened(delivered, channel, fed)
        bindings = _bound(channel, raw, delivered.name)
        parts = {part.number: part.name for part in raw.parts if part.name}
        with _staged(home, named, now, dry_run) as stage:
            frame = Frame(ZoneInfo(home.zone), now)
            circumstances = Circumstances(frame, now, home.synthetic, stage.pseudonyms)
            work = _Work(channel, bindings, stage, circumstances)
            for chunk in _one_ahead(raw.chunks()):
                work.take(chunk)
                fed.tell(work.rows_in)
            if again.hexdigest() != batch:
                raise faults.changed(delivered.name)
            return stage.commit(now, work.tally(parts), dry_run)


class _Fed:
    """Counts the bytes on their way to the digest."""

    def __init__(
        self, update: Callable[[bytes], None], size: int, progress: Progress | None
    ) -> None:
        self._update = update
        self._size = size
        self._progress = progress
        self._seen = 0

    def __call__(self, piece: bytes) -> None:
        self._seen += len(piece)
        self._update(piece)

    def tell(self, rows: int) -> None:
        if self._progress is not None:
            self._progress(rows, self._seen, self._size)


def _opened(delivered: Delivered, channel: Channel, feed: Callable[[bytes], None]) -> Raw:
    delivered.file.seek(0)
    expected = [c for f in channel.fields.values() for c in (*f.columns, *f.also)]
    return read_raw(delivered, channel.form, feed, expected=expected)


def _bound(channel: Channel, raw: Raw, name: str) -> dict[int, Binding]:
    """Every part's header is judged before any row is read."""
    return {
        part.number: bind(
            channel,
            raw.found[part.number].columns,
            f"{name}/{part.name}" if part.name else name,
        )
        for part in raw.parts
    }


def _one_ahead(chunks: Iterator[RawChunk]) -> Iterator[RawChunk]:
    """Decode the next chunk on another core while this one is mapped."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, chunks, None)
        while (chunk := coming.result()) is not None:
            coming = reader.submit(next, chunks, None)
            yield chunk


@dataclass(frozen=True)
class _Stage:
    """Where the rows of an import go; a dry run tells the vault nothing."""

    lake: ImportStaging
    vault: Staging | None
    pseudonyms: Callable[[str, Sequence[str]], list[str]]

    def commit(self, now: datetime, tally: Tally, dry_run: bool) -> ImportReceipt:
        if self.vault is not None:
            self.vault.ready()
        return self.lake.commit(now, tally, dry_run)


@contextmanager
def _staged(home: Home, named: ImportOrigin, now: datetime, dry_run: bool) -> Iterator[_Stage]:
    with ExitStack() as opened:
        if dry_run and not has_vault(home):
            made = partial(pseudonyms, secrets.token_bytes(32), named.source)
            yield _Stage(opened.enter_context(stage_import(home, named)), None, made)
            return
        vault = opened.enter_context(open_vault(home, create=True))
        told = None
        if not dry_run:
            told = opened.enter_context(vault.stage(named.batch, named.source, now, lookup_forms))
        lake = opened.enter_context(stage_import(home, named))
        yield _Stage(lake, told, partial(vault.pseudonyms, named.source))


@dataclass
class _Counts:
    rows_in: int = 0
    accepted: int = 0
    skipped: Counter[int] = field(default_factory=Counter)
    emptied: Counter[str] = field(default_factory=Counter)
    told: int = 0


class _Work:
    """The chunks of one file, one after the other."""

    def __init__(
        self,
        channel: Channel,
        bindings: Mapping[int, Binding],
        stage: _Stage,
        circumstances: Circumstances,
    ) -> None:
        self._channel = channel
        self._bindings = bindings
        self._stage = stage
        self._circumstances = circumstances
        self._repeats = Repeats()
        self._counts = _Counts()

    @property
    def rows_in(self) -> int:
        return self._counts.rows_in

    def take(self, chunk: RawChunk) -> None:
        binding = self._bindings[chunk.part.number]
        applied = apply(self._channel, binding, chunk, self._circumstances)
        self._count(applied)
        for table, rows in applied.records:
            kept = self._repeats.of_table(table, rows)
            if kept.num_rows:
                self._stage.lake.write(table, kept)
        for told in applied.identities:
            self._tell(self._repeats.of_identities(told))
        if applied.rejects:
            self._refuse(chunk, applied.rejects)

    def _count(self, applied: Applied) -> None:
        counts = self._counts
        counts.rows_in += applied.rows_in
        counts.accepted += applied.accepted
        counts.emptied.update(applied.emptied)
        counts.skipped.update(dict(enumerate(applied.skipped)))

    def _tell(self, told: Identities) -> None:
        self._counts.told += len(told.rows)
        if self._stage.vault is not None:
            self._stage.vault.write(_statements(told))

    def _refuse(self, chunk: RawChunk, rejects: Sequence[Reject]) -> None:
        for reject in rejects:
            self._stage.lake.reject(reject.row, reject.field, reject.reason)
        if self._stage.vault is not None:
            self._stage.vault.keep_rejects(_as_they_came(chunk, rejects))

    def tally(self, parts: Mapping[int, str]) -> Tally:
        counts = self._counts
        reasons = [*(skip.reason for skip in self._channel.skips), _NO_RECORD]
        skips = [Skipped(reasons[n], rows) for n, rows in sorted(counts.skipped.items()) if rows]
        fields = self._channel.fields
        return Tally(
            rows_in=counts.rows_in,
            accepted=counts.accepted,
            skips=tuple(skips),
            emptied={fields[name].label: count for name, count in counts.emptied.items()},
            repeated=dict(self._repeats.counted),
            told=counts.told,
            parts=parts,
        )


def _statements(told: Identities) -> Iterator[Statement]:
    names = list(told.fields)
    columns = [values.to_pylist() for values in told.fields.values()]
    subjects, rows = told.subjects.to_pylist(), told.rows.to_pylist()
    for subject, row, *values in zip(subjects, rows, *columns, strict=True):
        said = {name: value for name, value in zip(names, values, strict=True) if value}
        yield Statement(subject, row, said)


def _as_they_came(chunk: RawChunk, rejects: Sequence[Reject]) -> Iterator[tuple[int, str]]:
    """The cells of each refused row; a row that was not split into cells has none to keep."""
    refused = {reject.row for reject in rejects}
    offset = source_row(chunk.part.number, 0)
    numbers = [row for row in chunk.rows.to_pylist() if row + offset in refused]
    places = pc.index_in(pa.array(numbers, pa.int64()), value_set=chunk.rows) if numbers else None
    if places is None:
        return
    names = list(chunk.columns)
    columns = [chunk.columns[name].take(places).to_pylist() for name in names]
    for number, *cells in zip(numbers, *columns, strict=True):
        told = {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
        yield number + offset, json.dumps(told, ensure_ascii=False)
