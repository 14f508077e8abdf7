"""Nothing that identifies a person lies outside the vault's sealed records, or is ever printed.

Every sample of every channel goes through the program as a user would take it; then each byte of
the home, each cell of its files and each line that was printed is searched.
"""

from __future__ import annotations

import csv
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.faults import ROOT, need_strace

from ringfence.cli.main import main
from ringfence.lake import open_home
from ringfence.vault import open_vault

NOON = "2022-10-01T12:00:00+08:00"
CHANNELS = sorted(path.parent for path in (ROOT / "mappings").glob("*/v1/mapping.yaml"))
TELLING = ("name", "id_number", "phone", "address", "plate", "birth_date")
CODINGS = ("utf-8", "gb18030", "utf-16-le")


def secrets_of(channel: Path) -> set[str]:
    """What the sample says of persons, in normal form, and long numbers as they were refused."""
    told = channel / "expected" / "identity.csv"
    if not told.exists():  # a channel of places tells of nobody
        return raw_numbers(channel)
    with told.open(encoding="utf-8") as file:
        values = {row["value"] for row in csv.DictReader(file) if row["field"] in TELLING}
    phones = {value.removeprefix("+86") for value in values if value.startswith("+86")}
    return {value for value in values | phones | raw_numbers(channel) if len(value) > 1}


def raw_numbers(channel: Path) -> set[str]:
    content = sample_of(channel).read_bytes()
    return {found.decode() for found in re.findall(rb"(?<!\d)\d{14,17}[\dXx](?!\d)", content)}


def sample_of(channel: Path) -> Path:
    (found,) = channel.glob("sample.*")
    return found


@dataclass(frozen=True)
class Lived:
    home: Path
    printed: str
    secrets: frozenset[str]


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """A home into which every channel delivered, and on which every kind of command ran."""
    folder = tmp_path_factory.mktemp("lived")
    home = folder / "home"
    words = ("--home", str(home), "--clock", NOON)
    with pytest.MonkeyPatch.context() as patch, (folder / "printed").open("w+") as printed:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "keys"))
        patch.setattr(sys, "stdout", printed)
        patch.setattr(sys, "stderr", printed)
        assert main(["init", str(home), "--synthetic"]) == 0
        for channel in CHANNELS:
            name = channel.parent.name
            assert main(["import", str(sample_of(channel)), "--mapping", name, *words]) == 0, name
        for asked in (
            ["lake", "status"],
            ["lake", "compact"],
            ["identity", "link"],
            ["identity", "conflicts"],
            ["vault", "status"],
            ["vault", "drill"],
            ["vault", "verify"],
            ["quarantine", "list"],
            ["quarantine", "list", "--json"],
            ["audit", "list"],
            ["audit", "verify"],
            ["doctor"],
            ["lake", "verify"],
        ):
            assert main([*asked, *words]) in (0, 10), asked
            assert main([*asked, *words, "--lang", "zh"]) in (0, 10), asked
        for asked, code in after(folder, home):
            assert main([*asked, *words]) == code, asked
        printed.flush()
        printed.seek(0)
        text = printed.read()
    yield Lived(home, text, frozenset().union(*map(secrets_of, CHANNELS)))


def after(folder: Path, home: Path) -> Iterator[tuple[list[str], int]]:
    """What is done with what was delivered, and deliveries that are refused; with exit codes."""
    hotel, rail = (
        str(sample_of(ROOT / "mappings" / n / "v1")) for n in ("hotel-register", "rail-tickets")
    )
    for engine in ("sql", "reference"):
        yield ["trace", "CASE-0001", "--format", "json", "--engine", engine], 0
    yield ["trace", "CASE-0001", "--format", "html", "--output", str(home / "trace.html")], 0
    with open_vault(open_home(home)) as vault:
        subject = next(vault.every()).subject
    yield ["explain", "CASE-0001", subject], 0
    yield ["import", hotel, "--mapping", "rail-tickets"], 10
    yield ["import", rail, "--mapping", "hotel-register"], 10
    yield ["import", hotel, "--as", "presence"], 10
    received = folder / "list.csv"
    with (ROOT / "mappings/hotel-register/v1/expected/identity.csv").open(encoding="utf-8") as file:
        told = [row["value"] for row in csv.DictReader(file) if row["field"] == "id_number"]
    received.write_text("id_number\n" + "\n".join([*told, told[0] + "0"]) + "\n", encoding="utf-8")
    yield ["lists", "import", str(received), "--from", "carrier", "--basis", "article 40"], 0
    for act in ("list", "funnel", "refused", "check"):
        yield ["lists", act, *(["L1"] if act != "list" else [])], 0
    yield ["lake", "compact"], 0


