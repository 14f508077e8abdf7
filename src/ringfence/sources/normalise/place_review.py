"""The review list of place names as a file, and what people have decided, kept in the home.

Each line of the list is a name with one place that it may mean. In `decision` a person writes
`same` (it is that place), or `new` (it is none of them); what stays empty stays undecided.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from ringfence.engines.sql import SqlEngine
from ringfence.errors import DataError, NotFound
from ringfence.lake import Home, snapshot
from ringfence.records.formulas import guarded, restored
from ringfence.sources.normalise.kept import Content, Kept
from ringfence.sources.normalise.places import KnownPlace, PlaceBook, PlaceMatch, fold_place

HEADER = ("name", "place", "place_name", "alike", "decision")
SAME, NEW = "same", "new"
_DECISIONS = Kept("places", "aliases.json")
_LARGEST = 16 << 20


@dataclass(frozen=True)
class Decided:
    """Names that became an alias of a place, and names of places not known before."""

    aliases: dict[str, str]
    new: frozenset[str]


def place_book(home: Home, now: datetime) -> PlaceBook:
    """The places of the lake with their names, and the aliases that people have decided."""
    table = SqlEngine(snapshot(home, now)).rows("place", "place", None)
    names: dict[str, list[str]] = {}
    for key, name in _pairs(table):
        names.setdefault(key, []).extend([name] if name else [])
    decided = decisions(home)
    for name, key in decided.aliases.items():
        names.setdefault(key, []).append(name)
    places = tuple(KnownPlace(key, tuple(dict.fromkeys(given))) for key, given in names.items())
    return PlaceBook(places, decided.new)


def decisions(home: Home) -> Decided:
    return _of_content(_DECISIONS.read(home))


def review_list(matches: Iterable[PlaceMatch]) -> str:
    """The list as CSV; what a spreadsheet would read as a formula is kept from being one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for match in matches:
        for alike in match.review:
            cells = (match.name, alike.key, alike.name, str(alike.score), "")
            writer.writerow([guarded(cell) for cell in cells])
    return text.getvalue()


def read_decisions(path: Path, book: PlaceBook) -> Decided:
    """What a filled review list says; raises DataError with the row that is wrong."""
    keys = {place.key for place in book.places}
    aliases: dict[str, str] = {}
    new: set[str] = set()
    for number, row in _lines(path):
        decision = (row.get("decision") or "").strip().lower()
        name, key = restored(row.get("name") or ""), restored(row.get("place") or "")
        if not decision:
            continue
        if decision not in (SAME, NEW) or not fold_place(name):
            raise _wrong(
                path, number, "`decision` is `same` or `new`", "“decision”应为 same 或 new"
            )
        if decision == SAME and key not in keys:
            raise _wrong(path, number, "the place is not known here", "该场所编号不存在")
        if decision == SAME and aliases.setdefault(name, key) != key:
            raise _wrong(path, number, "the name was given to two places", "同一名称对应了两个场所")
        if decision == NEW:
            new.add(name)
    both = new & set(aliases)
    if both:
        raise DataError(
            f"{path.name}: {len(both)} names are both `same` and `new`",
            f"{path.name}：{len(both)} 个名称同时填了 same 和 new",
        )
    return Decided(aliases, frozenset(new))


def keep_decisions(home: Home, decided: Decided) -> Decided:
    """Adds to what was decided before; the newer word on a name counts."""

    def changed(content: Content | None) -> Content:
        before = _of_content(content)
        aliases = {n: k for n, k in before.aliases.items() if n not in decided.new}
        new = (before.new - set(decided.aliases)) | decided.new
        return {"aliases": aliases | decided.aliases, "new": sorted(new)}

    return _of_content(_DECISIONS.change(home, changed))


def _of_content(content: Content | None) -> Decided:
    if content is None:
        return Decided({}, frozenset())
    return Decided(dict(content["aliases"]), frozenset(content["new"]))


def _lines(path: Path) -> Iterable[tuple[int, dict[str, str | None]]]:
    try:
        if path.stat().st_size > _LARGEST:
            raise DataError(f"{path.name} is too large for a review list", f"{path.name} 过大")
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", f"找不到文件 {path}") from None
    except (UnicodeDecodeError, OSError):
        raise DataError(
            f"{path.name} cannot be read as text in UTF-8", f"{path.name} 不是 UTF-8 文本"
        ) from None
    reader = csv.DictReader(io.StringIO(text))
    try:
        if not set(HEADER) <= set(reader.fieldnames or ()):
            raise DataError(
                f"{path.name} is no review list: its header is {','.join(HEADER)}",
                f"{path.name} 不是核对清单：表头应为 {','.join(HEADER)}",
            )
        yield from enumerate(reader, start=2)
    except csv.Error:
        raise DataError(f"{path.name} is no CSV file", f"{path.name} 不是 CSV 文件") from None


def _wrong(path: Path, row: int, en: str, zh: str) -> DataError:
    return DataError(f"{path.name}, row {row}: {en}", f"{path.name} 第 {row} 行：{zh}")


def _pairs(table: pa.Table) -> Iterable[tuple[str, str | None]]:
    return zip(table.column("place").to_pylist(), table.column("name").to_pylist(), strict=True)
