"""The forms of this part: what is typed, in both languages. What is right is judged by the acts."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from ringfence.errors import Text, UserError
from ringfence.lake import Home
from ringfence.records.vocabularies import (
    CLASSIFICATIONS,
    ID_KINDS,
    PLACE_KINDS,
    RELATIONS,
    SEXES,
    TEST_RESULTS,
)
from ringfence_server.cases.diseases import disease_named
from ringfence_server.cases.moments import When, read_when
from ringfence_server.cases.refusals import Doubtful, FieldErrors
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.web.surroundings import language

_A_TIME = Text(
    "a day, or a day and a time: 2022-07-05 14:30", "日期，或日期与时间：2022-07-05 14:30"
)
_NOTHING = Text("–", "–")
LABELS: Mapping[str, Text] = {
    "number": Text("Case number", "病例编号"),
    "disease": Text("Disease", "病种"),
    "unit": Text("Unit of the person", "现住址所属单位"),
    "classification": Text("Classification", "分类"),
    "symptomatic": Text("Symptoms", "症状"),
    "onset": Text("Onset", "发病时间"),
    "sampled": Text("Sample taken", "采样时间"),
    "reported": Text("Report", "报告时间"),
    "isolated": Text("Isolated", "隔离时间"),
    "positive": Text("The laboratory found this sample positive", "该采样实验室结果为阳性"),
    "name": Text("Name", "姓名"),
    "id_kind": Text("Kind of document", "证件类型"),
    "id_number": Text("Number of the document", "证件号码"),
    "sex": Text("Sex", "性别"),
    "birth_date": Text("Date of birth", "出生日期"),
    "phone": Text("Telephone", "电话"),
    "address": Text("Address", "住址"),
    "looked_at": Text("I looked at this: it is right", "已核对，确认无误"),
    "result": Text("Result", "结果"),
    "reason": Text("Reason", "理由"),
    "account": Text("Account name", "账户名"),
    "team": Text("Or the team of a unit (code)", "或某单位的工作组（代码）"),
    "file": Text("Canonical case file (CSV, UTF-8)", "规范病例文件（CSV，UTF-8）"),
    "find": Text("Case number", "病例编号"),
    "state": Text("State", "状态"),
    "occupation": Text("Occupation", "职业"),
    "workplace": Text("Work or school", "工作单位或学校"),
    "household": Text("Household", "同住情况"),
    "travel": Text("Travel", "旅居史"),
    "symptoms": Text("Symptoms and their days", "症状与日期"),
    "first_visit": Text("First visit to a doctor", "首次就诊"),
    "severity": Text("Severity", "病情"),
    "vaccination": Text("Vaccination", "接种史"),
    "outcome": Text("Outcome", "转归"),
    "place": Text("Place number, if known", "场所编号（如已知）"),
    "place_name": Text("Place", "场所名称"),
    "kind": Text("Kind of place", "场所类型"),
    "start": Text("From", "起"),
    "end": Text("Until", "止"),
    "relation": Text("Relation", "关系"),
    "cluster_name": Text("Name, of a place or an event", "名称（场所或事件）"),
}
_HELP: Mapping[str, Text] = {
    "number": Text("left empty, one is given", "留空则自动编号"),
    "unit": Text("code of a unit within your own", "您辖区内单位的代码"),
    "onset": _A_TIME,
    "sampled": _A_TIME,
    "reported": _A_TIME,
    "isolated": _A_TIME,
    "id_number": Text(
        "it goes to the vault, and is not kept in this database", "直接存入保险库，本数据库不保存"
    ),
    "reason": Text("it stands in the audit: name nobody", "将写入审计记录：请勿写明个人信息"),
}


def words(vocabulary: Mapping[str, Text], *, empty: bool = False) -> list[tuple[str, str]]:
    here = language()
    told = [(word, text.to(here)) for word, text in vocabulary.items()]
    return [("", _NOTHING.to(here)), *told] if empty else told


class Told(forms.Form):
    """Labels and help from one table. What an act refuses is put beside its field."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        here = language()
        for name, field in self.fields.items():
            field.label = LABELS.get(name, Text(name, name)).to(here)
            if name in _HELP:
                field.help_text = _HELP[name].to(here)

    def refuse(self, error: UserError) -> None:
        here = language()
        if isinstance(error, Doubtful):
            for doubt in error.doubts:
                self.add_error(None, doubt.to(here))
            if "looked_at" in self.fields:
                self.fields["looked_at"].widget = forms.CheckboxInput()
        elif isinstance(error, FieldErrors):
            for name, reason in error.fields.items():
                known = name if name in self.fields else None
                self.add_error(known, reason.to(here))
        else:
            self.add_error(None, error.text.to(here))

    def when(self, name: str, zone: str, now: datetime) -> When | None:
        return read_when(name, self.cleaned_data.get(name, ""), zone, now)


