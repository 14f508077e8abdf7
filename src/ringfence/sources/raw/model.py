"""A delivered file as text cells: what is known of its form, its parts and its rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

import pyarrow as pa

from ringfence.errors import Text
from ringfence.lake.receipt import Reject
from ringfence.sources.rows import Chunk

EVERY_SHEET = "*"
"""No sheet can be called so."""


@dataclass(frozen=True)
class Form:
    """What is said of a file's form; None: found out from its bytes.

    `header_row` counts from 1 as a spreadsheet shows it. `sheet`: None is the first visible one,
    EVERY_SHEET all visible ones with the header. `records`: dotted path to the array of a JSON
    file. `totals`: a row whose first filled cell is one of these ends the table.
    """

    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    records: str | None = None
    totals: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """One table of a delivery: the file itself (name empty), a sheet, a member of an archive."""

    number: int
    name: str


def _nobody(_: bytes) -> None:
    """Takes bytes that nobody waits for."""


def _any(_: Sequence[str]) -> bool:
    """Takes every header."""
    return True


@dataclass(frozen=True)
class Given:
    """A file as a reader gets it. `feed` gets its bytes once and in order, where it is read in
    order. `expected`: names of columns that it is known to have. `takes`: whether a sheet of these
    columns is one of those to read, where all that have the header are.
    """

    file: BinaryIO
    name: str
    form: Form
    feed: Callable[[bytes], None] = _nobody
    expected: Collection[str] = ()
    takes: Callable[[Sequence[str]], bool] = _any


@dataclass(frozen=True)
class Found:
    """What was found of a part: its form with nothing left open, and what is doubtful about it.

    `sheets`: all that a workbook has; `unread`: those visible ones with values that nobody said to
    leave out, and which are not read; `members`: the files of an archive that are read.
    """

    form: Form
    columns: tuple[str, ...]
    sheets: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    doubts: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Opened:
    """One table that is open for reading. `chunks()` begins anew."""

    found: Found
    chunks: Callable[[], Iterator[Chunk]]


@dataclass(frozen=True)
class RawChunk:
    """Some rows of a part as text cells; a null is an empty cell.

    `rows` (int64) are numbered as a spreadsheet shows them, the header included. `rejects`: rows
    that could not be split into cells.
    """

    part: Part
    columns: Mapping[str, pa.StringArray]
    rows: pa.Int64Array
    rejects: tuple[Reject, ...] = field(default=())


@dataclass(frozen=True)
class Raw:
    """A delivery that is open for reading.

    `columns`: of all parts, in the order in which they appear; `found` tells those of each part by
    its number; `unread` names sheets that are not read; `open_end`: it is a stream that may have
    been cut. `chunks()` reads on from the beginning, once.
    """

    parts: tuple[Part, ...]
    columns: tuple[str, ...]
    found: Mapping[int, Found]
    chunks: Callable[[], Iterator[RawChunk]]
    unread: tuple[str, ...] = ()
    open_end: bool = False
