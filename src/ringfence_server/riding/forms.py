"""What is asked of a run, and what may be stated of the case on it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from ringfence.operations.riding.asking import PassengersAsked
from ringfence.protocols.catalogue import label
from ringfence.protocols.model import Protocol
from ringfence.rides.stating import read_stated
from ringfence_server.accounts.wording import said, said_text

_STATION = said("station, or number of the stop", "站名或站序")


def _text(name: Any, *, longest: int, required: bool = False, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=name,
        required=required,
        max_length=longest,
        help_text=hint,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class RunForm(forms.Form):
    """Sent by GET: a list changes nothing, and can be opened again."""

    service = _text(
        said("Number of the train, flight or coach", "车次或航班号"), longest=128, required=True
    )
    date = forms.DateField(
        label=said("Departs from its first stop on", "始发日期"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": said("A day, such as 2022-07-05.", "日期，例如 2022-07-05。")},
    )
    carriage = _text(said("Carriage of the case", "病例所在车厢"), longest=16)
    seat = _text(
        said("Seat of the case", "病例座位"), longest=32, hint=said("such as 12F", "例如 12F")
    )
    board = _text(said("Boarded at", "上车站"), longest=128, hint=_STATION)
    alight = _text(said("Left at", "下车站"), longest=128, hint=_STATION)
    protocol = forms.ChoiceField(label=said("By the rules of", "依据方案"), required=False)

    def __init__(self, *given: Any, protocols: Iterable[Protocol], **named: Any) -> None:
        super().__init__(*given, **named)
        chosen = self.fields["protocol"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = [
            ("", said("the protocol in force", "报告日有效的方案")),
            *((label(one), said_text(one.title)) for one in protocols),
        ]

    def asked(self, case: str) -> PassengersAsked:
        """UsageError: the seat is none."""
        told = self.cleaned_data
        stated = read_stated(
            **{name: told[name] for name in ("carriage", "seat", "board", "alight")}
        )
        return PassengersAsked(
            case, told["service"], told["date"], stated, told["protocol"] or None
        )
