"""The canonical tables: any channel can deliver them as CSV or Parquet without a mapping."""

from __future__ import annotations

from ringfence.records.columns import Table
from ringfence.records.illness import ILLNESS
from ringfence.records.movements import MOVEMENTS
from ringfence.records.registers import REGISTERS
from ringfence.records.transport import TRANSPORT

TABLES: dict[str, Table] = {
    table.name: table for table in (*REGISTERS, *MOVEMENTS, *ILLNESS, *TRANSPORT)
}
