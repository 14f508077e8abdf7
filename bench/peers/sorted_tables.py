"""DuckDB as an expert would use it: two tables sorted by hand, whole numbers for keys.

Zone maps let DuckDB skip the parts of a sorted table that a filter excludes. The steps of a trace
are statements of their own, so that each hands the next one few rows, and the filters that a join
derives may name many keys.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from bench.peers.asking import Answer, Loaded
from bench.peers.database_file import Connection, filled
from bench.peers.plain import LEAST_SECONDS, Plain

_KEYS_IN_A_FILTER = 100_000


def missing() -> str | None:
    return None


def loaded(plain: Plain, work: Path) -> AbstractContextManager[Loaded]:
    def fill(db: Connection) -> None:
        _load(db, plain)

    def ask(db: Connection, case: str) -> Answer:
        return _rings(db, case, plain.as_of)

    settings = f"SET dynamic_or_filter_threshold = {_KEYS_IN_A_FILTER}"
    return filled(work / "sorted_tables.duckdb", fill, ask, settings)


def _load(db: Connection, plain: Plain) -> None:
    for kind in ("subject", "place"):
        db.execute(
            f"CREATE TABLE {kind}_key AS SELECT row_number() OVER (ORDER BY key)::INTEGER AS id,"
            f" key FROM (SELECT DISTINCT {kind} AS key FROM '{plain.stays}') ORDER BY id"
        )
    db.execute(
        "CREATE TABLE by_place AS SELECT p.id AS place, begins::INTEGER AS begins,"
        f" ends::INTEGER AS ends, s.id AS subject FROM '{plain.stays}' t"
        " JOIN subject_key s ON s.key = t.subject JOIN place_key p ON p.key = t.place"
        " ORDER BY place, begins"
    )
    db.execute(
        "CREATE TABLE by_subject AS SELECT subject, begins, ends, place FROM by_place"
        " ORDER BY subject, begins"
    )
    for name, path in (("infectious", plain.windows), ("confined", plain.confined)):
        db.execute(
            f"CREATE TABLE {name} AS SELECT id AS subject, t.* EXCLUDE (subject) FROM '{path}' t"
            " JOIN subject_key ON key = t.subject ORDER BY id"
        )


def _rings(db: Connection, case: str, as_of: int) -> Answer:
    window = db.execute(
        'SELECT subject, begins, ends FROM infectious WHERE "case" = ?', [case]
    ).fetchone()
    if window is None:
        return [], []
    subject, begins, ends = window
    db.execute(
        "CREATE OR REPLACE TEMP TABLE own AS SELECT place, greatest(begins, $begins) AS begins,"
        " least(ends, $ends) AS ends FROM by_subject"
        " WHERE subject = $subject AND begins < $ends AND ends > $begins",
        {"subject": subject, "begins": begins, "ends": ends},
    )
    db.execute(
        "CREATE OR REPLACE TEMP TABLE ring_1 AS"
        " SELECT b.subject, min(greatest(a.begins, b.begins)) AS since"
        " FROM own a JOIN by_place b ON b.place = a.place"
        " AND b.begins < a.ends AND b.ends > a.begins WHERE b.subject <> $subject GROUP BY ALL"
        f" HAVING sum(least(a.ends, b.ends) - greatest(a.begins, b.begins)) >= {LEAST_SECONDS}",
        {"subject": subject},
    )
    db.execute(
        "CREATE OR REPLACE TEMP TABLE seed AS"
        " SELECT r.subject, r.since, coalesce(min(c.begins), $as_of) AS until FROM ring_1 r"
        " LEFT JOIN confined c ON c.subject = r.subject AND (c.ends IS NULL OR c.ends > r.since)"
        " GROUP BY ALL HAVING until > r.since",
        {"as_of": as_of},
    )
    db.execute(
        "CREATE OR REPLACE TEMP TABLE theirs AS SELECT s.subject, a.place,"
        " greatest(a.begins, s.since) AS begins, least(a.ends, s.until) AS ends"
        " FROM seed s JOIN by_subject a ON a.subject = s.subject"
        " AND a.begins < s.until AND a.ends > s.since"
    )
    second = db.execute(
        "SELECT key FROM subject_key WHERE id IN (SELECT other FROM ("
        " SELECT a.subject, b.subject AS other FROM theirs a JOIN by_place b ON b.place = a.place"
        " AND b.begins < a.ends AND b.ends > a.begins AND b.subject <> a.subject GROUP BY ALL"
        f" HAVING sum(least(a.ends, b.ends) - greatest(a.begins, b.begins)) >= {LEAST_SECONDS}))"
        " AND id NOT IN (SELECT subject FROM ring_1) AND id <> $subject ORDER BY key",
        {"subject": subject},
    ).fetchall()
    first = db.execute(
        "SELECT key FROM subject_key WHERE id IN (SELECT subject FROM ring_1) ORDER BY key"
    ).fetchall()
    return [key for (key,) in first], [key for (key,) in second]
