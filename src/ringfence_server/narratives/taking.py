"""Accepted events become records of the lake, and changes of the case where they are of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence.errors import Text
from ringfence.lake import Home
from ringfence.narratives.identities import Named
from ringfence.narratives.model import EventKind
from ringfence.operations.narrating.proposing import Proposal, Proposed
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.persons import checked, person_of
from ringfence_server.cases.records import owe_records
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.narratives.keeping import Decision, named_with_number
from ringfence_server.narratives.moments import take_sample, take_time
from ringfence_server.narratives.rows import rows_of_event, takes, with_link

_NOT_HERE = Text("it cannot be accepted here", "此类内容不在此采纳")
_WHEN = Text("say when", "请填写时间")
_TWICE = Text(
    "another event tells this of the case already: accept one of them",
    "已有另一事件说明此项：请只采纳其中一个",
)


@dataclass(frozen=True)
class Taking:
    """Of one narrative; the case is held until the transaction ends. `reason`: of its changes."""

    home: Home
    case: Case
    told: Proposed
    reason: str
    by: Acting
    at: datetime


def take(by: Taking, narrative: int, accepted: Mapping[int, Decision]) -> tuple[Text, ...]:
    """What followed for others. FieldErrors: named by the number of the event and the field, so
    that a page shows where.
    """
    notices: list[Text] = []
    wrong: dict[str, Text] = {}
    for number, one in sorted(accepted.items()):
        key = f"{by.case.number}/narrative/{narrative}/{number}"
        try:
            notices += _one(by, key, number, one.cells)
        except FieldErrors as error:
            wrong |= {f"e{number}-{field}": reason for field, reason in error.fields.items()}
    wrong |= _told_twice(accepted)
    if wrong:
        raise FieldErrors(wrong)
    return tuple(dict.fromkeys(notices))


def _told_twice(accepted: Mapping[int, Decision]) -> dict[str, Text]:
    """A case has one onset and one isolation."""
    found: dict[str, Text] = {}
    for name in ("onset", "isolated"):
        numbers = sorted(number for number, one in accepted.items() if one.cells.get(name))
        found |= {f"e{number}-{name}": _TWICE for number in numbers[1:]}
    return found


def _one(by: Taking, key: str, number: int, cells: Mapping[str, str]) -> Sequence[Text]:
    proposals = by.told.proposals
    if number >= len(proposals):
        _person(by, key, named_with_number(by.told)[number - len(proposals)], cells)
        return ()
    one = proposals[number]
    if not takes(one):
        raise FieldErrors({"decision": _NOT_HERE})
    match one.event.kind:
        case EventKind.TEST:
            return take_sample(by.home, by.case, cells, by=by.by, at=by.at)
        case EventKind.ONSET:
            return _time(by, "onset", cells)
        case EventKind.ISOLATION:
            return _isolation(by, key, one, cells)
        case _:
            _rows(by, key, one, cells)
            return ()


def _time(by: Taking, name: str, cells: Mapping[str, str]) -> Sequence[Text]:
    return take_time(by.home, by.case, name, cells, reason=by.reason, by=by.by, at=by.at)


def _isolation(by: Taking, key: str, one: Proposal, cells: Mapping[str, str]) -> Sequence[Text]:
    """When it began, the stay where it was, or both."""
    stays = bool(cells.get("start") or cells.get("end"))
    if not (stays or cells.get("isolated")):
        raise FieldErrors({"isolated": _WHEN})
    notices = _time(by, "isolated", cells) if cells.get("isolated") else ()
    if stays:
        _rows(by, key, one, cells)
    return notices


def _rows(by: Taking, key: str, one: Proposal, cells: Mapping[str, str]) -> None:
    for table, rows in rows_of_event(by.home, by.case, one, cells, by.at).items():
        owe_records(by.home, key, table, rows, by=by.by, at=by.at)


def _person(by: Taking, key: str, person: Named, cells: Mapping[str, str]) -> None:
    given = {"name": person.name, "id_number": person.id_number, "phone": person.phone}
    try:
        told = {name: value for name, value in given.items() if value}
        fields = checked(by.home, told, by.at)
    except FieldErrors as error:  # the page shows no such field: what it would be is hidden
        raise FieldErrors({"decision": next(iter(error.fields.values()))}) from None
    subject = person_of(by.home, fields, key, by.at).subject
    rows = [{"subject": subject}]
    owe_records(by.home, key, "subject", rows, by=by.by, at=by.at, identity=[fields])
    if person.relation is not None and subject != by.case.subject:
        link = with_link(by.home, by.case, subject, cells, by.at)
        owe_records(by.home, key, "link", [link], by=by.by, at=by.at)
