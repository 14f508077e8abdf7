"""Bytes as a delivered file, and what the reader makes of them."""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from ringfence.errors import UserError
from ringfence.sources.delivered import Delivered
from ringfence.sources.raw.model import Form, Raw
from ringfence.sources.raw.reading import read_raw


@dataclass
class Read:
    """`rows`: cells by column, by row number (with its part where there are several)."""

    raw: Raw
    rows: dict[Any, dict[str, str | None]] = field(default_factory=dict)
    rejects: dict[Any, str] = field(default_factory=dict)

    @property
    def form(self) -> Form:
        return self.raw.found[0].form

    @property
    def doubts(self) -> list[str]:
        return [doubt.en for doubt in self.raw.found[0].doubts]

    def column(self, name: str) -> list[str | None]:
        return [row[name] for row in self.rows.values()]


def delivered(content: bytes, name: str = "delivery") -> Delivered:
    return Delivered(io.BytesIO(content), name, len(content))


def read(
    content: bytes,
    name: str = "delivery",
    *,
    expected: Collection[str] = (),
    takes: Any = None,
    **form: Any,
) -> Read:
    """All rows. Every byte must have been fed once and in order, every row told once."""
    fed: list[bytes] = []
    said = Form(**form)
    raw = read_raw(delivered(content, name), said, fed.append, expected=expected, takes=takes)
    done = Read(raw)
    several = len(raw.parts) > 1
    for chunk in raw.chunks():
        assert tuple(chunk.columns) == raw.found[chunk.part.number].columns
        numbers = chunk.rows.to_pylist()
        cells = [values.to_pylist() for values in chunk.columns.values()]
        assert all(len(values) == len(numbers) for values in cells)
        for index, number in enumerate(numbers):
            key = (chunk.part.number, number) if several else number
            assert key not in done.rows
            done.rows[key] = {
                column: values[index] for column, values in zip(chunk.columns, cells, strict=True)
            }
        for reject in chunk.rejects:
            key = (chunk.part.number, reject.row) if several else reject.row
            assert key not in done.rejects
            assert key not in done.rows
            done.rejects[key] = reject.reason.en
            assert reject.reason.zh
    assert b"".join(fed) == content
    return done


def refused(content: bytes, name: str = "delivery", **form: Any) -> str:
    """The message of a file that is refused, in English; the Chinese one must exist."""
    try:
        read(content, name, **form)
    except UserError as error:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in error.text.zh)
        assert name in error.text.zh
        return error.text.en
    raise AssertionError("the file was read")
