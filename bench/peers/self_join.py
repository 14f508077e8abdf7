"""DuckDB as an analyst would use it: one plain table, two self-joins in one statement."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from bench.peers.asking import Answer, Loaded
from bench.peers.database_file import Connection, filled
from bench.peers.plain import LEAST_SECONDS, Plain

RINGS = f"""
WITH focus AS (
    SELECT "case", subject, begins, ends FROM infectious WHERE "case" = $case
), ring_1 AS (
    SELECT b.subject, min(greatest(a.begins, f.begins, b.begins)) AS since
    FROM focus f
    JOIN stay a ON a.subject = f.subject AND a.begins < f.ends AND a.ends > f.begins
    JOIN stay b ON b.place = a.place AND b.subject <> a.subject
        AND b.begins < least(a.ends, f.ends) AND b.ends > greatest(a.begins, f.begins)
    GROUP BY b.subject
    HAVING sum(least(a.ends, f.ends, b.ends) - greatest(a.begins, f.begins, b.begins))
        >= {LEAST_SECONDS}
), seed AS (
    SELECT r.subject, r.since, coalesce(min(c.begins), $as_of) AS until
    FROM ring_1 r LEFT JOIN confined c
        ON c.subject = r.subject AND (c.ends IS NULL OR c.ends > r.since)
    GROUP BY ALL HAVING until > r.since
), ring_2 AS (
    SELECT DISTINCT subject FROM (
        SELECT s.subject AS via, b.subject
        FROM seed s
        JOIN stay a ON a.subject = s.subject AND a.begins < s.until AND a.ends > s.since
        JOIN stay b ON b.place = a.place AND b.subject <> a.subject
            AND b.begins < least(a.ends, s.until) AND b.ends > greatest(a.begins, s.since)
        GROUP BY s.subject, b.subject
        HAVING sum(least(a.ends, s.until, b.ends) - greatest(a.begins, s.since, b.begins))
            >= {LEAST_SECONDS}
    )
)
SELECT 1 AS ring, subject FROM ring_1
UNION ALL
SELECT 2, subject FROM ring_2
WHERE subject NOT IN (SELECT subject FROM ring_1)
    AND subject NOT IN (SELECT subject FROM focus)
ORDER BY ring, subject
"""


def missing() -> str | None:
    return None


def loaded(plain: Plain, work: Path) -> AbstractContextManager[Loaded]:
    """The stays in the order of their delivery."""

    def fill(db: Connection) -> None:
        tables = {"stay": plain.stays, "infectious": plain.windows, "confined": plain.confined}
        for name, path in tables.items():
            db.execute(f"CREATE TABLE {name} AS FROM read_parquet('{path}')")

    def ask(db: Connection, case: str) -> Answer:
        rows = db.execute(RINGS, {"case": case, "as_of": plain.as_of}).fetchall()
        return tuple([s for ring, s in rows if ring == of] for of in (1, 2))  # type: ignore[return-value]

    return filled(work / "self_join.duckdb", fill, ask)
