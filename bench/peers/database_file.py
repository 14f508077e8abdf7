"""A DuckDB file that a peer fills once, and then answers from without changing it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from bench.peers.asking import Answer, Loaded

Connection = duckdb.DuckDBPyConnection


@contextmanager
def filled(
    file: Path,
    fill: Callable[[Connection], None],
    ask: Callable[[Connection, str], Answer],
    settings: str = "",
) -> Iterator[Loaded]:
    """`fill` may write; `ask` answers for a case, and only reads. The file is gone afterwards.

    `settings`: statements for the connection that is asked.
    """
    file.unlink(missing_ok=True)
    with duckdb.connect(str(file)) as db:
        db.execute("SET memory_limit = '2GB'")
        fill(db)
    with duckdb.connect(str(file), read_only=True) as db:
        if settings:
            db.execute(settings)
        yield Loaded(lambda case: ask(db, case), file.stat().st_size)
    file.unlink()
