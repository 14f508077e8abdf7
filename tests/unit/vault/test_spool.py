"""A sealed spool reads like the file it stands for, and its bytes say nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ringfence.vault.spool import sealed_spool

NAMES = "王小明,00010119900307001X\n".encode()


def test_nothing_is_readable_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "spool"
    with sealed_spool(path) as file:
        for _ in range(50_000):
            file.write(NAMES)
        file.flush()
        stored = path.read_bytes()
        assert len(stored) == 50_000 * len(NAMES)
        assert NAMES[:6] not in stored
        assert stored[:4096] != stored[4096:8192]
        file.seek(0)
        assert all(line == NAMES for line in file)
    assert path.stat().st_mode & 0o777 == 0o600


@settings(max_examples=60)
@given(
    pieces=st.lists(st.binary(max_size=70)),
    places=st.lists(st.tuples(st.integers(0, 600), st.integers(0, 100))),
)
def test_it_reads_like_a_plain_file(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], places: list[tuple[int, int]]
) -> None:
    plain = io.BytesIO()
    with sealed_spool(tmp_path_factory.mktemp("spool") / "s") as file:
        for piece in pieces:
            file.write(piece)
            plain.write(piece)
        assert file.seek(0, io.SEEK_END) == plain.seek(0, io.SEEK_END)
        for place, length in places:
            file.seek(place)
            plain.seek(place)
            assert file.read(length) == plain.read(length)


def test_what_was_written_is_not_written_again(tmp_path: Path) -> None:
    file = sealed_spool(tmp_path / "s")
    file.write(b"abc")
    file.seek(0)
    file.write(b"x")
    with pytest.raises(io.UnsupportedOperation):
        file.flush()
    with pytest.raises(FileExistsError):
        sealed_spool(tmp_path / "s")