def text(
    *, required: bool = True, longest: int = 200, picks: str = "", **attributes: str
) -> forms.CharField:
    """`picks`: of what is suggested while it is typed, unit or account."""
    if picks:
        attributes["data-pick"] = picks
    return forms.CharField(
        required=required,
        max_length=longest,
        strip=True,
        widget=forms.TextInput(attrs={"autocomplete": "off", **attributes}),
    )


def _when_text() -> forms.CharField:
    return text(required=False, longest=20)


class Token(forms.Form):
    """One of a form each time that it is opened: sent twice, it has one effect."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)


def new_token() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Group:
    key: str
    name: Text
    fields: list[forms.BoundField]


_GROUPS: Mapping[str, tuple[Text, tuple[str, ...]]] = {
    "case": (
        Text("Case", "病例"),
        ("disease", "classification", "symptomatic", "unit", "number", "looked_at"),
    ),
    "times": (
        Text("Times", "时间"),
        ("onset", "sampled", "reported", "isolated", "positive"),
    ),
    "person": (
        Text("Person", "人员"),
        ("name", "id_kind", "id_number", "phone", "address", "sex", "birth_date"),
    ),
}


class EntryForm(Told, Token):
    disease = forms.ChoiceField()
    unit = text(longest=128, picks="unit")
    classification = forms.ChoiceField()
    symptomatic = forms.ChoiceField(required=False)
    number = text(required=False, longest=128)
    name = text(required=False)
    id_kind = forms.ChoiceField(required=False)
    id_number = text(required=False, longest=64)
    sex = forms.ChoiceField(required=False)
    birth_date = text(required=False, longest=20)
    phone = text(required=False, longest=64)
    address = text(required=False, longest=500)
    onset = _when_text()
    sampled = _when_text()
    positive = forms.BooleanField(required=False)
    reported = _when_text()
    isolated = _when_text()
    looked_at = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *given: Any, diseases: Iterable[str], **named: Any) -> None:
        super().__init__(*given, **named)
        choose(self, "disease", words({one: disease_named(one) for one in diseases}))
        enterable = {k: v for k, v in CLASSIFICATIONS.items() if k != "discarded"}
        choose(self, "classification", words(enterable))
        yes_no = {"yes": Text("yes", "有"), "no": Text("no", "无")}
        choose(self, "symptomatic", words(yes_no, empty=True))
        choose(self, "id_kind", words(ID_KINDS, empty=True))
        choose(self, "sex", words(SEXES, empty=True))

    @property
    def groups(self) -> list[Group]:
        shown = {field.name: field for field in self.visible_fields()}
        return [
            Group(key, name, [shown[one] for one in names if one in shown])
            for key, (name, names) in _GROUPS.items()
        ]


def choose(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    form.fields[name].choices = choices  # type: ignore[attr-defined]


class ResultForm(Told, Token):
    sampled = text(longest=20)
    result = forms.ChoiceField()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        choose(self, "result", words(TEST_RESULTS))


class SeenForm(Told):
    """`seen`: the last change that the page showed."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(SeenForm):
    reason = text(longest=500)


