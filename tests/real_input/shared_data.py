"""Where the published data lies: beside the checkout, never inside the project."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "data"


def published(name: str) -> Path:
    """A published file; the test that asks for it is skipped where the folder is absent."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"published data absent: ../shared/data/{name}")
    return path
