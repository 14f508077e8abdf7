"""A served home in which a town works."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.server.cases.conftest import home, town
from tests.server.keeping.served import Served, served

from ringfence.lake import Home

__all__ = ["home", "place", "town"]


@pytest.fixture
def place() -> Iterator[Path]:
    """Short enough for a socket, and entered by the database's own user."""
    with TemporaryDirectory(prefix="rf-keep-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@pytest.fixture
def kept(place: Path, home: Home, transactional_db: None) -> Iterator[Served]:
    before = os.environ.get("RINGFENCE_SERVER")
    yield served(place, home)
    if before is None:
        os.environ.pop("RINGFENCE_SERVER", None)
