from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from ringfence import lake
from ringfence.lake.tombstones import WIDTH, digest_sql
from ringfence.lake.workbench import workbench
from ringfence.records import INSTANT, TABLES

AT = datetime(2022, 6, 1, 10, tzinfo=UTC)
MICROS = str(int(AT.timestamp()) * 1_000_000)
KEYS = {
    "presence": (("人", "cafe", AT), "presence\x1f人\x1fcafe\x1f" + MICROS),
    "link": (("a", "b", "household", None), "link\x1fa\x1fb\x1fhousehold\x1f\x1e"),
    "ride": (("a", "G1", 3, None), "ride\x1fa\x1fG1\x1f3\x1f\x1e"),
}


@pytest.mark.parametrize("table", KEYS)
def test_a_tombstone_is_the_keyed_hash_of_table_and_key(table: str, tmp_path: Path) -> None:
    home = lake.create_home(
        tmp_path / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=AT
    )
    values, message = KEYS[table]
    types = [TABLES[table].schema.field(name).type for name in TABLES[table].key]
    assert INSTANT in types or table == "ride"
    row = pa.table(
        [pa.array([v], t) for v, t in zip(values, types, strict=True)], names=TABLES[table].key
    )
    with workbench(home, tmp_path) as bench:
        bench.connection.register("row_", row)
        (digest,) = bench.row(f"SELECT {digest_sql(home, TABLES[table])} FROM row_")
    key = home.tombstone_key.read_bytes()
    wanted = hmac.new(key, message.encode(), hashlib.sha256).digest()[:WIDTH]
    assert digest == wanted
