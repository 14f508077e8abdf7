"""The page on which every part of the look stands once, to be looked at and tested."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ringfence.errors import Text
from ringfence_server.access import needs
from ringfence_server.shell.listing import Column, Head
from ringfence_server.web.surroundings import language

_COLUMNS = (
    Column("number", Text("Number", "编号"), ("number",)),
    Column("unit", Text("Unit", "单位"), ("unit",)),
    Column("onset", Text("Onset", "发病"), ("onset",)),
    Column("contacts", Text("Contacts", "接触者"), ("contacts",), number=True),
    Column("state", Text("State", "状态")),
)
_STATES = (
    ("bad", Text("overdue", "超期")),
    ("warn", Text("due soon", "即将到期")),
    ("info", Text("on the way", "处理中")),
    ("good", Text("done", "已完成")),
    ("plain", Text("closed", "已关闭")),
)
_SPEED = 12
_WHOLE = 96


class Sample(forms.Form):
    """One field of each kind."""

    number = forms.CharField(max_length=12)
    onset = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    kind = forms.ChoiceField(choices=())
    note = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    asked = forms.BooleanField(required=False)
    way = forms.ChoiceField(widget=forms.RadioSelect, choices=())

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        said = _LABELS
        for name, field in self.fields.items():
            field.label = said[name].to(language())
        self.fields["number"].help_text = Text("as the laboratory wrote it", "按实验室报告填写").to(
            language()
        )
        choices = [(tone, text.to(language())) for tone, text in _STATES[:3]]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        self.fields["way"].choices = choices[:2]  # type: ignore[attr-defined]


_LABELS = {
    "number": Text("Number", "编号"),
    "onset": Text("Onset", "发病日期"),
    "kind": Text("Kind", "类别"),
    "note": Text("Note", "备注"),
    "asked": Text("The person was asked", "已询问本人"),
    "way": Text("How it was learnt", "获知方式"),
}


@needs("account.manage")
def style(request: HttpRequest) -> HttpResponse:
    sent = request.method == "POST"
    form = Sample(request.POST if sent else None)
    if sent and form.is_valid():
        messages.success(request, Text("Saved.", "已保存。").to(language()))
    return render(
        request,
        "style.html",
        {
            "form": form,
            "heads": [
                Head(column, "descending" if column.key == "onset" else "", f"?sort={column.key}")
                if column.order
                else Head(column, "", "")
                for column in _COLUMNS
            ],
            "rows": [
                (f"S-{2201 + n}", _STATES[n % 5], f"2022-07-{28 - n:02d}", (n * 37) % 64)
                for n in range(12)
            ],
            "states": _STATES,
            **_progress(0),
        },
    )


@needs("account.manage")
def progress(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("done", "")
    return render(request, "parts/progress.html", _progress(int(asked) if asked.isdecimal() else 0))


def _progress(done: int) -> dict[str, object]:
    done = min(done + _SPEED, _WHOLE)
    return {
        "doing": Text("Tracing contacts", "正在追踪接触者"),
        "done": done,
        "whole": _WHOLE,
        "poll": "" if done == _WHOLE else f"/style/progress/?done={done}",
        "finished": Text("The contacts are listed.", "接触者已列出。") if done == _WHOLE else None,
    }
