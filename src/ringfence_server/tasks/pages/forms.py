"""The report of a task, as a worker fills it in at a door."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from ringfence.errors import Text
from ringfence_server.accounts.wording import said
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.tasks.asked_about import AskedAbout, asked_about
from ringfence_server.tasks.kinds import Kind
from ringfence_server.tasks.models import Exposure
from ringfence_server.tasks.pages.asking import during
from ringfence_server.tasks.reporting import SYMPTOMS, Report, Said

_MOST = 12
"""Stays that are asked about: the earliest."""
_THERE = (
    ("yes", said("was there", "在场")),
    ("no", said("was not there", "不在场")),
    ("", said("not asked", "未询问")),
)
_MISSING = {
    "required": said("Choose one.", "请选择。"),
    "invalid_choice": said("Choose one of the list.", "请从列表中选择。"),
}
_OTHERS = said(
    "More is known now of where the person was: look at the questions again.",
    "人员到访记录已有更新：请重新核对以下问题。",
)
_OF_A_STAY = ("there", "zone", "start", "end")
_PERSON = ("name", "phone")


class ReportForm(forms.Form):
    """A field of its own for each stay that is asked about."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=64)
    outcome = forms.ChoiceField(
        label=said("Outcome", "结果"), widget=forms.RadioSelect, error_messages=_MISSING
    )
    symptoms = forms.MultipleChoiceField(
        label=said("Symptoms", "症状"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(word, said(*text)) for word, text in SYMPTOMS.items()],
        error_messages=_MISSING,
    )
    since = forms.CharField(
        label=said("Since which day", "症状开始日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    other_name = forms.CharField(
        label=said("Who else was there: name", "同场人员姓名"), required=False
    )
    other_phone = forms.CharField(
        label=said("Who else was there: telephone", "同场人员电话"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    note = forms.CharField(
        label=said("Note, without names or numbers", "备注（勿写姓名、号码）"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, kind: Kind, exposures: Sequence[Exposure], *given: Any, **named: Any
    ) -> None:
        named.setdefault("initial", {}).setdefault("token", secrets.token_urlsafe(24))
        super().__init__(*given, **named)
        self.stays = asked_about(exposures)[:_MOST]
        ends = [(word, said(*end.text)) for word, end in kind.ends.items()]
        outcome = self.fields["outcome"]
        assert isinstance(outcome, forms.ChoiceField)
        outcome.choices = ends
        for one in self.stays:
            self._ask(one)
        if not self.stays:
            del self.fields["other_name"], self.fields["other_phone"]
        self.order_fields(["token", "outcome", *self._asked(), "symptoms", "since"])

    def clean(self) -> dict[str, Any]:
        """What was answered of a stay that is now another is asked again, and not lost."""
        told: dict[str, Any] = super().clean() or {}
        if any(name.startswith("there-") and name not in self.fields for name in self.data):
            raise forms.ValidationError(_OTHERS)
        return told

    def _ask(self, one: AskedAbout) -> None:
        key, when = one.key, f"{one.first.label}, {during(one)}"
        self.fields[f"there-{key}"] = forms.ChoiceField(
            label=when,
            required=False,
            widget=forms.RadioSelect,
            choices=_THERE,
            initial="",
            error_messages=_MISSING,
        )
        self.fields[f"zone-{key}"] = forms.CharField(
            label=said("Seat, table or part of it", "座位、桌号或分区"),
            required=False,
            max_length=128,
        )
        for name, label in (
            ("start", said("Came, if at another time", "到达时间（如不同）")),
            ("end", said("Left, if at another time", "离开时间（如不同）")),
        ):
            self.fields[f"{name}-{key}"] = forms.CharField(
                label=label,
                required=False,
                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
            )

    def _asked(self) -> list[str]:
        return [f"{name}-{one.key}" for one in self.stays for name in _OF_A_STAY]

    def report(self) -> Report:
        told = self.cleaned_data
        person = {name: told.get(f"other_{name}", "").strip() for name in _PERSON}
        others: list[tuple[int, Mapping[str, str]]] = []
        if any(person.values()):
            others = [(self._where(), {name: text for name, text in person.items() if text})]
        return Report(
            told["outcome"],
            [said for stay in self.stays for said in self._said(stay)],
            told["symptoms"],
            told["since"],
            others,
            told["note"],
        )

    def _said(self, stay: AskedAbout) -> list[Said]:
        """Of each record of it the same; other times are of the whole stay, and said once."""
        there, zone, start, end = (self.cleaned_data[f"{name}-{stay.key}"] for name in _OF_A_STAY)
        if there == "yes" and (start or end):
            return [Said(stay.first.pk, there, zone, start, end)]
        return [Said(one.pk, there, zone) for one in stay.exposures]

    def _where(self) -> int:
        """At the first place where the person was; else the first that was asked about."""
        there = [one for one in self.stays if self.cleaned_data[f"there-{one.key}"] == "yes"]
        return (there or self.stays)[0].first.pk

    def refuse(self, error: FieldErrors, language: str) -> None:
        """Beside the fields that the reasons are about."""
        for name, reason in error.fields.items():
            self.add_error(self._field(name), Text(*reason).to(language))

    def _field(self, name: str) -> str | None:
        what, _, number = name.partition("-")
        for stay in self.stays:
            if number in {str(one.pk) for one in stay.exposures}:
                return f"{what}-{stay.key}"
        field = _FIELD.get(name, name)
        return field if field in self.fields else None


_FIELD = {"other-0": "other_name", "name": "other_name", "phone": "other_phone"}
