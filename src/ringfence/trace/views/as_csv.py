"""Contacts as CSV for a spreadsheet: one row each, lists joined by ';'."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from ringfence.records.formulas import harmless
from ringfence.trace.result import Trace
from ringfence.trace.views.figures import iso
from ringfence.trace.views.rows import Cell, shapes

_BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the machine's own code page


def content(trace: Trace, language: str = "en") -> bytes:
    columns = shapes(language)
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow([column.name for column in columns])
    for contact in trace.contacts:
        writer.writerow([_cell(column.value(trace, contact), trace.zone) for column in columns])
    return (_BYTE_ORDER_MARK + sheet.getvalue()).encode("utf-8")


def _cell(value: Cell, zone: str) -> str | int | float:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case datetime():
            return iso(value, zone)
        case tuple():
            return harmless(";".join(value))
        case str():
            return harmless(value)
    return "" if value is None else value.isoformat()
