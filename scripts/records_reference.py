"""Writes docs/reference/records.md from the declared records; `--check` only tells of drift."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ringfence.errors import Text
from ringfence.records import LINEAGE, TABLES, Column, Kind, Table, vocabularies
from ringfence.records.vocabularies import Setting

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "records.md"

KINDS: Mapping[Kind, str] = {
    Kind.KEY: "letters, digits, CJK, space and `_-.:/#()·`, at most 128 characters",
    Kind.TEXT: "one line, at most 1,000 characters",
    Kind.WORD: "one word of the vocabulary named",
    Kind.WORDS: "several, separated by `;` in CSV, a list in Parquet",
    Kind.INSTANT: "ISO 8601 with offset; kept in UTC to the second",
    Kind.MOMENT: "an instant, or a calendar day (`2022-07-01`) of the home's zone; kept "
    "with its precision",
    Kind.DATE: "calendar day: `2022-07-01`",
    Kind.WHOLE: "whole number",
    Kind.NUMBER: "decimal number",
    Kind.TRUTH: "true or false; yes, no, y, n, t, f, 1, 0, 是, 否 are read too",
}

VOCABULARIES: Mapping[str, Mapping[str, Text]] = {
    "classification": vocabularies.CLASSIFICATIONS,
    "case event": vocabularies.CASE_EVENT_KINDS,
    "event": vocabularies.EVENT_KINDS,
    "certainty": vocabularies.CERTAINTIES,
    "role": vocabularies.ROLES,
    "ventilation": vocabularies.VENTILATIONS,
    "test result": vocabularies.TEST_RESULTS,
    "measure": vocabularies.MEASURE_KINDS,
    "precision": vocabularies.PRECISIONS,
    "area level": vocabularies.AREA_LEVELS,
    "jurisdiction level": vocabularies.JURISDICTION_LEVELS,
    "ride status": vocabularies.RIDE_STATUSES,
    "sex": vocabularies.SEXES,
    "identity document": vocabularies.ID_KINDS,
}

WITH_SETTING: Mapping[str, Mapping[str, tuple[Setting, Text]]] = {
    "place": vocabularies.PLACE_KINDS,
    "relation": vocabularies.RELATIONS,
    "service": vocabularies.SERVICE_KINDS,
}

INTRODUCTION = """\
# Records 记录表

Generated from `src/ringfence/records` by `make docs`; edit there.

Any channel can deliver these tables as CSV (UTF-8) or Parquet without a mapping:
`ringfence import FILE --as TABLE`. Unknown columns are refused. An empty value, or the word
`unknown`, means "not known" where the table below allows it; nowhere else may a value be missing.

**Sensitivity** of a column, from least to most: public 公开, organisation 单位, movement 行踪,
health 健康, identity 身份. Columns of sensitivity *identity* never reach the lake; until the vault
exists a file that carries one is refused.

**Retention** counts from the day of the record; a row that holds evidence of an open case is kept
longer. Rows *without a clock* stay until the case or order that they belong to is closed.
"""


def table_row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def grid(header: tuple[str, ...], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield table_row(header)
    yield table_row("---" for _ in header)
    yield from map(table_row, rows)
    yield ""


def anchor(title: str) -> str:
    return title.replace(" ", "-")


def vocabulary_of(column: Column) -> str | None:
    """The vocabulary that a column's words come from, found by its words."""
    for title, terms in {**VOCABULARIES, **WITH_SETTING}.items():
        if column.words and tuple(terms) == column.words:
            return title
    return None


def constraint(column: Column) -> str:
    parts = []
    if title := vocabulary_of(column):
        parts.append(f"[{title}](#vocabulary-{anchor(title)})")
    if column.least is not None or column.most is not None:
        parts.append(f"{column.least:g} to {column.most:g}")
    if column.unit:
        parts.append(column.unit)
    return ", ".join(parts)


def presence(column: Column) -> str:
    if not column.required:
        return "optional"
    return "required, may be empty" if column.may_be_empty else "required"


def lines_of_table(table: Table) -> Iterator[str]:
    kept = f"{table.retention_days} days" if table.retention_days else "without a clock"
    key = ", ".join(f"`{name}`" for name in table.key)
    yield f"### `{table.name}`: {table.meaning.en} {table.meaning.zh}"
    yield ""
    yield f"Natural key: {key}{' (the pair is unordered)' if table.unordered else ''}."
    yield f"Retention: {kept}. Comes from: {table.origin}."
    yield ""
    header = ("column", "meaning", "含义", "type", "constraint", "value", "sensitivity")
    yield from grid(
        header,
        (
            (
                f"`{column.name}`",
                column.meaning.en,
                column.meaning.zh,
                column.kind.value,
                constraint(column),
                presence(column),
                column.sensitivity.value,
            )
            for column in table.columns
        ),
    )


def lines_of_vocabularies() -> Iterator[str]:
    yield "## Kinds and their settings 类型与场景"
    yield ""
    yield "The *setting* of an exposure follows from the kind of the place or service, or from the"
    yield "relation; a measured pair has the setting `encounter`."
    yield ""
    for title, kinds in WITH_SETTING.items():
        yield f"### Vocabulary {title}"
        yield ""
        yield from grid(
            ("word", "English", "中文", "setting", "场景"),
            (
                (
                    f"`{word}`",
                    text.en,
                    text.zh,
                    f"`{setting.value}`",
                    vocabularies.SETTING_TERMS[setting].zh,
                )
                for word, (setting, text) in kinds.items()
            ),
        )
    yield "## Vocabularies 词表"
    yield ""
    for title, terms in VOCABULARIES.items():
        yield f"### Vocabulary {title}"
        yield ""
        yield from grid(
            ("word", "English", "中文"),
            ((f"`{word}`", text.en, text.zh) for word, text in terms.items()),
        )


def page() -> str:
    lines = [INTRODUCTION, "## Types 类型", ""]
    lines += grid(
        ("type", "what a file holds"), ((kind.value, text) for kind, text in KINDS.items())
    )
    lines += ["## Tables 表", ""]
    for table in TABLES.values():
        lines += lines_of_table(table)
    lines += ["## Lineage 溯源", ""]
    lines += ["The lake adds to every row where it came from. `source_row` is the row as a"]
    lines += [
        "spreadsheet shows it: in CSV the header is row 1; in Parquet the first row is 1.",
        "",
    ]
    lines += grid(("column", "type"), ((f"`{name}`", str(kind)) for name, kind in LINEAGE))
    lines += lines_of_vocabularies()
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    text = page()
    if "--check" not in arguments:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        print("docs/reference/records.md has drifted from the code: run `make docs`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
