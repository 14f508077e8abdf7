"""Onset, isolation and samples that a narrative tells: accepted by the case's own acts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ringfence.errors import DataError, Text
from ringfence.lake import Home
from ringfence.narratives.model import Event, EventKind
from ringfence.records.vocabularies import TEST_RESULTS
from ringfence_server.access import Acting
from ringfence_server.cases.laboratory import keep_result
from ringfence_server.cases.models import Case
from ringfence_server.cases.moments import read_when
from ringfence_server.cases.reclassifying import keep_times, times_of
from ringfence_server.cases.refusals import Doubtful, FieldErrors

TIME_OF: Mapping[EventKind, str] = {
    EventKind.ONSET: "onset",
    EventKind.ISOLATION: "isolated",
    EventKind.TEST: "sampled",
}
"""The time of a case that an event of this kind tells."""
_WHEN = Text("say on which day", "请填写日期")
_CHOOSE = Text("choose one of the list", "请从列表中选择")
_ELSEWHERE = Text(
    "If it is so after all, mend the times on the case's page.", "如确属实，请在病例页面订正时间。"
)


def known(case: Case, kind: EventKind, zone: str) -> str:
    """What the case says of it already, as a cell has it; empty: nothing."""
    when = times_of(case).get(TIME_OF[kind]) if kind in TIME_OF else None
    return "" if when is None else when.in_form(zone)


def confirms(case: Case, event: Event) -> bool:
    """Whether its result would confirm the case."""
    positive = event.kind is EventKind.TEST and event.result == "positive"
    return positive and case.state != "traceable"


def take_time(
    home: Home,
    case: Case,
    name: str,
    cells: Mapping[str, str],
    *,
    reason: str,
    by: Acting,
    at: datetime,
) -> tuple[Text, ...]:
    """What followed. FieldErrors: none is written, or what is would be seldom so."""
    when = read_when(name, cells.get(name, ""), home.zone, at)
    if when is None:
        raise FieldErrors({name: _WHEN})
    if times_of(case).get(name) == when:
        return ()
    try:
        return keep_times(home, case, {name: when}, reason=reason, by=by, at=at)
    except Doubtful as doubtful:
        said = Text(f"{doubtful.text.en} {_ELSEWHERE.en}", doubtful.text.zh + _ELSEWHERE.zh)
        raise FieldErrors({name: said}) from None


def take_sample(
    home: Home, case: Case, cells: Mapping[str, str], *, by: Acting, at: datetime
) -> tuple[Text, ...]:
    sampled = read_when("sampled", cells.get("sampled", ""), home.zone, at)
    if sampled is None:
        raise FieldErrors({"sampled": _WHEN})
    if cells.get("result") not in TEST_RESULTS:
        raise FieldErrors({"result": _CHOOSE})
    try:
        return keep_result(home, case, sampled, cells["result"], by=by, at=at)
    except FieldErrors:
        raise
    except DataError as error:
        raise FieldErrors({"sampled": error.text}) from None
