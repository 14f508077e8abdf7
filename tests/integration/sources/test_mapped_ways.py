"""However a channel's file arrives, the same is known; and what breaks off on its way, is not."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest
from adbc_driver_postgresql import dbapi  # type: ignore[import-untyped]
from tests.faults import ROOT, environment

from ringfence import lake
from ringfence.errors import DataError, StorageError
from ringfence.lake import Home
from ringfence.sources import csv_files, import_mapped
from ringfence.vault import has_vault, open_vault

from .homes import NOW, leftovers, new_home
from .inns import CHANNEL, HEADER, deliver, known, known_nights, night, nights
from .postgresql_server import running

GUESTS = range(40)
MANY = 50_000
TABLE = """
CREATE TABLE inns AS SELECT * FROM (VALUES {rows}) AS v (row_number, id, name, phone, inn, start);
CREATE TABLE sent AS SELECT i, v.* FROM inns AS v, generate_series(1, {many}) AS i WHERE
    v.row_number = 1;
CREATE VIEW cut AS SELECT id, name, phone, inn, start FROM sent
    WHERE i < {many} OR pg_terminate_backend(pg_backend_pid())
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return new_home(tmp_path / "home")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "inns.csv"
    path.write_text(nights(GUESTS), encoding="utf-8")
    return path


def assert_nothing_known(home: Home) -> None:
    assert known(home) == known_nights(())
    assert leftovers(home) == []
    if has_vault(home):
        with open_vault(home) as vault:
            assert all(cohort.statements == 0 for cohort in vault.status().cohorts)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    numbered = [[n, *night(n).strip().split(",")] for n in GUESTS]
    rows = ", ".join(f"({n}, " + ", ".join(f"'{c}'" for c in cells) + ")" for n, *cells in numbered)
    with running() as address:
        with dbapi.connect(address) as connection, connection.cursor() as cursor:
            for statement in TABLE.format(rows=rows.replace("(0,", "(41,"), many=MANY).split(";\n"):
                cursor.execute(statement)
            connection.commit()
        yield address


def test_a_table_of_a_database(home: Home, server: str) -> None:
    receipt = deliver(home, f"{server}#inns")
    assert (receipt.rows_in, receipt.accepted, receipt.file) == (40, 40, "postgresql:inns")
    assert known(home) == known_nights(GUESTS)
    assert deliver(home, f"{server}#inns").replayed
    assert leftovers(home) == []


def test_a_database_that_is_lost_while_rows_come(home: Home, server: str) -> None:
    with pytest.raises(StorageError, match="cannot be reached or broke off; nothing was stored"):
        deliver(home, f"{server}#cut")
    assert_nothing_known(home)
    deliver(home, f"{server}#inns")
    assert known(home) == known_nights(GUESTS)


def columnar(file: Path) -> Path:
    names = HEADER.strip().split(",")
    texts = pc.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    made = file.with_suffix(".parquet")
    pq.write_table(pc.read_csv(file, convert_options=texts), made, row_group_size=7)
    return made


def packed(file: Path) -> Path:
    made = file.with_suffix(".zip")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(file, file.name)
    return made


def test_parquet(home: Home, file: Path) -> None:
    assert deliver(home, columnar(file)).accepted == len(GUESTS)
    assert known(home) == known_nights(GUESTS)


def append(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(night(99_999))


def cut_off(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def write_over(path: Path) -> None:
    """As many bytes, but of other guests."""
    path.write_text(nights(range(20_000, 40_000)), encoding="utf-8")


@pytest.mark.parametrize("change", [append, cut_off, write_over])
def test_a_file_that_changes_while_it_is_read(
    home: Home, file: Path, change: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "BLOCK", 1 << 14)
    file.write_text(nights(range(20_000)), encoding="utf-8")
    changes = iter([change])

    def progress(*_: int) -> None:
        next(changes, lambda _: None)(file)

    with pytest.raises(DataError, match="changed while it was read"):
        import_mapped(home, file, channel=CHANNEL, now=NOW, progress=progress)
    assert_nothing_known(home)
    file.write_text(nights(GUESTS), encoding="utf-8")
    assert deliver(home, file).accepted == len(GUESTS)
    assert known(home) == known_nights(GUESTS)


def piped(home: Home, content: bytes) -> lake.ImportReceipt:
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(content)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        return deliver(home, f"/dev/fd/{reading}")
    finally:
        writer.join()
        os.close(reading)


def test_a_stream_that_ends_early_is_mended_by_the_whole(home: Home, file: Path) -> None:
    """Nothing in a stream of CSV says where it should have ended: the row that was cut is refused,
    and the whole file brings the rest without counting anything twice.
    """
    whole = file.read_bytes()
    for length in (2, 4, 5, 9, 25, 45):
        receipt = piped(home, whole[:-length])
        assert (receipt.accepted, receipt.quarantined) == (39, 1), length
    assert known(home) == known_nights(range(39))
    assert deliver(home, file).tables[1].created == 1
    assert known(home) == known_nights(GUESTS)
    assert leftovers(home) == []


@pytest.mark.parametrize("kind", ["zip", "parquet"])
def test_a_stream_that_says_where_it_ends_is_refused_where_it_does_not(
    home: Home, file: Path, kind: str
) -> None:
    whole = packed(file) if kind == "zip" else columnar(file)
    content = whole.read_bytes()
    for length in (1, len(content) // 2):
        with pytest.raises(DataError):
            piped(home, content[:-length])
    assert_nothing_known(home)
    assert piped(home, content).accepted == len(GUESTS)
    assert known(home) == known_nights(GUESTS)


def test_a_link_that_is_cut(home: Home, file: Path) -> None:
    """The other end resets the connection, so that half a file came."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sending = socket.create_connection(listening.getsockname())
        receiving, _ = listening.accept()
    with receiving:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.sources.inns", str(home.root), "-"],
            cwd=ROOT,
            env=environment(),
            stdin=receiving.fileno(),
            stderr=subprocess.PIPE,
        )
    sending.sendall(nights(range(2000)).encode())
    sending.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sending.close()
    _, said = process.communicate()
    assert process.returncode == StorageError.exit_code
    assert b"broke off" in said
    assert_nothing_known(home)
    assert deliver(home, file).accepted == len(GUESTS)
    assert known(home) == known_nights(GUESTS)
