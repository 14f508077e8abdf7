"""A home to import into, and what can be seen of it afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from ringfence.lake import Home, create_home

NOW = datetime(2022, 7, 20, tzinfo=UTC)
PRESENCE = b"subject,place,start,end\n"


def new_home(root: Path) -> Home:
    return create_home(root, synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=NOW)


def stay(number: int, place: str = "p1") -> bytes:
    minute = number % 60
    return f"s{number},{place},2022-07-01T08:{minute:02d}:00Z,2022-07-01T09:00:00Z\n".encode()


def stays(count: int) -> bytes:
    return PRESENCE + b"".join(stay(number) for number in range(count))


def delivered_rows(home: Home) -> list[dict[str, Any]]:
    """The rows of every acknowledged delivery file."""
    files = sorted(home.deliveries.glob("*/*.parquet"))
    kept = [path for path in files if not path.name.endswith(".rejects.parquet")]
    return [row for path in kept for row in pq.read_table(path).to_pylist()]


def leftovers(home: Home) -> list[Path]:
    return [path for path in home.staging.rglob("*") if path.is_file()]
