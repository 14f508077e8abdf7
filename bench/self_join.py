"""The same question to one plain table: two self-joins in SQL, as an analyst would write them."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from bench.city import AS_OF
from bench.figures import spread

_LEAST_SECONDS = 15 * 60

_AS_OF = int(AS_OF.timestamp())
_RINGS = f"""
WITH focus AS (
    SELECT "case", subject, begins, ends FROM outbreak WHERE "case" = $case
), ring_1 AS (
    SELECT b.subject, min(greatest(a.begins, f.begins, b.begins)) AS since
    FROM focus f
    JOIN stay a ON a.subject = f.subject AND a.begins < f.ends AND a.ends > f.begins
    JOIN stay b ON b.place = a.place AND b.subject <> a.subject
        AND b.begins < least(a.ends, f.ends) AND b.ends > greatest(a.begins, f.begins)
    GROUP BY b.subject
    HAVING sum(least(a.ends, f.ends, b.ends) - greatest(a.begins, f.begins, b.begins))
        >= {_LEAST_SECONDS}
), seed AS (
    SELECT r.subject, r.since, coalesce(o.isolated, {_AS_OF}) AS until
    FROM ring_1 r LEFT JOIN outbreak o ON o.subject = r.subject
    WHERE coalesce(o.isolated, {_AS_OF}) > r.since
), ring_2 AS (
    SELECT DISTINCT subject FROM (
        SELECT s.subject AS via, b.subject
        FROM seed s
        JOIN stay a ON a.subject = s.subject AND a.begins < s.until AND a.ends > s.since
        JOIN stay b ON b.place = a.place AND b.subject <> a.subject
            AND b.begins < least(a.ends, s.until) AND b.ends > greatest(a.begins, s.since)
        GROUP BY s.subject, b.subject
        HAVING sum(least(a.ends, s.until, b.ends) - greatest(a.begins, s.since, b.begins))
            >= {_LEAST_SECONDS}
    )
)
SELECT 1 AS ring, subject FROM ring_1
UNION ALL
SELECT 2, subject FROM ring_2
WHERE subject NOT IN (SELECT subject FROM ring_1)
    AND subject NOT IN (SELECT subject FROM focus)
ORDER BY ring, subject
"""


@dataclass(frozen=True)
class Rings:
    """Who a program found for a case, and how long it took."""

    case: str
    first: tuple[str, ...]
    second: tuple[str, ...]
    seconds: float


def self_join_step(database: str, population: str, cases: list[str], people: str) -> dict[str, Any]:
    """Times of the cases; who was found is written to `people`."""
    file = Path(database)
    file.unlink(missing_ok=True)
    loaded = load(file, Path(population))
    found = rings(file, cases)
    size = file.stat().st_size
    file.unlink()
    Path(people).write_text(
        json.dumps({of.case: [of.first, of.second] for of in found}), encoding="utf-8"
    )
    return {
        "load_seconds": loaded,
        "bytes": size,
        "ms": spread([round(of.seconds * 1000, 2) for of in found]),
        "total_seconds": sum(of.seconds for of in found),
        "found": {
            "contacts_1": spread([len(of.first) for of in found]),
            "contacts_2": spread([len(of.second) for of in found]),
        },
    }


def load(database: Path, population: Path) -> float:
    """The stays as one plain table in the order of their delivery; seconds it took."""
    begun = time.perf_counter()
    with duckdb.connect(str(database)) as db:
        db.execute("SET memory_limit = '1GB'")
        db.execute(
            'CREATE TABLE stay AS SELECT subject, place, epoch("start")::BIGINT AS begins,'
            f' coalesce(epoch("end")::BIGINT, {_AS_OF}) AS ends FROM read_parquet(?)',
            [str(population / "presence.parquet")],
        )
        db.execute(
            "CREATE TABLE outbreak AS FROM read_parquet(?)",
            [str(population / "windows.parquet")],
        )
    return time.perf_counter() - begun


def rings(database: Path, cases: list[str]) -> list[Rings]:
    """Both rings of each case, one after the other in one warm process."""
    with duckdb.connect(str(database), read_only=True) as db:
        _ask(db, cases[-1])
        return [_ask(db, case) for case in cases]


def _ask(db: duckdb.DuckDBPyConnection, case: str) -> Rings:
    begun = time.perf_counter()
    rows = db.execute(_RINGS, {"case": case}).fetchall()
    seconds = time.perf_counter() - begun
    found = {ring: tuple(subject for of, subject in rows if of == ring) for ring in (1, 2)}
    return Rings(case, found[1], found[2], seconds)
