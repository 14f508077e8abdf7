"""A first mapping of a file that nobody has seen before, with its doubts marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from ringfence.errors import DataError, Text, UsageError
from ringfence.sources.delivered import Delivered
from ringfence.sources.mapping.draft_cells import Cells, first_filled, first_rows
from ringfence.sources.mapping.draft_doubts import MARK, first_table
from ringfence.sources.mapping.draft_fields import Fields
from ringfence.sources.mapping.draft_records import Line, Records
from ringfence.sources.mapping.draft_writing import TOTALS, Writer
from ringfence.sources.mapping.roles import guess
from ringfence.sources.raw import formats
from ringfence.sources.raw.detecting import likely_sheets
from ringfence.sources.raw.model import Form, Found
from ringfence.sources.raw.reading import read_raw

Columns = Mapping[str, pa.StringArray]

_TOTAL = re.compile(r"(?:(?:合\s*计|总\s*计|(?:grand )?total)[\s/:：]*)+", re.IGNORECASE)
"""Nothing else may stand beside it: a name could. A subtotal ends no table."""
_LAST_ROWS = 20


@dataclass(frozen=True)
class Draft:
    text: str
    doubts: int
    rows: int


def draft(
    delivered: Delivered,
    name: str,
    zone: str,
    now: datetime,
    *,
    language: str = "en",
    sheet: str | None = None,
    header_row: int | None = None,
) -> Draft:
    """Look at the first rows of a file and write a mapping that reads it.

    `sheet`: left out, the first visible one that looks like a table.
    """
    found, columns = _read(delivered, Form(totals=TOTALS, sheet=sheet, header_row=header_row))
    cells = Cells(columns, ZoneInfo(zone), now)
    if not cells.rows:
        raise DataError(
            f"{delivered.name} has no row to learn from", f"{delivered.name} 中没有可供分析的数据行"
        )
    fields = Fields([guess(c, values, cells.zone, now) for c, values in columns.items()], cells)
    records = Records(fields.by_role)
    fields.keep_only(records.used)
    written = list(Writer(name, found, cells, fields, records).lines())
    shown = [f"{' ' * indent}{line}" for indent, one in written for line in _shown(one, language)]
    doubts = sum(isinstance(line, Text) for _, line in written)
    return Draft("\n".join(shown) + "\n", doubts, cells.rows)


def _shown(line: Line, language: str) -> list[str]:
    """A doubt of several lines is one comment."""
    if not isinstance(line, Text):
        return [line]
    first, *others = line.to(language).split("\n")
    return [f"{MARK.to(language)}{first}", *(f"# {other}" for other in others)]


def _read(delivered: Delivered, form: Form) -> tuple[Found, Columns]:
    likely = likely_sheets(delivered, form) if form.sheet is None else ()
    for sheet in likely:
        found, columns = _first(delivered, replace(form, sheet=sheet))
        if any(len(values) for values in columns.values()):
            others = len(found.sheets) - 1
            doubt = (first_table(sheet, others),) if others else ()
            return replace(found, doubts=(*found.doubts, *doubt)), columns
    found, columns = _first(delivered, form)
    _refuse_unmeant(delivered.name, form, found.form)
    return found, columns


def _first(delivered: Delivered, form: Form) -> tuple[Found, Columns]:
    delivered.file.seek(0)
    raw = read_raw(delivered, form, lambda _: None)
    found = raw.found[raw.parts[0].number]
    columns = first_rows(raw.chunks(), found.columns)
    ending = _ending(columns, form.totals)
    if ending is not None:
        return _first(delivered, replace(form, totals=(*form.totals, ending)))
    return found, columns


def _ending(columns: Columns, known: Sequence[str]) -> str | None:
    """What a totals row near the end is called, where that is another word than the usual."""
    rows = len(next(iter(columns.values()), ()))
    for text in first_filled(columns, range(max(rows - _LAST_ROWS, 0), rows)):
        if _TOTAL.fullmatch(text.strip()) and text.strip() not in known:
            return text.strip()
    return None


def _refuse_unmeant(name: str, asked: Form, found: Form) -> None:
    """What was asked for would be written into the mapping, and mean nothing there."""
    if asked.sheet is not None and found.format != formats.XLSX:
        raise UsageError(
            f"{name} is no workbook: leave --sheet out", f"{name} 不是工作簿：请去掉 --sheet"
        )
    if asked.header_row is not None and found.format not in (formats.XLSX, formats.CSV):
        raise UsageError(
            f"{name} has no header row: leave --header-row out",
            f"{name} 没有表头行：请去掉 --header-row",
        )
