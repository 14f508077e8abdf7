"""Profiles: `ci` draws the same cases each time; `explore` draws new ones and many more.

HYPOTHESIS_PROFILE=explore python -m pytest tests/generative
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from .random_outbreaks import Outbreak, Outbreaks, keep, kept, outbreak
from .snapshots import COMPILED

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]

settings.register_profile(
    "ci",
    max_examples=20,
    derandomize=True,
    database=None,
    suppress_health_check=SLOW,
)
settings.register_profile("explore", max_examples=3000, suppress_health_check=SLOW, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture
def scratch() -> Iterator[Path]:
    """A folder in memory where there is one: each example writes a few small files."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def _shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this run, for all of its processes."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(autouse=True, scope="session")
def compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What one process compiled, the others of this run read, as those do that share a home."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(COMPILED, str(_shared(tmp_path_factory) / "compiled"))
        yield


@pytest.fixture(scope="session")
def outbreaks(tmp_path_factory: pytest.TempPathFactory) -> Outbreaks:
    """Puts the outbreak of a seed into a folder: made once for all processes, and copied.

    Its hundred deliveries take longer than what most tests ask of it.
    """
    made = _shared(tmp_path_factory) / "outbreaks"
    made.mkdir(exist_ok=True)

    def put(folder: Path, seed: int) -> Outbreak:
        ready = made / str(seed)
        with (made / f"{seed}.lock").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not ready.exists():
                begun = made / f"{seed}-begun"
                shutil.rmtree(begun, ignore_errors=True)
                begun.mkdir()
                keep(begun, outbreak(begun, seed))
                begun.rename(ready)
        shutil.copytree(ready, folder, dirs_exist_ok=True)
        return kept(folder, seed)

    return put
