"""Writes docs/reference/channels from the mappings and their samples; `--check` tells of drift."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path

from ringfence.sources.delivered import Delivered
from ringfence.sources.mapping.catalogue import Entry, entries
from ringfence.sources.mapping.model import (
    WGS_84,
    CaseValue,
    Channel,
    ColumnValue,
    Condition,
    Field,
    FieldValue,
    JoinValue,
    LocatedValue,
    PersonValue,
    TextValue,
    VehicleValue,
)
from ringfence.sources.raw.reading import read_raw
from ringfence_city.observe.models import NOISE_OF
from ringfence_city.observe.noise import Noise
from scripts.records_reference import grid

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference" / "channels"
OBSERVED: Mapping[str, str] = {
    "clinic-lab": "laboratory",
    "godata": "cases",
    "rail-tickets": "transport",
    "vehicle-gates": "transport",
}
"""Which channel of the synthetic city delivers in this form, where its name is another."""

_WORDS_SHOWN = 12

INDEX = """\
# Channels 数据渠道

Generated from `mappings/` by `make docs`; edit there. Each page tells where the files of a channel
come from, what is taken of them and what is not, and shows the sample with all that comes of it.
The samples are ours: nobody in them exists (ID numbers of region `00xxxx`).

```text
ringfence import FILE --mapping NAME
```

A file that has none of these forms gets a mapping of its own in minutes: [A new
channel](../../tutorials/new-channel.md). Canonical files need no mapping: [records](../records.md).
"""


def pages() -> dict[str, str]:
    """Text of each page by the name of its file."""
    shipped = entries(None)
    made = {f"{entry.name}.md": "\n".join(_page(entry)) for entry in shipped}
    listed = grid(
        ("channel", "渠道", "version", "form", "records"),
        (_row(entry) for entry in shipped),
    )
    made["README.md"] = "\n".join([INDEX, *listed])
    return {name: text.rstrip() + "\n" for name, text in made.items()}


def _row(entry: Entry) -> tuple[str, ...]:
    channel = entry.read()
    return (
        f"[{channel.title.en}]({entry.name}.md) `{entry.name}`",
        channel.title.zh,
        str(channel.version),
        _form(channel),
        ", ".join(f"`{table}`" for table in channel.tables),
    )


def _form(channel: Channel) -> str:
    form = channel.form
    told = [form.format or "found from the file", form.encoding]
    told += [f"header in row {form.header_row}"] if form.header_row else []
    told += [f"records below `{form.records}`"] if form.records else []
    return ", ".join(part for part in told if part)


def _page(entry: Entry) -> Iterator[str]:
    channel = entry.read()
    yield f"# {channel.title.en} {channel.title.zh}"
    yield ""
    yield (
        f"Generated from `mappings/{entry.name}/v{entry.version}` by `make docs`; edit there. "
        f"Mapping `{channel.label}`, source `{channel.source}`."
    )
    yield ""
    yield channel.origin.en
    yield ""
    yield re.sub(r"(?<=[，。：；、）]) ", "", channel.origin.zh)  # of folded lines
    yield ""
    yield f"Form: {_form(channel)}; times without an offset are of {channel.zone.key}."
    yield from _totals(channel)
    yield ""
    yield from _fields(channel)
    yield from _persons(channel)
    yield from _records(channel)
    yield from _sample(entry, channel)
    yield from _noise(entry.name)


def _totals(channel: Channel) -> Iterator[str]:
    if channel.form.totals:
        words = ", ".join(channel.form.totals)
        yield f"A row that begins with {words} ends the table."


def _fields(channel: Channel) -> Iterator[str]:
    yield "## Fields 字段"
    yield ""
    rows = (
        (f"`{field.name}`", _columns(field), field.kind, _meaning(field), _presence(field))
        for field in channel.fields.values()
    )
    yield from grid(("field", "column", "as", "words and forms", "value"), rows)
    if channel.ignored:
        told = ", ".join(f"`{name}`" for name in channel.ignored)
        yield f"Known and not taken: {told}. Any other column is refused."
        yield ""
    for skip in channel.skips:
        yield f"Skipped: {_condition(skip.when)} ({skip.reason.en} {skip.reason.zh})."
        yield ""


def _columns(field: Field) -> str:
    named = " + ".join(f"`{column}`" for column in field.columns)
    return " or ".join([named, *(f"`{column}`" for column in field.also)])


def _meaning(field: Field) -> str:
    words = [f"{word} → `{meant}`" for word, meant in field.words.items()]
    if len(words) > _WORDS_SHOWN:
        words = [*words[:_WORDS_SHOWN], f"and {len(words) - _WORDS_SHOWN} more"]
    forms = [f"`{form}`" for form in field.forms]
    kind = [f"kind from `{field.id_kind}`"] if field.id_kind else []
    return ", ".join([*words, *forms, *kind]).replace("|", "\\|")


def _presence(field: Field) -> str:
    return "".join(
        (
            "optional" if field.optional else "required",
            "; left out where wrong" if field.emptied else "",
        )
    )


def _persons(channel: Channel) -> Iterator[str]:
    if not channel.persons:
        return
    yield "## Persons 人员"
    yield ""
    yield "Identities go to the vault; the records hold pseudonyms of this source."
    yield ""
    rows = (
        (
            f"`{person.name}`",
            ", else ".join(f"`{field}`" for field in person.by),
            ", ".join(
                f"{told}" if told == field else f"{told} (`{field}`)"
                for told, field in person.identity.items()
            ),
        )
        for person in channel.persons.values()
    )
    yield from grid(("person", "known by", "identity"), rows)


def _records(channel: Channel) -> Iterator[str]:
    yield "## Records 记录"
    yield ""
    rows = (
        (
            f"`{record.table}`",
            _condition(record.when) or "always",
            "; ".join(f"{name}: {_value(value)}" for name, value in record.columns.items()),
        )
        for record in channel.records
    )
    yield from grid(("table", "when", "columns"), rows)
    for record in channel.records:
        if record.datum != WGS_84:
            yield (
                f"Positions of `{record.table}` come in the datum {record.datum} and become "
                f"{WGS_84}. 位置由 {record.datum} 转换为 {WGS_84}。"
            )
            yield ""


def _condition(when: Condition) -> str:
    return ", ".join(f"`{field}` is {' or '.join(words)}" for field, words in when.tests.items())


def _value(value: ColumnValue) -> str:
    match value:
        case FieldValue(field):
            return f"`{field}`"
        case TextValue(text):
            return f"“{text}”"
        case PersonValue(name) | VehicleValue(name):
            return f"pseudonym of `{name}`"
        case CaseValue(field):
            return f"whom `{field}` is"
        case LocatedValue(field):
            return f"unit of `{field}`"
        case JoinValue(parts):
            return "".join(_value(part) for part in parts)


def _sample(entry: Entry, channel: Channel) -> Iterator[str]:
    """The sample's own rows, then what is expected of them."""
    (path,) = entry.folder.glob("sample.*")
    yield "## Sample 样例"
    yield ""
    own = f"mappings/{entry.name}/v{entry.version}/{path.name}"
    yield f"`{own}`; `ringfence mappings check` runs it."
    yield ""
    yield from _cells(path, channel)
    for name in ("rejects", *dict.fromkeys(channel.tables), "identity"):
        expected = entry.folder / "expected" / f"{name}.csv"
        if expected.exists():
            yield from _expected(name, expected)


