"""A stored value as a canonical file would write it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ringfence.records import Column, Kind
from ringfence.sources.frame import Frame


def stored_text(column: Column, row: Mapping[str, Any], frame: Frame) -> str | None:
    """In the frame's zone, a day without its time; None where the row says nothing."""
    value = row.get(column.name)
    if value is None:
        return None
    if isinstance(value, datetime):
        local = value.astimezone(frame.zone)
        precision = row.get(column.precision_column or f"{column.name}_precision")
        is_day = column.kind is Kind.MOMENT and precision == "day"
        return local.date().isoformat() if is_day else local.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ";".join(str(part) for part in value)
    return str(value)
