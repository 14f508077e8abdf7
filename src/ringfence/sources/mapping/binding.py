"""A mapping meets the header of a file: which column each field reads, or why it cannot."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ringfence.errors import DataError
from ringfence.lake.lineage import file_of
from ringfence.sources.delivered import Delivered
from ringfence.sources.mapping.model import Channel, Field
from ringfence.sources.raw.model import Raw
from ringfence.sources.raw.reading import read_raw

_SHOWN = 5


@dataclass(frozen=True)
class Binding:
    """Columns of the file for each field; None for an optional column that the file lacks."""

    columns: Mapping[str, tuple[str | None, ...]]


def open_bound(
    delivered: Delivered, channel: Channel, feed: Callable[[bytes], None]
) -> tuple[Raw, dict[int, Binding]]:
    """A file and what its parts are bound to; every header is judged before any row is read."""
    delivered.file.seek(0)

    def takes(names: Sequence[str]) -> bool:
        return not _lacking(channel, _fields_by_column(channel, names))

    raw = read_raw(delivered, channel.form, feed, expected=channel.headers, takes=takes)
    names = {part.number: part.name for part in raw.parts}
    bindings = {
        number: bind(channel, raw.found[number].columns, file_of(delivered.name, names, number))
        for number in names
    }
    return raw, bindings


def plain(name: str) -> str:
    """A header without what differs between exports: widths of signs, spaces, case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def bind(channel: Channel, names: Sequence[str], file: str) -> Binding:
    """Raises where the header is not that of the channel. Only names of columns are ever told."""
    columns = _fields_by_column(channel, names)
    missing = _lacking(channel, columns)
    if missing:
        raise _missing(channel, missing, names, file)
    _refuse_unknown(channel, names, file)
    _refuse_doubled(channel, names, file)
    return Binding(columns)


def _fields_by_column(channel: Channel, names: Sequence[str]) -> dict[str, tuple[str | None, ...]]:
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(plain(name), name)
    return {f.name: _columns(f, found) for f in channel.fields.values()}


def _lacking(channel: Channel, columns: Mapping[str, tuple[str | None, ...]]) -> list[str]:
    """Columns that must be there and are not."""
    missing = [
        wanted
        for field in channel.fields.values()
        if not field.optional
        for wanted, column in zip(field.columns, columns[field.name], strict=True)
        if column is None
    ]
    return list(dict.fromkeys(missing))


def _columns(field: Field, found: Mapping[str, str]) -> tuple[str | None, ...]:
    if len(field.columns) > 1:
        return tuple(found.get(plain(name)) for name in field.columns)
    return (next((found[plain(n)] for n in field.headers if plain(n) in found), None),)


def _missing(
    channel: Channel, missing: Sequence[str], names: Sequence[str], file: str
) -> DataError:
    """The names found are not told: where the header is not one, they may be a person's data."""
    some = missing[:_SHOWN]
    more = len(missing) - len(some)
    en = ", ".join(f"`{name}`" for name in some) + (f" and {more} more" if more else "")
    zh = "、".join(some) + (f" 等 {len(missing)} 列" if more else "")
    return DataError(
        f"{file}: the header ({len(names)} columns) lacks {en}, which {channel.label} needs; "
        "is it the right mapping, and does the header stand in the row that it says? "
        f"`ringfence mappings show {channel.name}` lists the columns. Nothing was stored",
        f"{file}：表头（{len(names)} 列）缺少 {channel.label} 需要的 {zh}；"
        "请检查映射是否正确、表头所在行是否正确。"
        f"可用 `ringfence mappings show {channel.name}` 查看所需列。未保存任何数据",
    )


def _is_known(channel: Channel) -> Callable[[str], bool]:
    """Whether a field reads a column or `ignored` lists it; `dates*` lists all that begin so."""
    known = {plain(name) for name in (*channel.headers, *channel.ignored)}
    begun = tuple(plain(name[:-1]) for name in channel.ignored if name.endswith("*"))
    return lambda name: plain(name) in known or bool(begun and plain(name).startswith(begun))


def _refuse_unknown(channel: Channel, names: Sequence[str], file: str) -> None:
    is_known = _is_known(channel)
    strange = [(place, n) for place, n in enumerate(names, 1) if n.strip() and not is_known(n)]
    if not strange:
        return
    some = strange[:_SHOWN]
    more = len(strange) - len(some)
    told = [f"{place} `{name[:40]}`" for place, name in some]
    raise DataError(
        f"{file}: {channel.label} does not know column {', '.join(told)}"
        f"{f' and {more} more' if more else ''}; list it under `ignored` in a new version of the "
        "mapping, or give it a field. Nothing was stored",
        f"{file}：{channel.label} 不认识第 {'、'.join(told)} 列"
        f"{f' 等 {len(strange)} 列' if more else ''}；"
        "请在映射的新版本中将其列入 ignored 或为其定义字段。未保存任何数据",
    )


def _refuse_doubled(channel: Channel, names: Sequence[str], file: str) -> None:
    used = {plain(name) for name in channel.headers}
    counted = Counter(plain(name) for name in names)
    for name in names:
        if counted[plain(name)] > 1 and plain(name) in used:
            raise DataError(
                f"{file}: column `{name}` appears more than once in the header; "
                "it is not clear which one counts. Nothing was stored",
                f"{file}：表头中“{name}”列重复出现，无法确定以哪一列为准。未保存任何数据",
            )
