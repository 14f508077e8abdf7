"""What a narrative tells as a table that an investigator fills in: one event a row, to accept,
change or leave out. The mapping `narrative` reads it back.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from ringfence.errors import Text
from ringfence.narratives.identities import Named
from ringfence.narratives.lasting import Lasting, moment
from ringfence.narratives.model import Event, EventKind
from ringfence.operations.narrating import words
from ringfence.operations.narrating.proposing import Proposal, Proposed
from ringfence.records.formulas import guarded
from ringfence.records.vocabularies import CERTAINTIES, PLACE_KINDS, RELATIONS

COLUMNS: Mapping[str, Text] = {
    "accept": Text("accept", "采纳"),
    "kind": Text("kind", "事件"),
    "words": Text("words", "原文"),
    "at": Text("day", "日期"),
    "start": Text("start", "开始"),
    "end": Text("end", "结束"),
    "certainty": Text("certainty", "证据等级"),
    "place": Text("place", "场所"),
    "alike": Text("perhaps", "可能是"),
    "new": Text("new place", "新场所"),
    "place_kind": Text("kind of place", "场所类型"),
    "means": Text("means", "交通方式"),
    "service": Text("service", "班次"),
    "carriage": Text("carriage", "车厢"),
    "row": Text("row", "排"),
    "seat": Text("seat", "座位"),
    "from": Text("from", "出发"),
    "to": Text("to", "到达"),
    "plate": Text("plate", "车牌"),
    "mask": Text("mask", "口罩"),
    "result": Text("result", "结果"),
    "relation": Text("relation", "关系"),
    "name": Text("name", "姓名"),
    "id_number": Text("ID number", "证件号码"),
    "phone": Text("telephone", "电话"),
    "doubts": Text("doubts", "存疑"),
    "case": Text("case", "病例"),
    "narrative": Text("narrative", "叙述"),
}
PERSON = Text("person", "人员")
SELF = Text("the case", "本人")
YES, NO = Text("yes", "是"), Text("no", "否")
KIND_OF_PLACE = {"work": "workplace", "venue": "other", "village": "other", None: "other"}
RELATION = {"colleague": "colleague"}
REPORTED = "reported"
_MOMENTS = frozenset({EventKind.ONSET, EventKind.TEST, EventKind.ISOLATION})
_MASKS = {"yes": YES, "no": NO}
_IS_NEW = {True: NO, False: YES, None: Text("", "")}
Cells = Mapping[str, str]


def as_csv(told: Iterable[Proposed], language: str) -> bytes:
    """In UTF-8 with a mark, as spreadsheets want it; headers and words in one language."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([head.to(language) for head in COLUMNS.values()])
    for one in told:
        for cells in rows_of(one, language):
            writer.writerow([guarded(cells.get(name, "")) for name in COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def rows_of(told: Proposed, language: str) -> Iterator[Cells]:
    """The events in their order, then the people whom it names with a number."""
    number = hashlib.sha256(told.reading.shown.encode()).hexdigest()[:12]
    shared = {"case": told.case, "narrative": number}
    for one in told.proposals:
        yield {**cells_of(told, one, language), **shared}
    for person in told.people:
        if person.id_number or person.phone:
            yield {**_person(told, person, language), **shared}


def cells_of(told: Proposed, one: Proposal, language: str) -> dict[str, str]:
    event, when = one.event, one.when
    return {
        "kind": words.kind(event, language),
        "words": " ".join(told.reading.words(event.span).split()),
        "at": _moment(event, when),
        **_between(event, when, language),
        **_place(one, language),
        "means": words.carried(event, language),
        "service": one.service or "",
        "carriage": event.carriage or "",
        "row": event.row or "",
        "seat": letter(event),
        "from": event.origin or "",
        "to": event.to or "",
        "plate": _plate(told, event),
        "mask": _MASKS[event.mask].to(language) if event.mask else "",
        "result": words.RESULTS[event.result].to(language) if event.result else "",
        "doubts": words.doubts(event, language),
    }


def _between(event: Event, when: Lasting, language: str) -> dict[str, str]:
    if event.kind in {EventKind.ONSET, EventKind.TEST, EventKind.OTHER}:
        return {}
    certainty = CERTAINTIES["declared" if when.told else "assumed"]
    return {
        "start": _instant(when.start),
        "end": _instant(when.end),
        "certainty": certainty.to(language),
    }


def letter(event: Event) -> str:
    """A seat beside its row, as records have it; of two seats it is not known which was whose."""
    seat = event.seat or ""
    if seat == "standing" or "," in seat:
        return ""
    return seat.removeprefix(event.row or "")


def _place(one: Proposal, language: str) -> dict[str, str]:
    if one.place is None:
        return {}
    kind = KIND_OF_PLACE.get(one.event.place_kind, one.event.place_kind) or "other"
    return {
        "place": one.place,
        "alike": Text("; ", "；").to(language).join(place.name or place.key for place in one.alike),
        "new": _IS_NEW[one.known].to(language),
        "place_kind": PLACE_KINDS[kind][1].to(language),
    }


def _person(told: Proposed, person: Named, language: str) -> dict[str, str]:
    """Somebody is met in the event that names them."""
    identity = {
        "kind": PERSON.to(language),
        "name": person.name or "",
        "id_number": person.id_number or "",
        "phone": person.phone or "",
    }
    if person.relation is None:
        return {**identity, "relation": SELF.to(language)}
    relation = RELATIONS[RELATION.get(person.relation, REPORTED)][1]
    spans = ((one, one.event.span) for one in told.proposals)
    met = next((one.when for one, (first, end) in spans if first <= person.at < end), Lasting())
    return {
        **identity,
        "relation": relation.to(language),
        "start": _instant(met.start),
        "end": _instant(met.end),
    }


def _moment(event: Event, when: Lasting) -> str:
    told = moment(event, when) if event.kind in _MOMENTS else None
    return _instant(told) if isinstance(told, datetime) else told.isoformat() if told else ""


def _instant(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(" ", "minutes")


def _plate(told: Proposed, event: Event) -> str:
    first, last = event.span
    plates = [
        one.value
        for one in told.reading.identities
        if one.kind == "plate" and first <= one.start < last
    ]
    return plates[0] if len(plates) == 1 and event.kind is EventKind.RIDE else ""
