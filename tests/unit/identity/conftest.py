from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.identity.homes import home_in

from ringfence import lake


@pytest.fixture
def home(tmp_path: Path) -> lake.Home:
    return home_in(tmp_path)
