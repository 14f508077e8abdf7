"""The files of a mapping's `expected` folder: read, compared and written."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ringfence.errors import DataError, StorageError, Text

_SHOWN = 8
_ROW_NAMES = ("source_row", "row", "person")


@dataclass(frozen=True)
class Rows:
    """A table of text with its header."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_expected(folder: Path) -> dict[str, Rows]:
    """The files by their names; nothing where there is no folder."""
    return {path.stem: _read(path) for path in sorted(folder.glob("*.csv"))}


def _read(path: Path) -> Rows:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [tuple(line) for line in csv.reader(file, strict=True) if any(line)]
    except OSError as error:
        raise StorageError(
            f"{path} cannot be read: {error.strerror}", f"无法读取 {path}：{error.strerror}"
        ) from None
    except (UnicodeDecodeError, csv.Error):
        raise DataError(f"{path} is not CSV in UTF-8", f"{path} 不是 UTF-8 编码的 CSV") from None
    header = lines[0] if lines else ()
    if any(len(line) != len(header) for line in lines):
        raise DataError(
            f"{path}: a row does not have the header's {len(header)} values",
            f"{path}：有的行与表头的 {len(header)} 列不符",
        )
    return Rows(header, tuple(lines[1:]))


def write_expected(folder: Path, found: Mapping[str, Rows]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in found.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(rows.columns)
            writer.writerows(rows.rows)


def compare(
    wanted: Mapping[str, Rows], found: Mapping[str, Rows], same: Mapping[str, str]
) -> Iterator[Text]:
    """Where what was found is not what was wanted; names of one person are `same`."""
    for name in dict.fromkeys([*wanted, *found]):
        if name not in found:
            yield Text(
                f"{name}.csv: the mapping gives nothing of that name",
                f"{name}.csv：映射不产生该表",
            )
        elif name not in wanted:
            if found[name].rows:
                yield Text(
                    f"{name}.csv is missing: the sample gives {len(found[name].rows)} rows",
                    f"缺少 {name}.csv：样例产生 {len(found[name].rows)} 行",
                )
        else:
            yield from _differences(name, wanted[name], found[name], same)


def _differences(name: str, wanted: Rows, found: Rows, same: Mapping[str, str]) -> Iterator[Text]:
    strange = [column for column in wanted.columns if column not in found.columns]
    if strange:
        yield Text(
            f"{name}.csv: the mapping fills no column {', '.join(strange)}",
            f"{name}.csv：映射不填写列 {'、'.join(strange)}",
        )
        return
    wanted_rows = Counter(_plain(wanted.columns, wanted, row, same) for row in wanted.rows)
    found_rows = Counter(_plain(wanted.columns, found, row, same) for row in found.rows)
    for rows, en, zh in (
        (wanted_rows - found_rows, "wanted and not given", "应有而未产生"),
        (found_rows - wanted_rows, "given and not wanted", "不应产生"),
    ):
        some = sorted(rows.elements())
        for row in some[:_SHOWN]:
            told = ", ".join(f"{column}={value}" for column, value in row if value)
            yield Text(f"{name}.csv: {en}: {told}", f"{name}.csv：{zh}：{told}")
        if len(some) > _SHOWN:
            yield Text(
                f"{name}.csv: … and {len(some) - _SHOWN} more {en}",
                f"{name}.csv：……另有 {len(some) - _SHOWN} 行{zh}",
            )


def _plain(
    columns: tuple[str, ...], rows: Rows, row: tuple[str, ...], same: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """A row with one way of writing instants; of a pair, the smaller key first."""
    values = {
        name: same.get(value, _one_instant(value))
        for name, value in zip(rows.columns, row, strict=True)
    }
    if values.get("subject_a", "") > values.get("subject_b", ""):
        for name in [name for name in values if name.endswith("_a")]:
            other = f"{name[:-2]}_b"
            values[name], values[other] = values.get(other, ""), values[name]
    shown = [*(n for n in _ROW_NAMES if n in columns), *(n for n in columns if n not in _ROW_NAMES)]
    return tuple((name, values.get(name, "")) for name in shown)


def _one_instant(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return text
    return text if moment is None or moment.tzinfo is None else moment.astimezone(UTC).isoformat()
