"""A private PostgreSQL for tests of its tables as a source."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ringfence_server.running import cluster


@contextmanager
def running() -> Iterator[str]:
    """The address of a new cluster; it is gone afterwards."""
    with cluster.passing({"fsync": "off"}) as made:
        yield made.address
