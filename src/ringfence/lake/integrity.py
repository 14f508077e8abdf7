"""Naming the delivery file that is not as it was acknowledged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import duckdb

from ringfence.errors import StorageError
from ringfence.lake.catalog import Delivery
from ringfence.lake.durable import sha256
from ringfence.lake.home import Home


def refuse_damaged(home: Home, deliveries: Iterable[Delivery]) -> None:
    """Nothing is derived from a delivery that is not as it was acknowledged."""
    for delivery in deliveries:
        if delivery.path is None:
            continue
        path = home.root / delivery.path
        if not path.is_file() or sha256(path) != delivery.sha256:
            batch = delivery.batch[:12]
            raise StorageError(
                f"the delivery file {path.name} (batch {batch}) is damaged or missing;"
                " run `ringfence lake verify`",
                f"数据文件 {path.name}（批次 {batch}）损坏或缺失；请运行 `ringfence lake verify`",
            )


@contextmanager
def naming_damage(home: Home, deliveries: Iterable[Delivery]) -> Iterator[None]:
    """When reading deliveries fails, say which of them is at fault."""
    try:
        yield
    except (duckdb.Error, OSError):
        refuse_damaged(home, deliveries)
        raise
