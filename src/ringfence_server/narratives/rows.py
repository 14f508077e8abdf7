"""An accepted event as rows of the lake, from its cells as somebody left them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ringfence.errors import Text
from ringfence.lake import Home
from ringfence.narratives.model import Doubt, EventKind
from ringfence.operations.narrating.proposing import Proposal
from ringfence.records.vocabularies import PLACE_KINDS, RELATIONS
from ringfence.sources.normalise.places import OWN, fold_place
from ringfence_server.cases.models import Case
from ringfence_server.cases.moments import When, read_when
from ringfence_server.cases.refusals import FieldErrors

Rows = Mapping[str, Sequence[Mapping[str, str]]]
NEW = "new"
GRADES = ("declared", "assumed", "denied")
_STATUS = {"denied": "no_show"}
_WHEN = Text("say from when to when", "请填写起止时间")
_BACKWARDS = Text("it ends before it begins", "结束早于开始")
_PLACE = Text("say which place this is", "请确认是哪个场所")
_CHOOSE = Text("choose one of the list", "请从列表中选择")
_RUN = Text("which run? A line or a taxi is none", "请填写班次；公交线路或出租车不是班次")
_STOPS = Text("from which station to which?", "请填写上下车站")


def takes(one: Proposal) -> bool:
    """Whether it becomes a record here. A ride needs a run; onset and samples of what may be
    another person change the case only on its own page.
    """
    if one.event.kind in {EventKind.ONSET, EventKind.TEST}:
        return Doubt.ANOTHER_PERSON not in one.event.doubts
    stays = one.event.kind in {EventKind.STAY, EventKind.ISOLATION}
    return stays or (one.event.kind is EventKind.RIDE and one.service is not None)


def rows_of_event(
    home: Home, case: Case, one: Proposal, cells: Mapping[str, str], at: datetime
) -> Rows:
    """FieldErrors: by the names of cells, `start`, `place` …"""
    if cells.get("certainty") not in GRADES:
        raise FieldErrors({"certainty": _CHOOSE})
    if one.event.kind is EventKind.RIDE:
        return {"ride": [_ride(case, cells)]}
    start, end = _between(home, cells, at)
    place, rows = _place(one, cells)
    stay = {
        "subject": case.subject,
        "place": place,
        "start": start.written(home.zone),
        "end": end.written(home.zone),
        "certainty": cells["certainty"],
    }
    if cells.get("mask"):
        stay["mask"] = cells["mask"]
    return {**rows, "presence": [stay]}


def with_link(
    home: Home, case: Case, subject: str, cells: Mapping[str, str], at: datetime
) -> dict[str, str]:
    if cells.get("relation") not in RELATIONS:
        raise FieldErrors({"relation": _CHOOSE})
    row = {"subject_a": case.subject, "subject_b": subject, "relation": cells["relation"]}
    for end in ("start", "end"):
        when = read_when(end, cells.get(end, ""), home.zone, at)
        if when is not None:
            row[end] = When(when.at, "instant").written(home.zone)
    return row


def _ride(case: Case, cells: Mapping[str, str]) -> dict[str, str]:
    if not cells.get("service"):
        raise FieldErrors({"service": _RUN})
    if not (cells.get("from") and cells.get("to")):
        raise FieldErrors({"from": _STOPS})
    told = {name: cells.get(name, "") for name in ("service", "from", "to", "carriage", "row")}
    told["seat"] = cells.get("seat", "")
    status = _STATUS.get(cells["certainty"], "declared")
    kept = {name: value for name, value in told.items() if value}
    return {"subject": case.subject, **kept, "role": "passenger", "status": status}


def _between(home: Home, cells: Mapping[str, str], at: datetime) -> tuple[When, When]:
    start = read_when("start", cells.get("start", ""), home.zone, at)
    end = read_when("end", cells.get("end", ""), home.zone, at)
    for name, when in (("start", start), ("end", end)):
        if when is None or when.precision == "day":
            raise FieldErrors({name: _WHEN})
    assert start is not None
    assert end is not None
    if end.at <= start.at:
        raise FieldErrors({"end": _BACKWARDS})
    return start, end


def _place(one: Proposal, cells: Mapping[str, str]) -> tuple[str, Rows]:
    """A known place by its key; a new one is told with its name and kind."""
    chosen = cells.get("which", "")
    if chosen and chosen != NEW:
        return chosen, {}
    if one.known and one.place is not None and not chosen:
        return one.place, {}
    name = " ".join(cells.get("place", "").split())
    if not fold_place(name) or (one.alike and chosen != NEW):
        raise FieldErrors({"which" if one.alike else "place": _PLACE})
    if cells.get("kind") not in PLACE_KINDS:
        raise FieldErrors({"kind": _CHOOSE})
    key = OWN + fold_place(name)
    return key, {"place": [{"place": key, "kind": cells["kind"], "name": name}]}
