"""Do database, lake and audit agree? Each that refers to another finds there what it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection

from ringfence.audit import entries
from ringfence.errors import Text
from ringfence.lake import Home, acknowledged_batches, status
from ringfence_server.outbox.delivering import SOURCE

_DELIVERED = (
    "SELECT receipt ->> 'batch', key FROM outbox_delivery WHERE done_at IS NOT NULL ORDER BY id"
)
_WAITING = "SELECT count(*) FROM outbox_delivery WHERE done_at IS NULL AND fault IS NULL"
_NUMBERED = "SELECT number, id FROM outbox_auditrow WHERE number IS NOT NULL"
_KNOWN = {
    "tracing_run": "SELECT coalesce(max(sequence), 0) FROM tracing_run",
    "cases_takenupto": "SELECT coalesce(max(sequence), 0) FROM cases_takenupto",
}


def differences(home: Home) -> list[Text]:
    """Empty: they agree."""
    return [*_of_lake(home), *_of_audit(home)]


def _of_lake(home: Home) -> Iterator[Text]:
    delivered = dict(_rows(_DELIVERED))
    there = acknowledged_batches(home)
    for batch, key in delivered.items():
        if batch not in there:
            yield Text(
                f"delivery {key} was acknowledged, and the lake does not have it",
                f"投递 {key} 已确认，但数据湖中没有",
            )
    own = {one.batch for one in status(home).batches if one.source == SOURCE}
    unknown = len(own - delivered.keys())
    waiting = _rows(_WAITING)[0][0]
    if unknown > waiting:
        yield Text(
            f"the lake has {unknown} deliveries of the console; the database knows of {waiting}",
            f"数据湖中有 {unknown} 个控制台投递，数据库只知道 {waiting} 个",
        )
    last = status(home).sequence
    for name, query in _KNOWN.items():
        if (known := _rows(query)[0][0]) > last:
            yield Text(
                f"{name} knows sequence {known} of the lake, which ends with {last}",
                f"{name} 记有数据湖序号 {known}，而数据湖止于 {last}",
            )


def _of_audit(home: Home) -> Iterator[Text]:
    wanted = dict(_rows(_NUMBERED))
    for entry in entries(home):
        row = wanted.pop(entry.number, None)
        if row is not None and entry.about.get("row") != str(row):
            yield Text(
                f"row {entry.number} of the audit is not the one that the database wrote there",
                f"审计第 {entry.number} 行不是数据库写入的那一行",
            )
    if wanted:
        yield Text(
            f"{len(wanted)} rows that the database wrote into the audit are not there",
            f"数据库写入审计的 {len(wanted)} 行不在审计中",
        )


def _rows(query: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
