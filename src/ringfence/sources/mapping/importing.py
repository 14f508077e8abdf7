"""Importing a file through a mapping: read, mapped, told to the vault and delivered to the lake.

The vault is written first and made ready, then the lake acknowledges: until then nothing of either
counts, and from then on all of both does.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

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
from ringfence.lake.wordings import refuse_other_wording
from ringfence.sources import faults
from ringfence.sources.ahead import one_ahead
from ringfence.sources.cases import cases_of
from ringfence.sources.delivered import Delivered, read_pieces
from ringfence.sources.frame import Frame
from ringfence.sources.mapping.applying import Applied, Circumstances, apply
from ringfence.sources.mapping.binding import Binding, open_bound
from ringfence.sources.mapping.model import Channel
from ringfence.sources.mapping.repeats import Repeats
from ringfence.sources.mapping.units import Units
from ringfence.sources.naming import mapped_digest, source_name
from ringfence.sources.normalise.division_store import known_divisions, regions_in_use
from ringfence.sources.normalise.place_review import place_book
from ringfence.sources.opening import open_delivery
from ringfence.sources.raw.model import RawChunk
from ringfence.sources.to_vault import Batch, ToVault, statements

Progress = Callable[[int, int, int], None]
"""Told rows read, bytes read and bytes in all."""

_NO_RECORD = Text("the mapping makes no record of such a row", "按映射规则，该行不生成任何记录")


def import_mapped(
    home: Home,
    path: Path | str | Delivered,
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
        if not dry_run:
            refuse_other_wording(home, channel.label, channel.digest)
        named = ImportOrigin(batch, channel.label, origin, delivered.name, wording=channel.wording)
        again = begun()
        fed = _Fed(again.update, delivered.size, progress)
        raw, bindings = open_bound(delivered, channel, fed)
        parts = {part.number: part.name for part in raw.parts if part.name}
        with (
            ToVault(home, Batch(batch, origin, now, dry_run)) as vault,
            stage_import(home, named) as lake,
        ):
            circumstances = circumstances_of(home, channel, now, vault)
            work = Work(channel, bindings.__getitem__, circumstances, lake, vault)
            for chunk in one_ahead(raw.chunks()):
                work.take(chunk)
                fed.tell(work.rows_in)
            if again.hexdigest() != batch:
                raise faults.changed(delivered.name)
            vault.ready()
            tally = replace(
                work.tally(parts),
                unread=raw.unread,
                open_end=raw.open_end,
                content=fed.content.hexdigest(),
            )
            return lake.commit(now, tally, dry_run)


def circumstances_of(home: Home, channel: Channel, now: datetime, vault: ToVault) -> Circumstances:
    divisions = known_divisions(home, now) if channel.locates else None
    names_places = any(field.kind == "place" for field in channel.fields.values())
    return Circumstances(
        Frame(ZoneInfo(home.zone), now, cases_of(home, now)),
        home.synthetic,
        vault.pseudonyms(),
        regions_in_use(home, now),
        place_book(home, now) if names_places else None,
        None if divisions is None else Units(divisions, home.jurisdiction),
    )


class _Fed:
    """Counts the bytes on their way to the digests, on the reader's core."""

    def __init__(
        self, update: Callable[[bytes], None], size: int, progress: Progress | None
    ) -> None:
        self._update = update
        self._size = size
        self._progress = progress
        self._seen = 0
        self.content = hashlib.sha256()

    def __call__(self, piece: bytes) -> None:
        self._seen += len(piece)
        self._update(piece)
        self.content.update(piece)

    def tell(self, rows: int) -> None:
        if self._progress is not None:
            self._progress(rows, self._seen, self._size)


@dataclass
class _Counts:
    rows_in: int = 0
    accepted: int = 0
    skipped: Counter[int] = field(default_factory=Counter)
    emptied: Counter[str] = field(default_factory=Counter)


class Work:
    """The chunks of one file, one after the other."""

    def __init__(
        self,
        channel: Channel,
        bindings: Callable[[int], Binding],
        circumstances: Circumstances,
        lake: ImportStaging,
        vault: ToVault,
    ) -> None:
        self._channel = channel
        self._bindings = bindings
        self._lake = lake
        self._vault = vault
        self._circumstances = circumstances
        self._repeats = Repeats()
        self._counts = _Counts()

    @property
    def rows_in(self) -> int:
        return self._counts.rows_in

    def take(self, chunk: RawChunk) -> None:
        binding = self._bindings(chunk.part.number)
        applied = apply(self._channel, binding, chunk, self._circumstances)
        self._count(applied)
        for table, rows in applied.records:
            kept = self._repeats.of_table(table, rows)
            if kept.num_rows:
                self._lake.write(table, kept)
        for told in applied.identities:
            if told.fields:
                new = self._repeats.of_identities(told)
                self._vault.write(statements(new.subjects, new.rows, new.fields))
        if applied.rejects:
            self._refuse(chunk, applied.rejects)

    def _count(self, applied: Applied) -> None:
        counts = self._counts
        counts.rows_in += applied.rows_in
        counts.accepted += applied.accepted
        counts.emptied.update(applied.emptied)
        counts.skipped.update(dict(enumerate(applied.skipped)))

    def _refuse(self, chunk: RawChunk, rejects: Sequence[Reject]) -> None:
        for reject in rejects:
            self._lake.reject(reject.row, reject.field, reject.reason)
        rows = pc.add(chunk.rows, source_row(chunk.part.number, 0))
        self._vault.keep(chunk.columns, rows, rejects)

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
            told=self._vault.told,
            parts=parts,
        )
