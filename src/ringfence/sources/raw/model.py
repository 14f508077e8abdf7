"""A delivered file as text cells: what is known of its form, its parts and its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from ringfence.lake.receipt import Reject


@dataclass(frozen=True)
class Form:
    """What is said of a file's form; None: found out from its bytes.

    `header_row` counts from 1 as a spreadsheet shows it. `sheet`: None is the first one. `records`:
    dotted path to the array of a JSON file. `totals`: a row whose first filled cell is one of these
    ends the table.
    """

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    records: str | None = None
    totals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One table within a delivery: the file itself (name empty), a sheet, a member of an archive."""

    number: int
    name: str


@dataclass(frozen=True)
class RawChunk:
    """Some rows of a part as text cells; a null is an empty cell.

    `rows` (int64) are numbered as a spreadsheet shows them, the header included. `rejects`: rows
    that could not be split into cells.
    """

    part: Part
    columns: Mapping[str, pa.StringArray]
    rows: pa.Int64Array
    rejects: tuple[Reject, ...] = field(default=())
