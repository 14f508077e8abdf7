"""PostgreSQL with a GiST index on (place, time range), in a cluster of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb

from bench.peers import cluster
from bench.peers.asking import Answer, Loaded
from bench.peers.plain import LEAST_SECONDS, Plain

_BLOCK = 1 << 20
_TABLES = """
CREATE EXTENSION btree_gist;
CREATE TABLE subject_key (id int, key text);
CREATE TABLE stay (subject int, place int, during tstzrange);
CREATE TABLE infectious ("case" text, subject text, during tstzrange);
CREATE TABLE confined (subject text, begins timestamptz, ends timestamptz);
"""
_INDEXES = """
CREATE INDEX ON stay USING gist (place, during);
CREATE INDEX ON stay (subject);
CREATE UNIQUE INDEX ON subject_key (id);
CREATE UNIQUE INDEX ON subject_key (key);
CREATE INDEX ON infectious ("case");
CREATE INDEX ON confined (subject);
"""
_RINGS = f"""
WITH focus AS MATERIALIZED (
    SELECT k.id AS subject, i.during FROM infectious i JOIN subject_key k ON k.key = i.subject
    WHERE "case" = %(case)s
), ring_1 AS MATERIALIZED (
    SELECT b.subject, min(lower(b.during * a.during * f.during)) AS since
    FROM focus f
    JOIN stay a ON a.subject = f.subject AND a.during && f.during
    JOIN stay b ON b.place = a.place AND b.during && (a.during * f.during)
        AND b.subject <> a.subject
    GROUP BY b.subject
    HAVING sum(upper(b.during * a.during * f.during) - lower(b.during * a.during * f.during))
        >= interval '{LEAST_SECONDS} seconds'
), seed AS MATERIALIZED (
    SELECT subject, tstzrange(since, until) AS during FROM (
        SELECT r.subject, r.since, coalesce(min(c.begins), to_timestamp(%(as_of)s)) AS until
        FROM ring_1 r JOIN subject_key k ON k.id = r.subject
        LEFT JOIN confined c ON c.subject = k.key AND (c.ends IS NULL OR c.ends > r.since)
        GROUP BY 1, 2
    ) free WHERE until > since
), ring_2 AS (
    SELECT DISTINCT subject FROM (
        SELECT s.subject AS via, b.subject
        FROM seed s
        JOIN stay a ON a.subject = s.subject AND a.during && s.during
        JOIN stay b ON b.place = a.place AND b.during && (a.during * s.during)
            AND b.subject <> a.subject
        GROUP BY s.subject, b.subject
        HAVING sum(upper(b.during * a.during * s.during) - lower(b.during * a.during * s.during))
            >= interval '{LEAST_SECONDS} seconds'
    ) pairs
)
SELECT 1 AS ring, key FROM ring_1 JOIN subject_key ON id = subject
UNION ALL
SELECT 2, key FROM ring_2 JOIN subject_key ON id = subject
WHERE subject NOT IN (SELECT subject FROM ring_1) AND subject NOT IN (SELECT subject FROM focus)
"""


def missing() -> str | None:
    if find_spec("psycopg") is None:
        return "psycopg is not installed: scripts/bootstrap.sh bench installs it"
    return cluster.missing()


@contextmanager
def loaded(plain: Plain, work: Path) -> Iterator[Loaded]:
    import psycopg

    with cluster.cluster() as where, psycopg.connect(where, autocommit=True) as db:
        _load(db, plain, work)
        stored = db.execute("SELECT pg_database_size(current_database())").fetchone()
        backend = db.info.backend_pid

        def ask(case: str) -> Answer:
            rows = db.execute(_RINGS, {"case": case, "as_of": plain.as_of}).fetchall()
            first, second = (sorted(key for ring, key in rows if ring == of) for of in (1, 2))
            return first, second

        yield Loaded(ask, stored[0] if stored else 0, lambda: _memory(backend))


def _load(db: Any, plain: Plain, work: Path) -> None:
    db.execute(_TABLES)
    span = "'[' || strftime(make_timestamp({0} * 1000000), '%Y-%m-%d %H:%M:%S+00') || ','"
    span += " || strftime(make_timestamp({1} * 1000000), '%Y-%m-%d %H:%M:%S+00') || ')'"
    at = "strftime(make_timestamp({0} * 1000000), '%Y-%m-%d %H:%M:%S+00')"
    during = span.format("begins", "ends")
    asked = {
        "subject_key": "SELECT id, key FROM subject_key ORDER BY id",
        "stay": f"SELECT s.id, p.id, {during} FROM '{plain.stays}' t"
        " JOIN subject_key s ON s.key = t.subject JOIN place_key p ON p.key = t.place",
        "infectious": f"SELECT \"case\", subject, {during} FROM '{plain.windows}'",
        "confined": f"SELECT subject, {at.format('begins')}, {at.format('ends')}"
        f" FROM '{plain.confined}'",
    }
    file = work / "postgres.csv"
    with duckdb.connect() as told:
        for kind in ("subject", "place"):
            told.execute(
                f"CREATE TABLE {kind}_key AS SELECT row_number() OVER (ORDER BY key) AS id, key"
                f" FROM (SELECT DISTINCT {kind} AS key FROM '{plain.stays}')"
            )
        for table, sql in asked.items():
            told.execute(f"COPY ({sql}) TO '{file}' (FORMAT csv, HEADER false)")
            with (
                file.open("rb") as csv,
                db.cursor() as cursor,
                cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy,
            ):
                while block := csv.read(_BLOCK):
                    copy.write(block)
    file.unlink()
    db.execute(_INDEXES)
    db.execute("VACUUM ANALYZE")


def _memory(backend: int) -> int:
    """Peak memory of the server's process that answers, shared buffers that it touched included."""
    try:
        lines = Path(f"/proc/{backend}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
