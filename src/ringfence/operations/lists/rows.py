"""Rows of a received list as persons to check: brought to normal form, or refused with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import Text
from ringfence.lake import Reject
from ringfence.lake.lineage import source_row
from ringfence.operations.lists.form import COLUMNS, ListForm
from ringfence.sources.normalise import Setting, normalise
from ringfence.sources.raw.model import RawChunk

NOBODY = Text(
    "has nothing by which the person can be found: no document, telephone or plate, "
    "and no name with an address",
    "没有可用于查找该人员的信息：无证件、电话、车牌，也无姓名加住址",
)
_MUST_BE_RIGHT = frozenset({"name", "id_kind", "id_number"})


@dataclass(frozen=True)
class Listed:
    """One valid row. `emptied`: columns whose value was wrong and is left out."""

    row: int
    fields: Mapping[str, str]
    emptied: tuple[str, ...] = ()


def read_rows(
    chunk: RawChunk, form: ListForm, setting: Setting
) -> tuple[list[Listed], list[Reject]]:
    """Every row is listed or refused.

    A wrong document number or name refuses the row: somebody else might be looked for. A wrong
    telephone or address is left out where something else finds the person.
    """
    values, faults = _normalised(chunk, form, setting)
    lineage = [source_row(chunk.part.number, row) for row in chunk.rows.to_pylist()]
    columns = {name: found.to_pylist() for name, found in values.items()}
    listed: list[Listed] = []
    refused = list(chunk.rejects)
    for at, row in enumerate(lineage):
        wrong = {name: told[at] for name, told in faults.items() if at in told}
        fields = {name: cells[at] for name, cells in columns.items() if cells[at]}
        reject = _reject(row, fields, wrong, form)
        if reject is None:
            listed.append(Listed(row, fields, tuple(wrong)))
        else:
            refused.append(reject)
    return listed, refused


def _normalised(
    chunk: RawChunk, form: ListForm, setting: Setting
) -> tuple[dict[str, pa.StringArray], dict[str, Mapping[int, Text]]]:
    values: dict[str, pa.StringArray] = {}
    faults: dict[str, Mapping[int, Text]] = {}
    own = replace(setting, words=form.words)
    for name in ("id_kind", *(n for n in COLUMNS if n != "id_kind")):
        cells = [chunk.columns[c] for c in form.columns.get(name, ()) if c in chunk.columns]
        if not cells:
            continue
        one = pc.coalesce(*cells) if len(cells) > 1 else cells[0]
        if name == "id_number":
            done = normalise("id_number", one, setting, id_kinds=values.get("id_kind"))
        else:
            done = normalise(COLUMNS[name], one, own if name == "id_kind" else setting)
        values[name], faults[name] = done.values, done.faults
    return values, faults


def _reject(
    row: int, fields: Mapping[str, str], wrong: Mapping[str, Text], form: ListForm
) -> Reject | None:
    for name in sorted(_MUST_BE_RIGHT & wrong.keys()):
        return Reject(row, _label(form, name), wrong[name])
    found = fields.keys() & {"id_number", "phone", "plate"} or {"name", "address"} <= fields.keys()
    if found:
        return None
    for name in ("phone", "plate", "address"):
        if name in wrong:
            return Reject(row, _label(form, name), wrong[name])
    return Reject(row, "", NOBODY)


def _label(form: ListForm, name: str) -> str:
    """What the column is called in the sender's file."""
    return " / ".join(form.columns[name])
