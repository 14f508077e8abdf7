"""A private PostgreSQL, tuned for reading: a cluster of its own, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ringfence_server.running import cluster as private

_SETTINGS = {
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    "synchronous_commit": "off",
    "jit": "off",
}
"""As an expert would set them for reading on two cores; compiling costs more than it saves here."""


def missing() -> str | None:
    """Why no cluster can be made here; None: one can."""
    return private.missing()


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a running server."""
    with private.passing(_SETTINGS, locale="C") as made:
        yield made.address