class ReclassifyForm(ReasonForm):
    classification = forms.ChoiceField()
    field_order = ("classification", "reason")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        choose(self, "classification", words(CLASSIFICATIONS))


class TimesForm(ReasonForm):
    onset = _when_text()
    reported = _when_text()
    isolated = _when_text()
    looked_at = forms.BooleanField(required=False, widget=forms.HiddenInput)
    field_order = ("onset", "reported", "isolated", "reason", "looked_at")


class AssignForm(Told):
    account = text(required=False, picks="account")
    team = text(required=False, longest=128, picks="unit")


class FileForm(Told, Token):
    unit = text(longest=128, picks="unit")
    file = forms.FileField(widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}))


class FindForm(Told):
    find = text(required=False, longest=128)
    disease = forms.ChoiceField(required=False)
    classification = forms.ChoiceField(required=False)
    state = forms.ChoiceField(required=False)

    def __init__(
        self, *given: Any, diseases: Iterable[str], states: Mapping[str, Text], **named: Any
    ) -> None:
        super().__init__(*given, **named)
        every = [("", Text("all", "全部").to(language()))]
        choose(self, "disease", [*every, *words({one: disease_named(one) for one in diseases})])
        choose(self, "classification", [*every, *words(CLASSIFICATIONS)])
        choose(self, "state", [*every, *words(states)])


class ClusterForm(Told):
    cluster_name = text(longest=200)
    unit = text(longest=128, picks="unit")


class NumberForm(Told):
    number = text(longest=128)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["number"].help_text = ""


class FactsForm(Told):
    """The parts of the investigation form that are written in words."""

    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    occupation = text(required=False, longest=1000)
    workplace = text(required=False, longest=1000)
    household = text(required=False, longest=1000)
    travel = text(required=False, longest=1000)
    symptoms = text(required=False, longest=1000)
    first_visit = text(required=False, longest=1000)
    severity = text(required=False, longest=1000)
    vaccination = text(required=False, longest=1000)
    outcome = text(required=False, longest=1000)


class StayForm(Told):
    place_name = text(required=False)
    kind = forms.ChoiceField(required=False)
    place = text(required=False, longest=128)
    start = text(required=False, longest=20, placeholder="2022-07-04 20:00")
    end = text(required=False, longest=20, placeholder="2022-07-04 22:00")

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        kinds = {kind: told for kind, (_, told) in PLACE_KINDS.items()}
        choose(self, "kind", words(kinds, empty=True))


class ContactForm(Told):
    """`subject`: of a contact that was named in an earlier version."""

    subject = forms.CharField(required=False, widget=forms.HiddenInput, max_length=128)
    name = text(required=False)
    phone = text(required=False, longest=64)
    id_number = text(required=False, longest=64)
    relation = forms.ChoiceField(required=False)
    start = text(required=False, longest=20)
    end = text(required=False, longest=20)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        relations = {word: told for word, (_, told) in RELATIONS.items()}
        choose(self, "relation", words(relations, empty=True))
        self.fields["id_number"].help_text = ""
        if self.initial.get("subject") or self.data.get(self.add_prefix("subject")):
            for name in ("name", "phone", "id_number"):
                del self.fields[name]


def unit_named(name: str, code: str) -> Unit:
    """FieldErrors: there is no such unit."""
    found = Unit.objects.filter(code=code).first() if "\0" not in code else None
    if found is None:
        raise FieldErrors({name: Text("no unit has this code", "没有此代码的单位")})
    return found


def times_in(form: Told, names: Iterable[str], home: Home, now: datetime) -> dict[str, When]:
    """FieldErrors: all fields that hold no time, together."""
    told: dict[str, When] = {}
    wrong: dict[str, Text] = {}
    for name in names:
        try:
            when = form.when(name, home.zone, now)
        except FieldErrors as error:
            wrong |= error.fields
            continue
        if when is not None:
            told[name] = when
    if wrong:
        raise FieldErrors(wrong)
    return told
