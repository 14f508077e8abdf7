"""Contacts as Parquet: one row each, lists as lists, instants in UTC that show the home's zone."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.trace.result import Trace
from ringfence.trace.views.rows import shapes


def table(trace: Trace) -> pa.Table:
    types = {
        "text": pa.string(),
        "texts": pa.list_(pa.string()),
        "whole": pa.int64(),
        "number": pa.float64(),
        "truth": pa.bool_(),
        "instant": pa.timestamp("us", tz=trace.zone),
        "day": pa.date32(),
    }
    columns = [column for column in shapes("en") if not column.only_for_people]
    schema = pa.schema([(column.name, types[column.holds]) for column in columns])
    return pa.table(
        {
            column.name: [column.value(trace, contact) for contact in trace.contacts]
            for column in columns
        },
        schema=schema,
    )


def write(trace: Trace, target: Path | IO[bytes]) -> None:
    pq.write_table(table(trace), target, compression="zstd")
