"""What the navigation and the inbox show of this part."""

from __future__ import annotations

from datetime import datetime

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.merging.queries import waiting
from ringfence_server.merging.reach import RIGHT
from ringfence_server.shell import Page, Work

PAGES = (
    Page(
        name="identity_questions",
        text=Text("Identity questions", "身份核对"),
        sign="people",
        about=Text("numbers that may be one person", "可能为同一人的编号"),
    ),
)


def work(acting: Acting, _: datetime) -> list[Work]:
    if not acting.may(RIGHT):
        return []
    text = Text("numbers may be one person", "编号可能为同一人，待核对")
    return [Work(text, "/identity/", waiting(acting))]


WORK = (work,)
