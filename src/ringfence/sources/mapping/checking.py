"""A mapping against its own sample: which records, identities and refusals it should give.

Persons are named by the rows that speak of them: `guest@3` is the guest of row 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from ringfence.errors import NotFound, Text
from ringfence.lake import Reject
from ringfence.records import TABLES, Table
from ringfence.sources.delivered import Delivered
from ringfence.sources.frame import Frame
from ringfence.sources.mapping.applying import Circumstances, Identities, apply
from ringfence.sources.mapping.binding import open_bound
from ringfence.sources.mapping.expected import Rows, compare, read_expected, write_expected
from ringfence.sources.mapping.model import Channel
from ringfence.sources.stored_text import stored_text

_IDENTITY = "identity"
_REJECTS = "rejects"


@dataclass(frozen=True)
class Outturn:
    """What a sample gave, by the name of the file that should say so; and where they differ.

    `same`: the first name of the person that each name stands for.
    """

    sample: Path
    rows_in: int
    accepted: int
    skipped: int
    refused: int
    found: Mapping[str, Rows]
    same: Mapping[str, str]
    differences: tuple[Text, ...] = field(default=())


def has_sample(folder: Path) -> bool:
    return bool(_samples(folder))


def _samples(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("sample.*") if path.is_file())


def sample_of(folder: Path) -> Path:
    samples = _samples(folder)
    if len(samples) != 1:
        raise NotFound(
            f"{folder} has {len(samples)} sample files; one is wanted: sample.csv, sample.xlsx …",
            f"{folder} 中有 {len(samples)} 个样例文件；应有且仅有一个：sample.csv、sample.xlsx 等",
        )
    return samples[0]


def check_mapping(channel: Channel, folder: Path, now: datetime) -> Outturn:
    """Run the sample and compare with the files in `expected/`."""
    outturn = run_sample(channel, sample_of(folder), now)
    wanted = read_expected(folder / "expected")
    if not wanted:
        missing = Text(
            "there is no folder `expected`: write it, or have it written by --record and read it",
            "没有 expected 目录：请编写，或用 --record 生成后逐行核对",
        )
        return replace(outturn, differences=(missing,))
    return replace(outturn, differences=tuple(compare(wanted, outturn.found, outturn.same)))


def record_expected(channel: Channel, folder: Path, now: datetime) -> Outturn:
    """Write what the sample gives as what it should give: to be read before it is believed."""
    outturn = run_sample(channel, sample_of(folder), now)
    write_expected(folder / "expected", outturn.found)
    return outturn


def run_sample(channel: Channel, sample: Path, now: datetime) -> Outturn:
    """All that a sample gives, as rows of text."""
    now = channel.sample_received or now
    frame = Frame(channel.zone, now, cases=None)
    circumstances = Circumstances(frame, True, _Numbered().pseudonyms)
    with sample.open("rb") as file:
        delivered = Delivered(file, sample.name, sample.stat().st_size)
        raw, bindings = open_bound(delivered, channel, lambda _: None)
        applied = [
            apply(channel, bindings[chunk.part.number], chunk, circumstances)
            for chunk in raw.chunks()
        ]
    told = [identities for one in applied for identities in one.identities]
    names, same = _names(channel, told)
    found: dict[str, Rows] = {}
    for table in channel.tables:
        batches = [rows for one in applied for name, rows in one.records if name == table]
        columns = _columns(channel, table)
        found[table] = Rows(
            ("source_row", *columns), _record_rows(TABLES[table], columns, batches, names, frame)
        )
    if any(person.identity for person in channel.persons.values()):
        found[_IDENTITY] = Rows(("person", "field", "value"), _identity_rows(told))
    refused = [reject for one in applied for reject in one.rejects]
    found[_REJECTS] = Rows(("row", "field", "reason"), _reject_rows(refused))
    return Outturn(
        sample,
        rows_in=sum(one.rows_in for one in applied),
        accepted=sum(one.accepted for one in applied),
        skipped=sum(sum(one.skipped) for one in applied),
        refused=len({reject.row for reject in refused}),
        found=found,
        same=same,
    )


class _Numbered:
    """Pseudonyms for a check: the same for the same value, and nothing kept."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], str] = {}

    def pseudonyms(self, kind: str, values: Sequence[str]) -> list[str]:
        letter = "v" if kind == "plate" else "s"
        return [
            self._known.setdefault((kind, value), f"{letter}{len(self._known):06d}")
            for value in values
        ]


Names = dict[tuple[int, str], str]
"""`person@row` by source row and pseudonym."""


def _names(channel: Channel, told: Iterable[Identities]) -> tuple[Names, dict[str, str]]:
    """What each row calls a person, and for every such name the first name of the same person."""
    order = list(channel.persons)
    rank = {name: number for number, name in enumerate(order)}
    seen = sorted(
        (row, rank.get(identities.person, len(rank)), identities.person, subject)
        for identities in told
        for row, subject in zip(
            identities.rows.to_pylist(), identities.subjects.to_pylist(), strict=True
        )
    )
    names: Names = {}
    first: dict[str, str] = {}
    same: dict[str, str] = {}
    for row, _, person, subject in seen:
        name = f"{person}@{row}"
        names.setdefault((row, subject), name)
        same[name] = first.setdefault(subject, name)
    return names, same


def _columns(channel: Channel, table: str) -> tuple[str, ...]:
    """The columns that the mapping fills, in the order of the table."""
    filled = {c for record in channel.records if record.table == table for c in record.columns}
    return tuple(c.name for c in TABLES[table].lake_columns if c.name in filled)


def _record_rows(
    table: Table,
    columns: Sequence[str],
    batches: Iterable[pa.RecordBatch],
    names: Names,
    frame: Frame,
) -> tuple[tuple[str, ...], ...]:
    found = []
    declared = [table.column(name) for name in columns]
    for batch in batches:
        for row in batch.to_pylist():
            number = row["source_row"]
            texts = (stored_text(column, row, frame) for column in declared)
            found.append((str(number), *(_named(text, number, names) for text in texts)))
    return tuple(sorted(found, key=lambda row: (int(row[0]), row[1:])))


def _named(text: str | None, row: int, names: Names) -> str:
    return "" if text is None else names.get((row, text), text)


def _identity_rows(told: Iterable[Identities]) -> tuple[tuple[str, ...], ...]:
    """Each thing said of a person, under the name of the first row that says it."""
    found: dict[tuple[str, str, str], str] = {}
    for identities in sorted(told, key=lambda one: one.person):
        rows, subjects = identities.rows.to_pylist(), identities.subjects.to_pylist()
        for name, values in identities.fields.items():
            for row, subject, value in zip(rows, subjects, values.to_pylist(), strict=True):
                if value:
                    found.setdefault((subject, name, value), f"{identities.person}@{row}")
    rows_found = ((person, name, value) for (_, name, value), person in found.items())
    return tuple(sorted(rows_found, key=lambda row: (int(row[0].rpartition("@")[2]), row)))


def _reject_rows(rejects: Iterable[Reject]) -> tuple[tuple[str, ...], ...]:
    return tuple((str(r.row), r.field, r.reason.en) for r in sorted(rejects, key=lambda r: r.row))
