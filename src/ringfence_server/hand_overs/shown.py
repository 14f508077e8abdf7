"""What the pages around a page show of hand-overs."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.hand_overs import queries
from ringfence_server.hand_overs.partners import RIGHT, managed
from ringfence_server.shell import Page, Work

PAGES = (
    Page(
        name="hand_overs",
        text=Text("Hand-overs", "人员移交"),
        sign="go",
        about=Text("contacts who live in another city or unit", "居住在其他城市或辖区的接触者"),
    ),
    Page(
        name="partners",
        text=Text("Other cities", "其他城市"),
        sign="tree",
        about=Text("the keys of cities that we hand over to", "移交往来城市的密钥"),
    ),
)


def work(by: Acting, now: datetime) -> list[Work]:
    found: list[Work] = []
    if by.may(queries.RIGHT):
        at = reverse("hand_overs")
        for text, rows in (
            (Text("hand-overs that nobody answered yet", "待回执的移交"), queries.given(by)),
            (Text("contacts offered to your unit", "其他单位移交来的接触者"), queries.offered(by)),
            (
                Text("hand-overs of other cities to answer", "其他城市移交待答复"),
                queries.received(by),
            ),
        ):
            waiting = rows.filter(state="waiting")
            late = waiting.filter(due_at__lte=now).count()
            found.append(Work(text, at, waiting.count(), late))
    if by.may(RIGHT):
        rows_ = managed(by).filter(state="entered").exclude(entered_by=by.user)
        text = Text("keys of other cities to confirm", "待核对的城市密钥")
        found.append(Work(text, reverse("partners"), rows_.count()))
    return found


WORK = (work,)
