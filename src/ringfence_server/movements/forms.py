"""Which days are asked about, and by which protocol the gaps are ranked."""

from __future__ import annotations

from typing import Any

from django import forms

from ringfence.operations.moving.asking import TrajectoryAsked
from ringfence_server.accounts.wording import said


def _day(name: Any) -> forms.DateField:
    return forms.DateField(
        label=name,
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": said("A day, such as 2022-07-05.", "日期，例如 2022-07-05。")},
    )


class DaysForm(forms.Form):
    """Sent by GET: looking changes nothing, and can be opened again."""

    first = _day(said("From", "起始日"))
    last = _day(said("To", "截止日"))

    def asked(self, case: str) -> TrajectoryAsked:
        told = self.cleaned_data
        return TrajectoryAsked(case, None, told["first"], told["last"])
