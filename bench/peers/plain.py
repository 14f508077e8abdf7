"""The stays as every peer gets them: cleaned beforehand, so that no peer pays for cleaning.

One row for each time that a person was at a place without a gap, keys as text, times in epoch
seconds; the infectious windows of the cases; and when people were kept apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

LEAST_SECONDS = 15 * 60


@dataclass(frozen=True)
class Plain:
    """Files of one folder. `as_of`: epoch seconds, the end of what has not ended."""

    folder: Path
    as_of: int

    @property
    def stays(self) -> Path:
        """subject, place, begins, ends."""
        return self.folder / "stay.parquet"

    @property
    def windows(self) -> Path:
        """case, subject, begins, ends."""
        return self.folder / "window.parquet"

    @property
    def confined(self) -> Path:
        """subject, begins, ends (null: still)."""
        return self.folder / "confined.parquet"


def write_stays(plain: Plain, presence: list[str]) -> int:
    """`stay.parquet` from canonical files of presence; number of rows.

    Stays of one person at one place that touch or overlap become one, as the program counts them:
    two sources may tell of the same hour. Denied stays are evidence against, not for.
    """
    plain.folder.mkdir(parents=True, exist_ok=True)
    given = ", ".join(f"'{path}'" for path in presence)
    with duckdb.connect() as db:
        db.execute("SET memory_limit = '4GB'")
        db.execute("SET temp_directory = ?", [str(plain.folder / "spill")])
        files = f"read_parquet([{given}], union_by_name = true)"
        names = {row[0] for row in db.execute(f"DESCRIBE FROM {files}").fetchall()}
        kept = "coalesce(certainty::VARCHAR, '') <> 'denied'" if "certainty" in names else "true"
        sql = f"""
        WITH told AS (
            SELECT subject::VARCHAR AS subject, place::VARCHAR AS place,
                epoch("start")::BIGINT AS begins,
                least(coalesce(epoch("end")::BIGINT, {plain.as_of}), {plain.as_of}) AS ends
            FROM {files} WHERE {kept}
        ), fresh AS (
            SELECT *, begins > max(ends) OVER (PARTITION BY subject, place ORDER BY begins, ends
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS parted
            FROM told WHERE begins < ends
        ), numbered AS (
            SELECT *, sum(CASE WHEN parted THEN 1 ELSE 0 END)
                OVER (PARTITION BY subject, place ORDER BY begins, ends) AS piece FROM fresh
        )
        SELECT subject, place, min(begins) AS begins, max(ends) AS ends FROM numbered
        GROUP BY subject, place, piece ORDER BY min(begins) // 86400, hash(subject)
        """
        db.execute(f"COPY ({sql}) TO '{plain.stays}' (FORMAT parquet, COMPRESSION zstd)")
        (rows,) = db.execute(f"SELECT count(*) FROM '{plain.stays}'").fetchone() or (0,)
    return int(rows)
