"""What is typed of a narrative: the text, and beside each event a decision and its cells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from ringfence.errors import Text, UserError
from ringfence.narratives.identities import Named
from ringfence.narratives.lasting import moment
from ringfence.narratives.model import EventKind
from ringfence.operations.narrating.proposing import Proposal
from ringfence.operations.narrating.sheet import KIND_OF_PLACE, RELATION, REPORTED, letter
from ringfence.records.vocabularies import CERTAINTIES, PLACE_KINDS, RELATIONS, TEST_RESULTS
from ringfence_server.narratives.keeping import ACCEPTED, ASKED, LEFT, NO_TEXT, Decision
from ringfence_server.narratives.moments import TIME_OF
from ringfence_server.narratives.rows import GRADES, NEW, takes
from ringfence_server.web.surroundings import language

_LABELS: Mapping[str, Text] = {
    "text": Text("Text", "文本"),
    "written": Text("Written on", "撰写日期"),
    "decision": Text("Decision", "决定"),
    "which": Text("Which place is it?", "是哪个场所？"),
    "place": Text("Place", "场所"),
    "kind": Text("Kind of place", "场所类型"),
    "start": Text("From", "起"),
    "end": Text("Until", "止"),
    "certainty": Text("How sure", "证据等级"),
    "mask": Text("Mask", "口罩"),
    "onset": Text("Onset", "发病时间"),
    "isolated": Text("Isolated", "隔离时间"),
    "sampled": Text("Sampled", "采样时间"),
    "result": Text("Result", "结果"),
    "service": Text("Run", "班次"),
    "from": Text("Boarded at", "上车站"),
    "to": Text("Left at", "下车站"),
    "carriage": Text("Carriage", "车厢"),
    "row": Text("Row", "排"),
    "seat": Text("Seat", "座位"),
    "relation": Text("Relation", "关系"),
}
_DECISIONS: Mapping[str, Text] = {
    "": Text("not decided", "未决定"),
    ACCEPTED: Text("accept", "采纳"),
    LEFT: Text("leave out", "不采纳"),
    ASKED: Text("ask the case", "再问本人"),
}
_ANOTHER = Text("another place, named below", "其他场所，名称如下")
_MASKS: Mapping[str, Text] = {
    "": Text("–", "–"),
    "yes": Text("worn", "佩戴"),
    "no": Text("not worn", "未佩戴"),
}
_WRITTEN = Text(
    "Days without a year are read by it; empty it if it is not known.",
    "据此确定未写年份的日期；不详可留空。",
)
_A_DAY = Text("A day, such as 2022-07-05.", "日期，例如 2022-07-05。")
_LONGEST = 200
Choices = list[tuple[str, str]]


def _choices(words: Mapping[str, Text]) -> Choices:
    return [(word, text.to(language())) for word, text in words.items()]


def _text() -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(required=False, max_length=_LONGEST, strip=True, widget=widget)


def _name(form: forms.Form) -> None:
    for name, field in form.fields.items():
        field.label = _LABELS[name].to(language())


class PasteForm(forms.Form):
    text = forms.CharField(
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "autocomplete": "off", "spellcheck": "false"}),
    )
    written = forms.DateField(
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        _name(self)
        self.fields["text"].error_messages["required"] = NO_TEXT.to(language())
        self.fields["written"].help_text = _WRITTEN.to(language())
        self.fields["written"].error_messages["invalid"] = _A_DAY.to(language())

    def refuse(self, error: UserError) -> None:
        self.add_error("text", error.text.to(language()))


class LineForm(forms.Form):
    """Of one event, or of somebody whom the text names: a decision, and the cells that it has."""

    def __init__(
        self,
        data: Any,
        *,
        number: int,
        fields: Mapping[str, forms.Field],
        cells: Mapping[str, str],
        before: Decision | None,
    ) -> None:
        given = {**cells, **({} if before is None else before.cells)}
        given["decision"] = "" if before is None else before.state
        super().__init__(data, prefix=f"e{number}", initial=given)
        self.fields.update(fields)
        _name(self)
        self.number = number

    @property
    def cells(self) -> list[forms.BoundField]:
        return [field for field in self if field.name != "decision"]

    def decided(self) -> Decision | None:
        """None: nothing was decided."""
        told = {name: str(value) for name, value in self.cleaned_data.items() if value}
        state = told.pop("decision", "")
        return Decision(state, told) if state else None

    def refuse(self, name: str, reason: Text) -> None:
        self.add_error(name if name in self.fields else None, reason.to(language()))


def event_form(
    data: Any, number: int, one: Proposal, zone: str, before: Decision | None
) -> LineForm:
    return LineForm(
        data, number=number, fields=_fields(one), cells=cells_of(one, zone), before=before
    )


def person_form(data: Any, number: int, person: Named, before: Decision | None) -> LineForm:
    fields = {"decision": _decision(may_accept=True)}
    if person.relation is not None:
        told = {word: text for word, (_, text) in RELATIONS.items()}
        fields["relation"] = forms.ChoiceField(choices=_choices(told), required=False)
    relation = RELATION.get(person.relation or "", REPORTED)
    cells = {"relation": relation}
    return LineForm(data, number=number, fields=fields, cells=cells, before=before)


def _fields(one: Proposal) -> dict[str, forms.Field]:
    found: dict[str, forms.Field] = {"decision": _decision(may_accept=takes(one))}
    if not takes(one):
        return found
    if one.event.kind is EventKind.ONSET:
        return found | {"onset": _text()}
    if one.event.kind is EventKind.TEST:
        results = forms.ChoiceField(choices=[("", "–"), *_choices(TEST_RESULTS)], required=False)
        return found | {"sampled": _text(), "result": results}
    if one.event.kind is EventKind.RIDE:
        names = ("service", "from", "to", "carriage", "row", "seat")
        return found | {name: _text() for name in names} | {"certainty": _grades()}
    if one.event.kind is EventKind.ISOLATION:
        found["isolated"] = _text()
    if one.alike:
        known = [(place.key, place.name or place.key) for place in one.alike]
        which = [("", "–"), *known, (NEW, _ANOTHER.to(language()))]
        found["which"] = forms.ChoiceField(choices=which, required=False)
    if not one.known:
        kinds = {word: text for word, (_, text) in PLACE_KINDS.items()}
        found["place"] = _text()
        found["kind"] = forms.ChoiceField(choices=_choices(kinds), required=False)
    found |= {"start": _text(), "end": _text(), "certainty": _grades()}
    found["mask"] = forms.ChoiceField(choices=_choices(_MASKS), required=False)
    return found


def cells_of(one: Proposal, zone: str) -> dict[str, str]:
    event = one.event
    kind = KIND_OF_PLACE.get(event.place_kind, event.place_kind) or "other"
    told = moment(event, one.when)
    when = local(told, zone) if isinstance(told, datetime) else told.isoformat() if told else ""
    stays = event.kind is not EventKind.ISOLATION or one.place is not None
    return {
        **dict.fromkeys(TIME_OF.values(), when),
        "result": event.result or "",
        "place": one.place or "",
        "kind": kind,
        "start": local(one.when.start, zone) if stays else "",
        "end": local(one.when.end, zone) if stays else "",
        "certainty": "declared" if one.when.told else "assumed",
        "mask": event.mask or "",
        "service": one.service or "",
        "from": event.origin or "",
        "to": event.to or "",
        "carriage": event.carriage or "",
        "row": event.row or "",
        "seat": letter(event),
    }


def local(at: datetime | None, zone: str) -> str:
    return "" if at is None else at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _decision(*, may_accept: bool) -> forms.ChoiceField:
    told = {state: text for state, text in _DECISIONS.items() if may_accept or state != ACCEPTED}
    return forms.ChoiceField(choices=_choices(told), required=False, widget=forms.RadioSelect)


def _grades() -> forms.ChoiceField:
    told = {grade: CERTAINTIES[grade] for grade in GRADES}
    return forms.ChoiceField(choices=_choices(told), required=False)
