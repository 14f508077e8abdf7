from pathlib import Path

import pytest

from .tiny_home import TinyHome


@pytest.fixture
def home(tmp_path: Path) -> TinyHome:
    return TinyHome(tmp_path)
