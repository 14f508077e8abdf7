"""A mapping applied to some rows: values normalised, persons pseudonymised, records built.

A source row is taken whole or refused whole: one fault in any of its fields, or in any record that
it makes, sets all of it aside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ringfence.errors import Text
from ringfence.lake.lineage import source_row
from ringfence.lake.receipt import Reject
from ringfence.records import TABLES
from ringfence.sources.frame import Frame
from ringfence.sources.mapping.binding import Binding
from ringfence.sources.mapping.building import Subjects, build, label_of
from ringfence.sources.mapping.conditions import Mask, as_mask, holds
from ringfence.sources.mapping.datums import in_wgs84
from ringfence.sources.mapping.model import WGS_84, Channel, PersonValue, Record, VehicleValue
from ringfence.sources.mapping.units import Units
from ringfence.sources.mapping.values import Fields, read_fields
from ringfence.sources.normalise.places import PlaceBook
from ringfence.sources.normalise.regions import RegionYears
from ringfence.sources.raw.model import RawChunk
from ringfence.sources.rows import Chunk, check

Pseudonyms = Callable[[str, Sequence[str]], list[str]]
"""Kind and values in normal form → one pseudonym for each."""

Numbers = NDArray[np.int64]
NOT_SKIPPED = -1


@dataclass(frozen=True)
class Identities:
    """What rows say of one person or vehicle of the mapping: a subject and fields for each row."""

    person: str
    subjects: pa.StringArray
    rows: pa.Int64Array
    fields: Mapping[str, pa.StringArray]


@dataclass(frozen=True)
class Applied:
    """What became of some rows: rows_in = accepted + skipped + refused, always.

    `skipped`: how many rows each skip of the mapping took and, last, how many made no record.
    """

    rows_in: int
    accepted: int
    skipped: tuple[int, ...]
    emptied: Mapping[str, int]
    records: tuple[tuple[str, pa.RecordBatch], ...]
    identities: tuple[Identities, ...]
    rejects: tuple[Reject, ...] = field(default=())


@dataclass(frozen=True)
class Circumstances:
    """What the meaning of rows depends on beside the mapping: the home, the clock, the vault.

    `regions`: years of region codes, where they were loaded. `places`: known places by name.
    `units`: in which of the divisions that were loaded an address lies.
    """

    frame: Frame
    synthetic: bool
    pseudonyms: Pseudonyms
    regions: RegionYears | None = None
    places: PlaceBook | None = None
    units: Units | None = None


@dataclass(frozen=True)
class _Made:
    """One kind of record of some rows, and the rows that it was made of."""

    record: Record
    mask: Mask
    accepted: pa.RecordBatch


def apply(
    channel: Channel, binding: Binding, chunk: RawChunk, circumstances: Circumstances
) -> Applied:
    count = len(chunk.rows)
    part = chunk.part.number
    split = [Reject(source_row(part, r.row), r.field, r.reason) for r in chunk.rejects]
    rows = pc.add(chunk.rows, source_row(part, 0)) if part else chunk.rows
    read = read_fields(
        channel,
        binding,
        chunk,
        now=circumstances.frame.now,
        synthetic=circumstances.synthetic,
        regions=circumstances.regions,
        places=circumstances.places,
        cases=circumstances.frame.cases,
    )
    skipped_by = _skipped(channel, read.values, count)
    faults = _field_faults(channel, read, skipped_by)
    live = skipped_by == NOT_SKIPPED
    live[[index for index, _, _ in faults]] = False
    values, rows_left = dict(read.values), rows
    if not live.all():
        kept = pa.array(live)
        values = {name: array.filter(kept) for name, array in values.items()}
        rows_left = rows.filter(kept)
    subjects = Subjects(channel, values, circumstances.pseudonyms, circumstances.frame.cases)
    made, wrong = _records(channel, values, rows_left, subjects, circumstances)
    some = np.zeros(len(rows_left), dtype=bool)
    for item in made:
        some |= item.mask
    good = some & ~as_mask(pc.is_in(rows_left, value_set=pa.array(list(wrong), pa.int64())))
    rejects = [
        *split,
        *(Reject(rows[index].as_py(), label, reason) for index, label, reason in faults),
        *(Reject(row, label, reason) for row, (label, reason) in wrong.items()),
    ]
    by_skip = [int((skipped_by == number).sum()) for number in range(len(channel.skips))]
    return Applied(
        rows_in=count + len(split),
        accepted=int(good.sum()),
        skipped=(*by_skip, int((~some).sum())),
        emptied=_emptied(read, live),
        records=_without(made, wrong),
        identities=_identities(channel, made, _Left(good, rows_left, values), subjects),
        rejects=tuple(sorted(rejects, key=lambda reject: reject.row)),
    )


def _skipped(channel: Channel, values: Mapping[str, pa.StringArray], rows: int) -> Numbers:
    """The number of the first skip that takes a row."""
    taken = np.full(rows, NOT_SKIPPED, dtype=np.int64)
    for number, skip in enumerate(channel.skips):
        taken[(taken == NOT_SKIPPED) & holds(skip.when, values, rows)] = number
    return taken


def _field_faults(
    channel: Channel, read: Fields, skipped_by: Numbers
) -> list[tuple[int, str, Text]]:
    """All faults of the rows that are not skipped, so that a row can be put right at once."""
    return [
        (index, channel.fields[name].label, reason)
        for name, wrong in read.faults.items()
        for index, reason in wrong.items()
        if skipped_by[index] == NOT_SKIPPED
    ]


def _emptied(read: Fields, live: Mask) -> dict[str, int]:
    counted = {name: int(live[list(at)].sum()) for name, at in read.emptied.items() if at}
    return {name: count for name, count in counted.items() if count}


def _records(
    channel: Channel,
    values: Mapping[str, pa.StringArray],
    rows: pa.Int64Array,
    subjects: Subjects,
    circumstances: Circumstances,
) -> tuple[list[_Made], dict[int, tuple[str, Text]]]:
    """Every record of the rows, and the first fault of each row that a record refused."""
    made: list[_Made] = []
    wrong: dict[int, tuple[str, Text]] = {}
    for record in channel.records:
        mask = holds(record.when, values, len(rows))
        columns = build(record, values, len(rows), subjects, circumstances.units)
        chosen = rows
        if not mask.all():
            kept = pa.array(mask)
            columns = {name: array.filter(kept) for name, array in columns.items()}
            chosen = rows.filter(kept)
        if record.datum != WGS_84:
            columns |= in_wgs84(record.datum, columns)
        checked = check(TABLES[record.table], Chunk(columns, chosen), circumstances.frame)
        refused = {reject.field for reject in checked.rejects}
        labels = {column: label_of(channel, record, column) for column in refused}
        for reject in checked.rejects:
            wrong.setdefault(reject.row, (labels[reject.field], reject.reason))
        made.append(_Made(record, mask, checked.accepted))
    return made, wrong


def _without(
    made: Sequence[_Made], wrong: Mapping[int, object]
) -> tuple[tuple[str, pa.RecordBatch], ...]:
    """What is stored: no record of a row that any record refused."""
    refused = pa.array(list(wrong), pa.int64())
    found = []
    for item in made:
        batch = item.accepted
        if wrong:
            batch = batch.filter(pc.invert(pc.is_in(batch["source_row"], value_set=refused)))
        if batch.num_rows:
            found.append((item.record.table, batch))
    return tuple(found)


@dataclass(frozen=True)
class _Left:
    """Rows without a fault of their fields; `good`: nor of any record, of which there is one."""

    good: Mask
    rows: pa.Int64Array
    values: Mapping[str, pa.StringArray]


def _identities(
    channel: Channel, made: Sequence[_Made], left: _Left, subjects: Subjects
) -> tuple[Identities, ...]:
    """What accepted rows say of the persons and vehicles of their records."""
    found = []
    for name, person in channel.persons.items():
        mask = _spoken_of(made, PersonValue(name), len(left.rows)) & left.good
        fields = {told: left.values[field] for told, field in person.identity.items()}
        found.append(_told(name, subjects.person(name), fields, mask, left))
    plates = {
        value.field
        for item in made
        for value in item.record.columns.values()
        if isinstance(value, VehicleValue)
    }
    for name in sorted(plates):
        mask = _spoken_of(made, VehicleValue(name), len(left.rows)) & left.good
        fields = {"plate": left.values[name]}
        found.append(_told(name, subjects.vehicle(name), fields, mask, left))
    return tuple(found)


def _spoken_of(made: Sequence[_Made], value: PersonValue | VehicleValue, rows: int) -> Mask:
    mask = np.zeros(rows, dtype=bool)
    for item in made:
        if value in item.record.columns.values():
            mask |= item.mask
    return mask


def _told(
    person: str, subjects: pa.Array, fields: Mapping[str, pa.StringArray], mask: Mask, left: _Left
) -> Identities:
    if pa.types.is_dictionary(subjects.type):
        subjects = subjects.cast(pa.string())
    kept = pa.array(mask & as_mask(pc.is_valid(subjects)))
    return Identities(
        person,
        subjects.filter(kept),
        left.rows.filter(kept),
        {name: array.filter(kept) for name, array in fields.items()},
    )