def _cells(path: Path, channel: Channel) -> Iterator[str]:
    wanted = [column for field in channel.fields.values() for column in field.columns]
    with path.open("rb") as file:
        delivered = Delivered(file, path.name, path.stat().st_size)
        raw = read_raw(delivered, channel.form, lambda _: None, expected=wanted)
        chunks = list(raw.chunks())
    shown = [name for name in wanted if any(name in chunk.columns for chunk in chunks)]
    shown = list(dict.fromkeys(shown))
    rows = [
        (str(row), *(_cell(chunk.columns[name][n].as_py()) for name in shown))
        for chunk in chunks
        for n, row in enumerate(chunk.rows.to_pylist())
    ]
    yield from grid(("row", *shown), rows)
    lost = [reject for chunk in chunks for reject in chunk.rejects]
    if lost:
        numbers = ", ".join(str(reject.row) for reject in lost)
        yield f"Row {numbers} cannot be split into cells."
        yield ""


def _expected(name: str, path: Path) -> Iterator[str]:
    titles = {"rejects": "Set aside 搁置的行", "identity": "To the vault 进入保险库"}
    yield f"### {titles.get(name, f'`{name}`')}"
    yield ""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    yield from grid(tuple(header), ([_cell(cell) for cell in row] for row in rows))


def _cell(text: str | None) -> str:
    words = (text or "").replace("LNG_REFERENCE_DATA_CATEGORY_", "LNG_…_")
    return words.replace("|", "\\|").replace("\n", " ")


def _noise(name: str) -> Iterator[str]:
    channel = OBSERVED.get(name, name)
    noise = NOISE_OF.get(channel)
    if noise is None:
        return
    yield "## In the synthetic city 在虚构城市中"
    yield ""
    yield (
        f"`ringfence city make` delivers what the city's channel `{channel}` sees in this form. Of "
        "the facts it sees, and of its rows (of persons: alias), shares: "
        + "; ".join(_shares(noise))
        + ". What each fault is: [the synthetic city](../city.md#channels-and-their-faults)."
    )
    yield ""


_OF_WHAT = {"seat_swap": " of those who swapped seats"}


def _shares(noise: Noise) -> Iterable[str]:
    yield f"coverage {noise.coverage / 10_000:g} %"
    for field in fields(noise):
        value = getattr(noise, field.name)
        if field.name in ("coverage", "lag_days") or not value:
            continue
        told = f"{value}" if field.name == "skew_minutes" else f"{value / 10_000:g} %"
        yield f"{field.name} {told}{_OF_WHAT.get(field.name, '')}"


def main(arguments: list[str]) -> int:
    made = pages()
    if "--check" not in arguments:
        FOLDER.mkdir(parents=True, exist_ok=True)
        for path in FOLDER.glob("*.md"):
            if path.name not in made:
                path.unlink()
        for name, text in made.items():
            (FOLDER / name).write_text(text, encoding="utf-8")
        return 0
    there = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    drifted = sorted(
        name for name in made.keys() | there.keys() if made.get(name) != there.get(name)
    )
    for name in drifted:
        print(f"docs/reference/channels/{name} has drifted from the mappings: run `make docs`")
    return 1 if drifted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
