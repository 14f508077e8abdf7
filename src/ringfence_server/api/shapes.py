"""What goes in and comes out, in its general form. No answer ever names a person."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

from ringfence.errors import Text

Key = Annotated[int, Field(ge=1, le=(1 << 63) - 1)]
"""Of a row, as addresses name it."""
Instant = Annotated[datetime, Field(description="UTC")]


class Sent(Schema):
    """What a program sends: no other names, and no text where a number is meant."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Told(Schema):
    """What it is told."""


class Words(Told):
    """A word of the program in both languages."""

    word: str
    en: str
    zh: str


class InBoth(Told):
    en: str
    zh: str


def in_both(text: Text) -> InBoth:
    return InBoth(en=text.en, zh=text.zh)


def words(word: str, text: Text) -> Words:
    return Words(word=word, en=text.en, zh=text.zh)


class Paged(Schema):
    """Of a list: how many at once, and where it goes on."""

    limit: int = Field(50, ge=1, le=200, description="rows at once · 每页行数")
    after: str = Field("", max_length=200, description="as `next` has it · 取自上一页的 next")


def said(model: Schema) -> dict[str, Any]:
    return model.model_dump()
