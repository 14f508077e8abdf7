"""Loading administrative divisions: jurisdictions to the lake, years of region codes beside it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ringfence.errors import DataError
from ringfence.lake import Home, Receipt
from ringfence.lake.leases import workplace
from ringfence.sources.delivered import Delivered, read_pieces
from ringfence.sources.importing import STDIN, import_file
from ringfence.sources.normalise import division_files as files
from ringfence.sources.normalise.division_store import add_years
from ringfence.sources.normalise.regions import RegionYears
from ringfence.sources.opening import open_delivery
from ringfence.sources.raw.model import Form, Raw
from ringfence.sources.raw.reading import read_raw

SOURCE = "divisions"
_LARGEST_JSON = 64 << 20
_HEADER = ("code", "parent", "level", "name_zh", "name_en")


@dataclass(frozen=True)
class Loaded:
    """What a file gave: jurisdictions with their receipt, or years of region codes."""

    receipt: Receipt | None = None
    years: RegionYears | None = None


def import_divisions(
    home: Home, path: Path | str, *, source: str = SOURCE, now: datetime
) -> Loaded:
    """Canonical jurisdictions, published tables of divisions, or codes by year; told by content."""
    with open_delivery(home, path) as delivered:
        if _is_json_object(delivered):
            told = files.years_of_timeline(_json_of(delivered))
            return Loaded(years=add_years(home, told))
        raw = read_raw(delivered, Form(header_row=1), _ignore)
        if files.is_revisions(raw.columns):
            lines = ((row["revision"], row["code"]) for row in _rows(raw))
            return Loaded(years=add_years(home, files.years_of_revisions(lines)))
        if not files.is_canonical(raw.columns):
            if not files.is_published(raw.columns):
                raise _unknown_form(delivered.name)
            return Loaded(_deliver(home, delivered.name, _rows(raw), source, now))
        if str(path) == STDIN:
            return Loaded(_deliver_stream(home, delivered, source, now))
    return Loaded(import_file(home, path, table="jurisdiction", source=source, now=now))


def _deliver(
    home: Home, name: str, rows: Iterator[dict[str, str]], source: str, now: datetime
) -> Receipt:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEADER)
    above_all: dict[files.Row, None] = {}
    for number, row in enumerate(rows, start=2):
        try:
            unit = files.unit_of(row["code"], row["name"])
        except ValueError:
            raise DataError(
                f"{name}, row {number}: a division needs a code of 2, 4, 6, 9 or 12 digits"
                " and a name",
                f"{name} 第 {number} 行：行政区划须有 2、4、6、9 或 12 位代码和名称",
            ) from None
        above = files.above_of(unit)
        writer.writerow(unit)
        if above is not None:
            above_all[above] = None
    writer.writerows(above_all)  # last, so that rows are numbered as in the file itself
    with workplace(home) as folder:
        path = folder / f"{Path(name).stem}.csv"
        path.write_text(text.getvalue(), encoding="utf-8")
        return import_file(home, path, table="jurisdiction", source=source, now=now)


def _deliver_stream(home: Home, delivered: Delivered, source: str, now: datetime) -> Receipt:
    """Standard input can be read once only: what it held is in the home by now."""
    with workplace(home) as folder:
        path = folder / "stdin.csv"
        with path.open("wb") as file:
            delivered.file.seek(0)
            file.writelines(read_pieces(delivered.file))
        return import_file(home, path, table="jurisdiction", source=source, now=now)


def _rows(raw: Raw) -> Iterator[dict[str, str]]:
    for chunk in raw.chunks():
        names = list(chunk.columns)
        columns = [chunk.columns[name].to_pylist() for name in names]
        for cells in zip(*columns, strict=True):
            yield {name: cell or "" for name, cell in zip(names, cells, strict=True)}


def _is_json_object(delivered: Delivered) -> bool:
    delivered.file.seek(0)
    start = delivered.file.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")
    delivered.file.seek(0)
    return start.startswith(b"{")


def _json_of(delivered: Delivered) -> dict[str, Any]:
    text = delivered.file.read(_LARGEST_JSON + 1)
    try:
        if len(text) > _LARGEST_JSON:
            raise ValueError
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise _unknown_form(delivered.name) from None
    if not isinstance(content, dict) or "timeline" not in content:
        raise _unknown_form(delivered.name)
    return content


def _unknown_form(name: str) -> DataError:
    return DataError(
        f"{name} is no table of divisions: its header is `code,parent,level,name_zh,name_en`,"
        " `code,name` or `revision,code,name`",
        f"{name} 不是行政区划表：表头应为 code,parent,level,name_zh,name_en、code,name"
        " 或 revision,code,name",
    )


def _ignore(_: bytes) -> None:
    return None
