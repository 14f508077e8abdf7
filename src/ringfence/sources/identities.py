"""The identity columns of a canonical `subject` file: normalised, and told to the vault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import Text
from ringfence.lake.receipt import Reject
from ringfence.records import Sensitivity, Table
from ringfence.sources.columns import convert
from ringfence.sources.frame import Frame
from ringfence.sources.normalise import Setting, normalise
from ringfence.sources.rows import Checked, Chunk, check
from ringfence.sources.to_vault import statements
from ringfence.vault import Statement

_NORMALISED = ("name", "id_number", "phone", "address")


@dataclass(frozen=True)
class Described:
    """Checked rows, with what each accepted one says of its person."""

    checked: Checked
    values: Mapping[str, pa.StringArray]

    def statements(self) -> Iterator[Statement]:
        if not self.values:
            return iter(())
        rows = self.checked.accepted
        return statements(rows["subject"], rows["source_row"], self.values)


def identity_columns(table: Table) -> tuple[str, ...]:
    return tuple(c.name for c in table.columns if c.sensitivity is Sensitivity.IDENTITY)


def check_described(table: Table, chunk: Chunk, *, frame: Frame, synthetic: bool) -> Described:
    """A row is refused whole, for its key as for its identity."""
    checked = check(table, chunk, frame)
    names = [name for name in identity_columns(table) if name in chunk.columns]
    if not names or not len(chunk.rows):
        return Described(checked, {})
    setting = Setting(zone=frame.zone, now=frame.now, synthetic=synthetic)
    values: dict[str, pa.StringArray] = {}
    rejects = list(checked.rejects)
    known = {reject.row for reject in rejects}
    for name in names:
        values[name], faults = _read(table, name, chunk, setting, values.get("id_kind"))
        for index, reason in faults.items():
            rejects.append(Reject(chunk.rows[index].as_py(), name, reason))
    wrong = pa.array(sorted({r.row for r in rejects} - known), pa.int64())
    accepted = checked.accepted
    if len(wrong):
        accepted = accepted.filter(pc.invert(pc.is_in(accepted["source_row"], value_set=wrong)))
    kept = pc.index_in(accepted["source_row"], value_set=chunk.rows)
    one_each = {reject.row: reject for reject in reversed(rejects)}
    return Described(
        Checked(accepted, tuple(one_each[row] for row in sorted(one_each))),
        {name: array.take(kept) for name, array in values.items()},
    )


def _read(
    table: Table, name: str, chunk: Chunk, setting: Setting, id_kinds: pa.StringArray | None
) -> tuple[pa.StringArray, Mapping[int, Text]]:
    given = chunk.columns[name]
    if name in _NORMALISED:
        read = normalise(name, given, setting, id_kinds=id_kinds if name == "id_number" else None)
        return read.values, read.faults
    converted = convert(table.column(name), given, setting.frame)
    return converted.arrays[0].cast(pa.string()), converted.faults
