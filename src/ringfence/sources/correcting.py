"""One record corrected: the same key from the same source, said again with other values."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from ringfence.errors import DataError, NotFound, UsageError
from ringfence.lake import Home, ImportOrigin, ImportReceipt, Tally, stage_import
from ringfence.lake.correcting import First, Standing, standing_records
from ringfence.records import LINEAGE, TABLES, Table
from ringfence.sources.cases import cases_of
from ringfence.sources.frame import Frame
from ringfence.sources.header import closest_first
from ringfence.sources.rows import Chunk, check
from ringfence.sources.stored_text import stored_text

LABEL = "correction"
_DOMAIN = b"ringfence correction 1\0"


def correct(
    home: Home,
    batch: str,
    source_row: int,
    table: str,
    changes: Mapping[str, str],
    *,
    where: Mapping[str, str],
    reason: str,
    now: datetime,
) -> tuple[Standing, ImportReceipt]:
    """Say a record again with these values. It leads back to the row that it was made of.

    `where` chooses among several records of the row. What identifies a person is not in the lake.
    """
    declared = _declared(table, changes)
    if not reason.strip():
        raise UsageError("a reason is needed", "须说明理由")
    frame = Frame(ZoneInfo(home.zone), now, cases_of(home, now))
    standing = _the_one(standing_records(home, batch, source_row, table), declared, where, frame)
    texts = as_texts(declared, standing.row, frame)
    for name in declared.key:
        if changes.get(name, texts.get(name, "")) != texts.get(name, ""):
            raise _another_record(name, standing.first)
    if all(texts.get(name, "") == value for name, value in changes.items()):
        raise DataError("the record says so already", "该记录已是如此")
    columns = {name: pa.array([value], pa.string()) for name, value in {**texts, **changes}.items()}
    checked = check(declared, Chunk(columns, pa.array([source_row], pa.int64())), frame)
    for reject in checked.rejects:
        raise DataError(f"{reject.field} {reject.reason.en}", f"{reject.field} {reject.reason.zh}")
    said = json.dumps([standing.batch, source_row, table, dict(changes), standing.sequence])
    origin = ImportOrigin(
        hashlib.sha256(_DOMAIN + said.encode()).hexdigest(),
        LABEL,
        standing.source,
        standing.file,
        standing.batch,
    )
    with stage_import(home, origin) as staging:
        staging.write(table, checked.accepted)
        return standing, staging.commit(now, Tally(rows_in=1, accepted=1, parts=standing.parts))


def _declared(table: str, changes: Mapping[str, str]) -> Table:
    if table not in TABLES:
        offered = ", ".join(closest_first(table, list(TABLES)))
        raise UsageError(
            f"there is no table `{table}`; there are: {offered}",
            f"没有名为 {table} 的表；可用的表：{offered}",
        )
    declared = TABLES[table]
    free = [c.name for c in declared.lake_columns if c.name not in declared.key]
    for name in changes:
        if name not in free and name not in declared.key:
            offered = ", ".join(closest_first(name, free)) if free else "–"
            raise UsageError(
                f"`{table}` has no column `{name}` to correct; there are: {offered}",
                f"{table} 表没有可更正的列 {name}；可用：{offered}",
            )
    return declared


def _another_record(name: str, first: First) -> UsageError:
    """A batch is withdrawn whole: its file is delivered again, put right, and then the old goes."""
    batch, source = first.batch[:12], shlex.quote(first.source)
    commands = (
        f"  ringfence import FILE {first.read_by} --source {source}\n"
        f'  ringfence lake withdraw {batch} --reason "…"'
    )
    along = along_zh = ""
    if first.mended:
        one = first.mended == 1
        also = "1 batch that puts" if one else f"{first.mended} batches that put"
        are = "is" if one else "are"
        along = f" {also} rows of it right {are} withdrawn with it: say that again."
        along_zh = f"更正该批次的 {first.mended} 个批次将随之撤回，须重新更正。"
    return UsageError(
        f"`{name}` is part of what makes it this record: with another value it is another one. Put "
        f"the row right in a copy of the whole {first.file}, here FILE, and in this order\n"
        f"{commands}\n"
        "Rows that are the same stay as they are; the old record no longer counts, and is kept for "
        f"what was known before.{along} To go back: `lake reinstate {batch}`, then withdraw the "
        "new batch",
        f"{name} 是该记录的标识列，改变其值即成为另一条记录。请在完整的 {first.file} 的副本"
        f"（下称 FILE）中更正该行，并依次运行\n{commands}\n"
        f"相同的行保持不变；原记录不再计入，但仍可查询当时所知。{along_zh}"
        f"如需恢复：先运行 `lake reinstate {batch}`，再撤回新批次",
    )


def _the_one(
    found: list[Standing], table: Table, where: Mapping[str, str], frame: Frame
) -> Standing:
    chosen = []
    for standing in found:
        texts = as_texts(table, standing.row, frame)
        if all(texts.get(name, "") == value for name, value in where.items()):
            chosen.append(standing)
    if not chosen:
        raise NotFound(
            "that row gave no such record to the table", "该行没有在此表中产生这样的记录"
        )
    if len(chosen) > 1:
        keys = ", ".join(table.key)
        raise UsageError(
            f"that row gave {len(chosen)} records to `{table.name}`: choose one by --where "
            f"column=value ({keys})",
            f"该行在 {table.name} 表中产生了 {len(chosen)} 条记录："
            f"请用 --where 列=值 指定（{keys}）",
        )
    return chosen[0]


def as_texts(table: Table, row: Mapping[str, Any], frame: Frame) -> dict[str, str]:
    """A stored record as a canonical file would say it; what is not known is left out."""
    found = {}
    for column in table.lake_columns:
        text = stored_text(column, row, frame)
        if text is not None and column.name not in dict(LINEAGE):
            found[column.name] = text
    return found
