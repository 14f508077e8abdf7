"""Gathers the overlaps of a question's focuses with others from the lake's files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from ringfence.engines.question import Question
from ringfence.engines.sql import inputs, rules
from ringfence.engines.sql.compiled import Compiler
from ringfence.engines.sql.duckdb_backend import DuckBackend, Wanted
from ringfence.engines.sql.lookup import Days


class Search:
    """One question's way through the lake; leaves the relation `overlap` in the backend."""

    def __init__(
        self,
        backend: DuckBackend,
        compiler: Compiler,
        question: Question,
        *,
        zone: str,
        denied: bool,
    ) -> None:
        self._compiler = compiler
        self._zone = zone
        self._denied = denied
        self._backend = backend
        self._question = question
        self._rules = rules.evaluated(question.protocol, question.order)
        self._lag = 60 * max(rule.lag_minutes for rule in self._rules)
        kinds = {kind for rule in self._rules for kind in rule.evidence}
        self._events = "event" in kinds and bool(question.protocol.dwells)
        self._places = bool(kinds & {"presence", "event"})
        self._encounters = "encounter" in kinds
        self._links = "link" in kinds
        self._reach = inputs.longest_dwell(question.protocol)

    def run(self) -> int:
        """Number of overlaps found."""
        self._bind_sides()
        if self._places:
            self._find_stays()
            self._find_others()
        if not (self._places or self._encounters or self._links):
            return 0
        self._keep_overlaps()
        return self._backend.count("overlap")

    def _keep_overlaps(self) -> None:
        """The relation `overlap`, with what the registers tell where a rule asks for it."""
        protocol, order = self._question.protocol, self._question.order
        roles = rules.needs_roles(protocol, order)
        doses = rules.needs_doses(protocol, order)
        kinds = (self._places, self._encounters, self._links)
        if not (roles or doses):
            sql = self._compiler.sql("gathering.overlaps", *kinds, self._lag)
            self._backend.keep("overlap", sql)
            return
        sql = self._compiler.sql("gathering.found_overlaps", *kinds, self._lag)
        self._backend.keep("found_overlap", sql)
        self._ask_registers(roles=roles, doses=doses)
        self._backend.keep("overlap", self._compiler.sql("gathering.numbered_overlaps", roles))

    def _bind_sides(self) -> None:
        """Encounters and links of the focuses; what has no rows is left out of the expressions."""
        self._encounters = self._encounters and self._bind_both("encounter")
        self._links = self._links and self._bind_both("link")

    def _bind_both(self, table: str) -> bool:
        subjects = self._subjects(0)
        sides = [self._backend.bind(table, Wanted(f"subject_{s}", subjects)) for s in ("a", "b")]
        return any(sides)

    def _subjects(self, reach: int) -> dict[str, Days | None]:
        """The focuses' persons, with the days on which a record of theirs may start."""
        spans: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for focus in self._question.focuses:
            if focus.start < focus.end:
                spans[focus.subject].append((focus.start - reach, focus.end + reach))
        return {subject: inputs.days_between(of) for subject, of in spans.items()}

    def _find_stays(self) -> None:
        backend, compiler = self._backend, self._compiler
        backend.bind("presence", Wanted("subject", self._subjects(0)))
        found = ["found_presence"]
        backend.keep("found_presence", compiler.sql("stays.focus_presences"))
        events = self._events and backend.bind(
            "event", Wanted("subject", self._subjects(self._reach))
        )
        if events:
            backend.keep("raw_event", compiler.sql("stays.focus_raw_events"))
        self._describe_places(events)
        if events:
            found.append("found_event")
            backend.keep("found_event", compiler.sql("stays.focus_dwells"))
        backend.keep("stay", compiler.sql("gathering.open_stays", tuple(found), self._denied))

    def _describe_places(self, events: bool) -> None:
        wanted = self._backend.fetch(self._compiler.sql("gathering.wanted_places", events))
        places = dict.fromkeys(wanted["place"].to_pylist())
        self._backend.bind("place", Wanted("place", places))
        self._backend.keep("place_facts", self._compiler.sql("described.place_facts"))

    def _find_others(self) -> None:
        backend = self._backend
        backend.keep("span", self._compiler.sql("stays.spans", self._lag))
        spans = backend.fetch('SELECT place, start, "end" FROM span').to_pylist()
        backend.bind("presence", Wanted("place", _days_of_places(spans, 0)))
        events = self._events and backend.bind(
            "event", Wanted("place", _days_of_places(spans, self._reach))
        )
        backend.keep("other", self._compiler.sql("gathering.others", events, self._denied))

    def _ask_registers(self, *, roles: bool, doses: bool) -> None:
        known = self._backend.fetch(self._compiler.sql("gathering.wanted_subjects"))
        people = Wanted("subject", dict.fromkeys(known["subject"].to_pylist()))
        if roles:
            self._backend.bind("subject", people)
            self._backend.keep("subject_role", self._compiler.sql("described.subject_roles"))
        if doses:
            disease = self._question.protocol.disease
            self._backend.give(
                "wanted_disease", pa.table({"disease": pa.array([disease], pa.string())})
            )
            self._backend.bind("vaccination", people)
            given = self._backend.fetch(self._compiler.sql("described.vaccinations"))
            self._backend.give("dose", inputs.doses(given, self._zone))


def _days_of_places(spans: Iterable[Mapping[str, Any]], reach: int) -> dict[str, Days | None]:
    """The places of the spans, with the days on which a record there may start."""
    near: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for span in spans:
        near[span["place"]].append((span["start"] - reach, span["end"] + reach))
    return {place: inputs.days_between(of) for place, of in near.items()}
