"""A few records in Parquet files and one question about them.

Times are `HH:MM` of 10 July 2022, or `MM-DD HH:MM`, on the clocks of a home in UTC+8.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.engines.question import Focus, Question, Stay
from ringfence.engines.reference import ReferenceEngine
from ringfence.engines.snapshot import Batch, Snapshot, SortedFile, TableFiles
from ringfence.errors import Text
from ringfence.protocols.model import Dwell, Outcome, Protocol, Rule, Source
from ringfence.records import INSTANT, TABLES

ZONE = ZoneInfo("Asia/Shanghai")

PROTOCOL = Protocol(
    id="test",
    version=1,
    title=Text("test", "测试"),
    disease="covid-19",
    jurisdiction="CN",
    valid_from=date(2022, 1, 1),
    valid_to=None,
    source=Source(),
    anchors=(),
    rules=(),
    digest="0",
)

EVERY_KIND = ("presence", "event", "encounter", "link")


def moment(text: str) -> datetime:
    day, _, clock = text.rpartition(" ")
    return datetime.strptime(f"2022-{day or '07-10'} {clock}", "%Y-%m-%d %H:%M").replace(
        tzinfo=ZONE
    )


def at(text: str) -> int:
    return int(moment(text).timestamp())


def rule(**said: Any) -> Rule:
    """A rule of order 1 that reads everything, with what the test says about it."""
    told = {"evidence": EVERY_KIND, "outcome": Outcome.CLOSE, "order": 1, "priority": 1}
    return Rule(**{"id": "rule", **told, **said})


def focus(
    subject: str = "case",
    start: str = "07-08 00:00",
    end: str = "07-12 00:00",
    *,
    number: int = 0,
    symptomatic: bool | None = None,
) -> Focus:
    return Focus(number, subject, at(start), at(end), symptomatic)


@dataclass
class TinyHome:
    """Deliveries are numbered in the order in which they are made."""

    folder: Path
    as_of: str = "07-20 00:00"
    compacted: dict[str, list[Path]] = field(default_factory=dict)
    fresh: dict[str, list[Path]] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    replacing: bool = False

    def deliver(
        self, table: str, *rows: dict[str, Any], source: str = "desk", compact: bool = False
    ) -> str:
        sequence = len(self.batches) + 1
        batch = f"{sequence:064x}"
        schema = TABLES[table].schema
        lineage = {"source": source, "batch": batch}
        stored = [
            {**{name: _value(schema, name, value) for name, value in row.items()}, **lineage}
            | {"source_row": number}
            for number, row in enumerate(rows, 2)
        ]
        path = self.folder / f"{sequence}.parquet"
        pq.write_table(pa.Table.from_pylist(stored, schema=schema), path)
        (self.compacted if compact else self.fresh).setdefault(table, []).append(path)
        self.batches[batch] = Batch(
            batch, sequence, table, source, f"{table}.csv", datetime(2022, 7, 19, tzinfo=UTC)
        )
        return batch

    def snapshot(self) -> Snapshot:
        tables = {
            table: TableFiles(
                table,
                first=tuple(SortedFile(p, None, 0) for p in self.compacted.get(table, ())),
                fresh=tuple(self.fresh.get(table, ())),
                replacing=self.replacing,
            )
            for table in {*self.compacted, *self.fresh}
        }
        return Snapshot(
            sequence=len(self.batches),
            as_of=moment(self.as_of).astimezone(UTC),
            zone=ZONE.key,
            jurisdiction="CN",
            synthetic=True,
            tables=tables,
            batches=self.batches,
        )

    def ask(
        self,
        *rules: Rule,
        focuses: tuple[Focus, ...] = (),
        order: int = 1,
        closed: tuple[Stay, ...] = (),
        dwells: dict[str, Dwell] | None = None,
    ) -> list[dict[str, Any]]:
        protocol = replace(PROTOCOL, rules=rules, dwells=dwells or {})
        question = Question(protocol, order, focuses or (focus(),), closed)
        answer: list[dict[str, Any]] = ReferenceEngine(self.snapshot()).ask(question).to_pylist()
        return sorted(answer, key=lambda row: (row["focus"], row["other"], row["start"]))

    def told(self, *rules: Rule, **asked: Any) -> dict[str, str]:
        """What each other person is to the focus: `contact`, or what must be asked."""
        answer: dict[str, set[str]] = {}
        for row in self.ask(*rules, **asked):
            answer.setdefault(row["other"], set()).update(row["open"])
            assert not (row["satisfied"] and row["open"])
        return {person: ", ".join(sorted(asks)) or "contact" for person, asks in answer.items()}


def _value(schema: pa.Schema, name: str, value: Any) -> Any:
    is_clock = isinstance(value, str) and schema.field(name).type == INSTANT
    return moment(value) if is_clock else value


def stay(subject: str, start: str, end: str | None, place: str = "hall", **more: Any) -> Any:
    return {"subject": subject, "place": place, "start": start, "end": end, **more}
