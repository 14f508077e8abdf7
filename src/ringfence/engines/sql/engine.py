"""The engine that scans: portable expressions for a question, run on DuckDB."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence.engines.question import ANSWER, Question, about_persons
from ringfence.engines.snapshot import Snapshot
from ringfence.engines.sql import columns, inputs, rules
from ringfence.engines.sql.answer import answer
from ringfence.engines.sql.columns import arrow_schema, looked_up
from ringfence.engines.sql.compiled import Argument, Compiler
from ringfence.engines.sql.current import CurrentRows, as_read
from ringfence.engines.sql.duckdb_backend import DuckBackend
from ringfence.engines.sql.search import Search
from ringfence.protocols.model import Rule

_LOOKED_UP = (
    ("presence", "subject"),
    ("presence", "place"),
    ("event", "subject"),
    ("event", "place"),
    ("place", "place"),
    ("subject", "subject"),
    ("vaccination", "subject"),
)
_GIVEN = {
    "focus": columns.FOCUS,
    "closed": columns.CLOSED,
    "dwell": columns.DWELL,
    "encounter_side": columns.ENCOUNTER_SIDE,
    "link_side": columns.LINK_SIDE,
    "rule": columns.RULE,
    "exemption": columns.EXEMPTION,
    "place_facts": columns.PLACE_FACTS,
    "overlap": columns.NUMBERED_OVERLAP,
    "touch": columns.TOUCH,
    "wanted_disease": columns.DISEASE,
    "dose": columns.DOSE,
    **{f"{table}_by_{column}": looked_up(table) for table, column in _LOOKED_UP},
}


class SqlEngine:
    """Answers by portable expressions on DuckDB; for one thread at a time."""

    name = "sql"

    def __init__(self, snapshot: Snapshot) -> None:
        fresh = any(files.fresh for files in snapshot.tables.values())
        self.snapshot = snapshot
        self._backend = DuckBackend(snapshot.spill, one_thread=not fresh)
        self._compiler = Compiler(snapshot.compiled)
        self._current = CurrentRows(snapshot, self._backend)
        self._as_of = int(snapshot.as_of.timestamp())
        self._denied: bool | None = None
        self._backend.keep(inputs.constants(self._as_of))
        for name, relation in _GIVEN.items():
            self._give(name, arrow_schema(relation).empty_table())

    def ask(self, question: Question) -> pa.Table:
        """Rows of ANSWER, in any order."""
        asked = rules.evaluated(question.protocol, question.order)
        if not asked or not question.focuses:
            return ANSWER.empty_table()
        question = about_persons(question, self.snapshot.persons)
        if self._denied is None:
            self._denied = self._learn_denied()
        self._give("focus", inputs.focuses(question.focuses, self._as_of))
        self._give("closed", inputs.closed(question.closed))
        self._give("dwell", inputs.dwells(question.protocol))
        self._give("rule", rules.rule_rows(asked))
        self._give("exemption", rules.exemption_rows(asked))
        search = Search(self._current, self._backend, question)
        kinds = search.run()
        if not kinds:
            return ANSWER.empty_table()
        self._give("place_facts", self._run("described.place_facts"))
        overlap = self._run("gathering.overlaps", kinds, search.lag, self._denied)
        if not overlap.num_rows:
            return ANSWER.empty_table()
        self._give("overlap", _numbered(overlap))
        settled = self._judge(question, asked, overlap)
        return answer(settled, overlap, search.origins(), asked)

    def rows(self, table: str, column: str, keys: Sequence[str] | None) -> pa.Table:
        """Current rows of a table whose `column` is one of `keys` (None: all)."""
        if keys is None:
            return self._current.all_of(table)
        return self._current.of_keys(table, column, keys)

    def _judge(self, question: Question, asked: Sequence[Rule], overlap: pa.Table) -> pa.Table:
        """What judging.settled tells of the overlaps, once the registers were asked."""
        protocol, order = question.protocol, question.order
        roles = rules.needs_roles(protocol, order)
        doses = rules.needs_doses(protocol, order)
        if roles or doses:
            self._ask_registers(question, overlap, roles=roles, doses=doses)
        self._give("touch", self._run("judging.touches", roles))
        if any(rule.exemptions for rule in asked):
            self._give("touch", self._run("judging.unexempted", doses))
        timed = [rule.minutes for rule in asked if rule.minutes is not None]
        in_all = any(minutes.within_hours is None for minutes in timed)
        within = any(minutes.within_hours is not None for minutes in timed)
        return self._run("judging.settled", in_all, within)

    def _ask_registers(
        self, question: Question, overlap: pa.Table, *, roles: bool, doses: bool
    ) -> None:
        """What registers tell of the persons of the overlaps: roles, vaccinations."""
        others = pc.unique(overlap["other"]).to_pylist()
        people = list(dict.fromkeys([*others, *(focus.subject for focus in question.focuses)]))
        if roles:
            self._look_up("subject", people)
        if doses:
            self._give("wanted_disease", pa.table({"disease": [question.protocol.disease]}))
            self._look_up("vaccination", people)
            given = self._run("described.vaccinations")
            self._give("dose", inputs.doses(given, self.snapshot.zone))

    def _learn_denied(self) -> bool:
        """Whether anybody denied a stay. Denied stays are few: all are read once and kept."""
        subjects = self._current.subjects_with("presence", "certainty", "denied")
        if subjects:
            self._look_up("presence", subjects)
            self._backend.keep({"denied": self._run("described.denied_stays")})
        return bool(subjects)

    def _look_up(self, table: str, subjects: Sequence[str]) -> None:
        rows = self._current.of_keys(table, "subject", subjects)
        refs = pa.nulls(rows.num_rows, pa.int64())
        read = as_read(rows.append_column("ref", refs), arrow_schema(looked_up(table)))
        self._give(f"{table}_by_subject", read)

    def _give(self, name: str, rows: pa.Table) -> None:
        schema = arrow_schema(_GIVEN[name])
        self._backend.give(name, rows.select(schema.names).cast(schema))

    def _run(self, expression: str, *arguments: Argument) -> pa.Table:
        return self._backend.run(self._compiler.sql(expression, *arguments))


def _numbered(overlap: pa.Table) -> pa.Table:
    """Overlaps with their place in the table, and a number for each other person."""
    others = pc.dictionary_encode(overlap["other"].combine_chunks()).indices
    counted = pa.array(np.arange(overlap.num_rows))
    return overlap.append_column("overlap_id", counted).append_column("other_number", others)
