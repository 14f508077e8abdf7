"""Sorted files that an older program laid out otherwise are not trusted, and are made again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from ringfence import lake
from ringfence.sources import import_file

NOW = datetime(2022, 7, 5, tzinfo=UTC)


def test_a_generation_without_lookup_copies_is_not_used(tmp_path: Path) -> None:
    home = lake.create_home(
        tmp_path / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=NOW
    )
    file = tmp_path / "presence.csv"
    file.write_text(
        "subject,place,start,end\np1,R,2022-07-01T10:00:00+08:00,2022-07-01T11:00:00+08:00\n",
        encoding="utf-8",
    )
    import_file(home, file, table="presence", now=NOW)
    lake.compact(home)
    with closing(sqlite3.connect(home.catalog)) as catalog, catalog:
        catalog.execute("DELETE FROM derived WHERE copy > 0")

    files = lake.snapshot(home, NOW).files("presence")
    assert (files.first, files.lookups, len(files.fresh)) == ((), {}, 1)

    lake.compact(home)
    files = lake.snapshot(home, NOW).files("presence")
    assert sorted(files.lookups) == ["place", "subject"]
    assert [f.rows for copy in files.lookups.values() for f in copy] == [1, 1]
