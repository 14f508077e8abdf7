"""Gathers the overlaps of a question's focuses with others from the lake's files."""

from __future__ import annotations

import pyarrow as pa

from ringfence.engines.question import Question
from ringfence.engines.sql import inputs, rules
from ringfence.engines.sql.compiled import Compiler
from ringfence.engines.sql.duckdb_backend import DuckBackend

DAY = inputs.DAY


class Search:
    """One question's way through the lake; leaves the relation `overlap` in the backend."""

    def __init__(
        self, backend: DuckBackend, compiler: Compiler, question: Question, zone: str
    ) -> None:
        self._compiler = compiler
        self._zone = zone
        self._backend = backend
        self._question = question
        self._rules = rules.evaluated(question.protocol, question.order)
        self._lag = 60 * max(rule.lag_minutes for rule in self._rules)
        kinds = {kind for rule in self._rules for kind in rule.evidence}
        self._events = "event" in kinds and bool(question.protocol.dwells)
        self._places = bool(kinds & {"presence", "event"})
        self._encounters = "encounter" in kinds
        self._links = "link" in kinds
        self._windows = [(f.start, f.end) for f in question.focuses if f.start < f.end]

    def run(self) -> int:
        """Number of overlaps found."""
        subjects = sorted({focus.subject for focus in self._question.focuses})
        self._backend.give("focus_subject", pa.table({"subject": pa.array(subjects, pa.string())}))
        self._bind_sides()
        if self._places:
            self._find_stays()
            self._find_others()
        found = self._backend.keep(
            "found_overlap",
            self._compiler.sql(
                "gathering.found_overlaps", self._places, self._encounters, self._links, self._lag
            ),
        )
        self._complete()
        return found

    def _bind_sides(self) -> None:
        days = inputs.days_between(self._windows)
        for table, wanted in (("encounter", self._encounters), ("link", self._links)):
            if wanted:
                side_a, side_b = ("subject_a", "focus_subject"), ("subject_b", "focus_subject")
                self._backend.bind(table, "first", days=days, among=side_a)
                self._backend.bind(table, "second", days=days, among=side_b)

    def _find_stays(self) -> None:
        backend, reach = self._backend, inputs.longest_dwell(self._question.protocol)
        subject = ("subject", "focus_subject")
        backend.bind("presence", "first", days=inputs.days_between(self._windows), among=subject)
        found = ["found_presence"]
        backend.keep("found_presence", self._compiler.sql("stays.focus_presences"))
        if self._events:
            near = ((start - reach, end + reach) for start, end in self._windows)
            backend.bind("event", "first", days=inputs.days_between(near), among=subject)
            backend.keep("raw_event", self._compiler.sql("stays.focus_raw_events"))
        self._describe_places()
        if self._events:
            found.append("found_event")
            backend.keep("found_event", self._compiler.sql("stays.focus_dwells"))
        backend.keep("stay", self._compiler.sql("gathering.open_stays", tuple(found)))

    def _describe_places(self) -> None:
        self._backend.keep(
            "wanted_place", self._compiler.sql("gathering.wanted_places", self._events)
        )
        self._backend.bind("place", among=("place", "wanted_place"))
        self._backend.keep("place_facts", self._compiler.sql("described.place_facts"))

    def _find_others(self) -> None:
        backend, reach = self._backend, inputs.longest_dwell(self._question.protocol)
        backend.keep("span", self._compiler.sql("stays.spans", self._lag))
        spans = _distinct_days(backend.fetch('SELECT "start", "end" FROM span'))
        place = ("place", "wanted_place")
        backend.bind("presence", "second", days=inputs.days_between(spans), among=place)
        if self._events:
            near = ((start - reach, end + reach) for start, end in spans)
            backend.bind("event", "second", days=inputs.days_between(near), among=place)
        backend.keep("other", self._compiler.sql("gathering.others", self._events))

    def _complete(self) -> None:
        """Adds what the registers tell of persons, where a rule asks for it."""
        protocol, order = self._question.protocol, self._question.order
        roles = rules.needs_roles(protocol, order)
        doses = rules.needs_doses(protocol, order)
        if roles or doses:
            self._backend.keep("wanted_subject", self._compiler.sql("gathering.wanted_subjects"))
        if roles:
            self._backend.bind("subject", among=("subject", "wanted_subject"))
            self._backend.keep("subject_role", self._compiler.sql("described.subject_roles"))
        if doses:
            disease = pa.table({"disease": pa.array([protocol.disease], pa.string())})
            self._backend.give("wanted_disease", disease)
            self._backend.bind("vaccination", among=("subject", "wanted_subject"))
            given = self._backend.fetch(self._compiler.sql("described.vaccinations"))
            self._backend.give("dose", inputs.doses(given, self._zone))
        self._backend.keep("overlap", self._compiler.sql("gathering.numbered_overlaps", roles))


def _distinct_days(spans: pa.Table) -> list[tuple[int, int]]:
    """The spans by whole days, each once."""
    days = {
        (start // DAY * DAY, -(-end // DAY) * DAY)
        for start, end in zip(spans["start"].to_pylist(), spans["end"].to_pylist(), strict=True)
    }
    return sorted(days)