def files_of(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


def found_in_bytes(home: Path, secrets: frozenset[str]) -> set[tuple[str, str]]:
    coded = [(secret, secret.encode(coding)) for secret in secrets for coding in CODINGS]
    found = set()
    for path in files_of(home):
        content = path.read_bytes()
        found |= {(path.name, secret) for secret, form in coded if form in content}
    return found


def found_in_cells(home: Path, secrets: frozenset[str]) -> set[tuple[str, str]]:
    """Compressed files show nothing in their bytes: their cells are read."""
    found = set()
    for path in files_of(home):
        if path.suffix == ".parquet":
            table = pq.read_table(path)
        elif path.suffix == ".arrow":
            table = pa.ipc.open_file(path).read_all()
        else:
            continue
        text = "\n".join(map(str, table.to_pylist()))
        found |= {(path.name, secret) for secret in secrets if secret in text}
    return found


def test_there_is_something_to_look_for(lived: Lived) -> None:
    assert len(CHANNELS) >= 8
    assert len(lived.secrets) > 30
    assert any(len(secret) == 18 for secret in lived.secrets)


def test_no_byte_of_the_home_tells_of_a_person(lived: Lived) -> None:
    assert found_in_bytes(lived.home, lived.secrets) == set()


def test_no_cell_of_a_file_tells_of_a_person(lived: Lived) -> None:
    assert any(path.suffix == ".parquet" for path in files_of(lived.home))
    assert found_in_cells(lived.home, lived.secrets) == set()


def test_nothing_that_was_printed_tells_of_a_person(lived: Lived) -> None:
    assert "hotel-register" in lived.printed
    assert {secret for secret in lived.secrets if secret in lived.printed} == set()


KILLED = [("fdatasync", 1), ("fdatasync", 6), ("fsync", 3), ("pwrite64", 20), ("rename", 1)]


@pytest.mark.parametrize("as_stream", [False, True], ids=["file", "stream"])
@pytest.mark.parametrize(("call", "number"), KILLED)
def test_a_killed_import_leaves_nothing_that_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, as_stream: bool
) -> None:
    need_strace()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "keys"))
    channel = next(path for path in CHANNELS if path.parent.name == "hotel-register")
    home = tmp_path / "home"
    assert main(["init", str(home), "--synthetic"]) == 0
    file = sample_of(channel)
    words = ["import", "-" if as_stream else str(file), "--mapping", "hotel-register"]
    run = [sys.executable, "-m", "ringfence.cli.main", *words, "--home", str(home), "--clock", NOON]
    with file.open("rb") as given:
        traced = subprocess.run(
            ["strace", "-f", "-qq", "-e", f"inject={call}:signal=SIGKILL:when={number}", *run],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            stdin=given,
            capture_output=True,
            check=False,
            timeout=120,
        )
    assert traced.returncode in (0, -signal.SIGKILL)
    secrets = frozenset(secrets_of(channel))
    assert found_in_bytes(home, secrets) == set()
    assert not any(secret.encode() in traced.stdout + traced.stderr for secret in secrets)
    whole = ["import", str(file), "--mapping", "hotel-register", "--home", str(home)]
    assert main([*whole, "--clock", NOON]) == 0
    assert found_in_cells(home, secrets) == set()
