"""Finds the records that may matter to a question, by the persons and then by their places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ringfence.engines.question import Question
from ringfence.engines.sql import inputs, rules
from ringfence.engines.sql.columns import ENCOUNTER_SIDE, LINK_SIDE, arrow_schema, looked_up
from ringfence.engines.sql.current import CurrentRows, Wanted, as_read
from ringfence.engines.sql.duckdb_backend import DuckBackend
from ringfence.engines.sql.lookup import Days

_SIDED = {"encounter": ENCOUNTER_SIDE, "link": LINK_SIDE}
_ORIGIN = pa.schema([("batch", pa.string()), ("source_row", pa.int64())])
_FAR = 1 << 40


class Search:
    """One question's records. The relations `<table>_by_<column>` hold them when it has run."""

    def __init__(self, current: CurrentRows, backend: DuckBackend, question: Question) -> None:
        self._current = current
        self._backend = backend
        self._question = question
        asked = rules.evaluated(question.protocol, question.order)
        self.lag = 60 * max(rule.lag_minutes for rule in asked)
        self._asked = {kind for rule in asked for kind in rule.evidence}
        if not question.protocol.dwells:
            self._asked.discard("event")
        self._reach = inputs.longest_dwell(question.protocol) if "event" in self._asked else 0
        self._origins: list[pa.Table] = []

    def run(self) -> tuple[str, ...]:
        """The kinds of records of which there are any, in the order of their names."""
        near = self._subjects(0)
        found = {t for t in _SIDED if t in self._asked and self._both_sides(t, near)}
        stayed = [table for table in ("presence", "event") if table in self._asked]
        rows: dict[str, pa.Table] = {}
        for table in stayed:
            reach = self._reach_of(table)
            rows[table] = self._look_up(table, "subject", self._subjects(reach) if reach else near)
        places = self._places(rows)
        self._look_up("place", "place", dict.fromkeys(places))
        for table in stayed:
            others = self._look_up(table, "place", places)
            if rows[table].num_rows or others.num_rows:
                found.add(table)
        return tuple(sorted(found))

    def origins(self) -> pa.Table:
        """Batch and source_row of every record found; a record's `ref` is its place here."""
        return pa.concat_tables([_ORIGIN.empty_table(), *self._origins]).combine_chunks()

    def _both_sides(self, table: str, subjects: Mapping[str, Days | None]) -> bool:
        """Records of two persons, told from the side of each focus."""
        schema = arrow_schema(_SIDED[table])
        told = [schema.empty_table()]
        for mine, theirs in (("a", "b"), ("b", "a")):
            rows = self._current.near(table, Wanted(f"subject_{mine}", subjects))
            sides = {f"{name}_{mine}": name for name in ("subject", "mask")}
            sides |= {f"subject_{theirs}": "other", f"mask_{theirs}": "other_mask"}
            named = rows.rename_columns([sides.get(name, name) for name in rows.column_names])
            told.append(as_read(self._referring(named), schema))
        both = pa.concat_tables(told)
        self._backend.give(f"{table}_side", both)
        return bool(both.num_rows)

    def _look_up(self, table: str, column: str, keys: Mapping[str, Days | None]) -> pa.Table:
        rows = self._current.near(table, Wanted(column, keys))
        given = as_read(self._referring(rows), arrow_schema(looked_up(table)))
        self._backend.give(f"{table}_by_{column}", given)
        return given

    def _referring(self, rows: pa.Table) -> pa.Table:
        """The rows with `ref`, a number that stands for where each came from."""
        first = sum(origin.num_rows for origin in self._origins)
        self._origins.append(rows.select(_ORIGIN.names))
        return rows.append_column("ref", pa.array(np.arange(first, first + rows.num_rows)))

    def _reach_of(self, table: str) -> int:
        """Seconds that a stay can reach beyond its record."""
        return self._reach if table == "event" else 0

    def _subjects(self, reach: int) -> dict[str, Days | None]:
        """The focuses' persons, with the days on which a record of theirs may start."""
        spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for focus in self._question.focuses:
            if focus.start < focus.end:
                spans[focus.subject].append((focus.start - reach, focus.end + reach))
        return {subject: inputs.days_between(of) for subject, of in spans.items()}

    def _places(self, rows: Mapping[str, pa.Table]) -> dict[str, Days | None]:
        """The places of the focuses, with the days on which a record that matters may start."""
        near: defaultdict[str, set[tuple[date, date]]] = defaultdict(set)
        for table, found in rows.items():
            for place, first, last in self._days_at_places(table, found):
                near[place].add((first, last))
        return {place: tuple(sorted(days)) for place, days in near.items()}

    def _days_at_places(self, table: str, rows: pa.Table) -> Iterator[tuple[str, date, date]]:
        """Place, first and last day, once each; more than needed, never less."""
        if not rows.num_rows:
            return
        begun = rows["at" if table == "event" else "start"].to_numpy()
        ended = begun if table == "event" else pc.fill_null(rows["end"], _FAR).to_numpy()
        reach = self._reach_of(table)
        least, most = self._windows(rows["subject"])
        first = np.maximum(begun - reach, least)
        last = np.minimum(ended + reach, most) + self.lag + self._reach
        kept = first < last
        days = pa.table(
            {
                "place": rows["place"].filter(pa.array(kept)),
                "first": (first[kept] - self._reach) // inputs.DAY - 1,
                "last": (last[kept] - 1) // inputs.DAY,
            }
        )
        for row in days.group_by(days.column_names).aggregate([]).to_pylist():
            yield row["place"], inputs.day(row["first"]), inputs.day(row["last"])

    def _windows(self, subjects: pa.ChunkedArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For each row, from when to when its person matters to any focus."""
        least: dict[str, int] = {}
        most: dict[str, int] = {}
        for focus in self._question.focuses:
            least[focus.subject] = min(focus.start, least.get(focus.subject, focus.start))
            most[focus.subject] = max(focus.end, most.get(focus.subject, focus.end))
        coded = pc.dictionary_encode(subjects.combine_chunks())
        names = coded.dictionary.to_pylist()
        codes = coded.indices.to_numpy(zero_copy_only=False)
        return (
            np.array([least[name] for name in names], np.int64)[codes],
            np.array([most[name] for name in names], np.int64)[codes],
        )
