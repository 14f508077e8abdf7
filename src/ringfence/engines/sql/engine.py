"""The engine that scans: one portable expression per question, run on DuckDB."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from ringfence.engines.question import Question
from ringfence.engines.snapshot import Snapshot
from ringfence.engines.sql import inputs, rules
from ringfence.engines.sql.answer import answer
from ringfence.engines.sql.columns import EXEMPTION, RULE, arrow_types
from ringfence.engines.sql.compiled import Compiler
from ringfence.engines.sql.duckdb_backend import DuckBackend, Wanted
from ringfence.engines.sql.lookup import rows_of
from ringfence.engines.sql.search import Search
from ringfence.protocols.model import Rule
from ringfence.records import TABLES


class SqlEngine:
    """Answers by portable expressions on DuckDB; for one thread at a time."""

    name = "sql"

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._backend = DuckBackend(snapshot)
        self._compiler = Compiler(snapshot.compiled)
        self._as_of = int(snapshot.as_of.timestamp())
        self._denied: int | None = None
        for name, rows in inputs.constants(self._as_of).items():
            self._backend.give(name, rows)

    def ask(self, question: Question) -> pa.Table:
        """Rows of ANSWER, in any order."""
        asked = rules.evaluated(question.protocol, question.order)
        if not asked or not question.focuses:
            return answer(None, asked)
        if self._denied is None:
            self._denied = self._learn_denied()
        self._backend.give("focus", inputs.focuses(question.focuses, self._as_of))
        self._backend.give("closed", inputs.closed(question.closed))
        self._backend.give("dwell", inputs.dwells(question.protocol))
        search = Search(
            self._backend,
            self._compiler,
            question,
            zone=self._snapshot.zone,
            denied=self._denied > 0,
        )
        if search.run() == 0:
            return answer(None, asked)
        return answer(self._backend.fetch(self._judging(asked)), asked)

    def _judging(self, asked: Sequence[Rule]) -> str:
        """The rules as data, and the expression for what they ask for."""
        self._backend.give("rule", rules.rule_rows(asked, arrow_types(RULE)))
        self._backend.give("exemption", rules.exemption_rows(asked, arrow_types(EXEMPTION)))
        timed = [rule.minutes for rule in asked if rule.minutes is not None]
        exemptions = [exemption for rule in asked for exemption in rule.exemptions]
        return self._compiler.sql(
            "judging.judged",
            any(minutes.within_hours is None for minutes in timed),
            any(minutes.within_hours is not None for minutes in timed),
            bool(exemptions),
            any(exemption.doses is not None for exemption in exemptions),
        )

    def rows(self, table: str, column: str, keys: Sequence[str] | None) -> pa.Table:
        """Current rows of a table whose `column` is one of `keys` (None: all)."""
        files = self._snapshot.files(table)
        if not files.fresh and keys is not None and column in files.lookups:
            schema = TABLES[table].schema
            return rows_of(files.lookups[column], column, dict.fromkeys(keys), schema)
        if keys is None:
            self._backend.bind(table)
            return self._backend.fetch(self._compiler.sql("gathering.all_rows", table))
        narrowed = column in TABLES[table].key
        self._backend.give("wanted_key", pa.table({"key": pa.array(list(keys), pa.string())}))
        self._backend.bind(table, Wanted(column, dict.fromkeys(keys)) if narrowed else None)
        sql = self._compiler.sql("gathering.rows_among", table, column, narrowed)
        return self._backend.fetch(sql)

    def _learn_denied(self) -> int:
        """Denied stays are few: all are read once and kept. How many there are."""
        self._backend.bind_versions("presence")
        denied = self._backend.fetch(self._compiler.sql("described.subjects_with_denials"))
        subjects = dict.fromkeys(denied["subject"].to_pylist())
        self._backend.bind("presence", Wanted("subject", subjects))
        self._backend.keep("denied", self._compiler.sql("described.denied_stays"))
        return self._backend.count("denied")
