"""Inputs of the expressions, bound to data only when they run."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from ringfence.records import INSTANT, TABLES


def relation(name: str, schema: dict[str, str]) -> ir.Table:
    """A relation of the given columns."""
    return ibis.table(schema, name=name)


def lake_table(table: str, by: str | None = None) -> ir.Table:
    """Current rows of a lake table: all of them, or those of the keys wanted of column `by`."""
    columns = {field.name: _IBIS_TYPE[field.type] for field in TABLES[table].schema}
    return ibis.table(columns, name=f"{table}_rows" if by is None else f"{table}_by_{by}")


_IBIS_TYPE = {
    pa.string(): "string",
    pa.int64(): "int64",
    pa.float64(): "float64",
    pa.bool_(): "boolean",
    pa.date32(): "date",
    pa.list_(pa.string()): "array<string>",
    INSTANT: "timestamp('UTC')",
}
