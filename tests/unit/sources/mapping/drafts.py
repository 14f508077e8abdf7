"""Drafting a mapping of a file, and what is found in the draft."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from ringfence.sources.delivered import Delivered
from ringfence.sources.mapping.drafting import Draft, draft
from ringfence.sources.mapping.model import Channel
from ringfence.sources.mapping.reading import read

NOW = datetime(2022, 9, 21, 4, tzinfo=UTC)
ID = "000101198503122156"


def drafted(content: bytes | str, name: str = "file.csv", language: str = "en") -> Draft:
    content = content.encode() if isinstance(content, str) else content
    delivered = Delivered(io.BytesIO(content), name, len(content))
    made = draft(delivered, "new", "Asia/Shanghai", NOW, language=language)
    read(made.text.encode(), "mapping.yaml")
    return made


def channel(made: Draft) -> Channel:
    return read(made.text.encode(), "mapping.yaml")


def columns(made: Draft) -> dict[str, tuple[str, ...]]:
    return {name: field.columns for name, field in channel(made).fields.items()}


def doubts(made: Draft) -> list[str]:
    lines = (line.strip() for line in made.text.splitlines())
    return [line.removeprefix("# DOUBT: ") for line in lines if line.startswith("# DOUBT: ")]


def table(header: str, *rows: str) -> str:
    """`ID` and a branch before the columns that the test is about."""
    return f"身份证号,门店,{header}\n" + "".join(f"{ID},7,{row}\n" for row in rows)
