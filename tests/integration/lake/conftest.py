from __future__ import annotations

from pathlib import Path

import pytest

from ringfence import lake

from .delivering import new_home


@pytest.fixture
def home(tmp_path: Path) -> lake.Home:
    return new_home(tmp_path / "home")
