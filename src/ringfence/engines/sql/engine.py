"""The engine that scans: one portable expression per question, run on DuckDB."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from ringfence.engines.question import Question
from ringfence.engines.snapshot import Snapshot
from ringfence.engines.sql import inputs, rules
from ringfence.engines.sql.answer import answer
from ringfence.engines.sql.compiled import Compiler
from ringfence.engines.sql.duckdb_backend import DuckBackend
from ringfence.engines.sql.search import Search
from ringfence.records import TABLES


class SqlEngine:
    """Answers by portable expressions on DuckDB; for one thread at a time."""

    name = "sql"

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._backend = DuckBackend(snapshot)
        self._compiler = Compiler(snapshot.compiled)
        self._as_of = int(snapshot.as_of.timestamp())
        self._knows_denied = False
        for name, rows in inputs.constants(self._as_of).items():
            self._backend.give(name, rows)

    def ask(self, question: Question) -> pa.Table:
        """Rows of ANSWER, in any order."""
        asked = rules.evaluated(question.protocol, question.order)
        if not asked or not question.focuses:
            return answer(None, asked)
        self._learn_denied()
        self._backend.give("focus", inputs.focuses(question.focuses, self._as_of))
        self._backend.give("closed", inputs.closed(question.closed))
        self._backend.give("dwell", inputs.dwells(question.protocol))
        search = Search(self._backend, self._compiler, question, self._snapshot.zone)
        if search.run() == 0:
            return answer(None, asked)
        sql = self._compiler.sql("judging.judged", question.protocol, question.order)
        return answer(self._backend.fetch(sql), asked)

    def rows(self, table: str, column: str, keys: Sequence[str] | None) -> pa.Table:
        """Current rows of a table whose `column` is one of `keys` (None: all)."""
        if keys is None:
            self._backend.bind(table)
            return self._backend.fetch(self._compiler.sql("gathering.all_rows", table))
        self._backend.give("wanted_key", pa.table({"key": pa.array(list(keys), pa.string())}))
        in_key = column in TABLES[table].key
        self._backend.bind(table, among=(column, "wanted_key") if in_key else None)
        return self._backend.fetch(self._compiler.sql("gathering.rows_among", table, column))

    def _learn_denied(self) -> None:
        """Denied stays are few: all are read once and kept."""
        if self._knows_denied:
            return
        self._backend.bind("presence", versions=True)
        self._backend.keep("denied_subject", self._compiler.sql("described.subjects_with_denials"))
        self._backend.bind("presence", among=("subject", "denied_subject"))
        self._backend.keep("denied", self._compiler.sql("described.denied_stays"))
        self._knows_denied = True
