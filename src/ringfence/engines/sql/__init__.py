"""One portable expression for each question, run on DuckDB."""

from ringfence.engines.sql.engine import SqlEngine

__all__ = ["SqlEngine"]
