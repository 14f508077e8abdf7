"""Inputs of the expressions, bound to data only when they run."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from ringfence.engines.sql import columns


def relation(name: str, schema: dict[str, str]) -> ir.Table:
    """A relation of the given columns."""
    return ibis.table(schema, name=name)


def looked_up(table: str, by: str) -> ir.Table:
    """Current rows of a lake table, looked up by `by`."""
    return ibis.table(columns.looked_up(table), name=f"{table}_by_{by}")
