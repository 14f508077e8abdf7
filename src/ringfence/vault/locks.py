"""Who works at what in a vault. Locks are the kernel's: they end with their process."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ringfence.lake.durable import discard, locked, take_file


class Locks:
    """A lock file for each batch, each cohort and the keys."""

    def __init__(self, vault: Path) -> None:
        self._folder = vault / "locks"

    @contextmanager
    def busy_with(self, name: str) -> Iterator[None]:
        """Held by everybody who writes into a batch or a cohort."""
        handle = take_file(self._path(name), shared=True)
        try:
            yield
        finally:
            if handle is not None:
                os.close(handle)

    @contextmanager
    def alone_with(self, name: str) -> Iterator[bool]:
        """Whether nobody writes into it; then nobody begins to, for now."""
        handle = take_file(self._path(name), wait=False)
        try:
            yield handle is not None
        finally:
            if handle is not None:
                discard(self._path(name))
                os.close(handle)

    @contextmanager
    def keys(self) -> Iterator[None]:
        """Held by who loads or renews the master key."""
        with locked(self._folder / "keys.lock"):
            yield

    def _path(self, name: str) -> Path:
        digest = hashlib.sha256(name.encode()).hexdigest()[:32]
        return self._folder / f"{digest}.lock"
