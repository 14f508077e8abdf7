"""A home that a server uses: which commands go past it, and what the others are told."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer

from ringfence.cli.main import build, main
from ringfence.cli.ways import WAYS
from ringfence.lake import open_home
from ringfence.lake.served import MARK, Served, mark_served, served_by

from .small_home import NOON, SmallHome

ADDRESS = "https://ringfence.city.example"
SINCE = datetime(2022, 7, 7, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def nobody_logged_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("RINGFENCE_API", "RINGFENCE_TOKEN", "RINGFENCE_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    made = SmallHome(tmp_path, capsys)
    mark_served(open_home(made.folder), Served(ADDRESS, SINCE, "/etc/ringfence/deployment.toml"))
    return made


def commands(group: Any, before: str = "") -> list[str]:
    found = []
    for name, command in group.commands.items():
        within = commands(command, f"{before}{name} ") if hasattr(command, "commands") else []
        if not within or getattr(command, "invoke_without_command", False):
            found.append(f"{before}{name}")
        found += within
    return found


def test_every_command_is_sorted() -> None:
    """Those of the server too: a new one fails here until somebody says which way it goes."""
    assert set(commands(typer.main.get_command(build()))) == set(WAYS)
    for name, way in WAYS.items():
        assert way.through or way.operator or way.anywhere or way.instead, name


def test_the_page_tells_each_command_and_its_way() -> None:
    page = Path(__file__).parents[2] / "docs" / "how-to" / "use-a-served-home.md"
    rows = [line for line in page.read_text(encoding="utf-8").splitlines() if "`" in line]
    through = next(line for line in rows if line.startswith("| through the server"))
    operator = next(line for line in rows if line.startswith("| by the operator"))
    anywhere = next(line for line in rows if line.startswith("| anywhere"))
    refused = next(line for line in rows if line.startswith("| not on a served home"))
    for name, way in WAYS.items():
        told = f"`{name}`"
        assert (told in through) == way.through, name
        assert (told in operator) == way.operator, name
        assert (told in anywhere) == way.anywhere, name
        assert (told in refused) == (way.instead is not None), name


CASE = ["--case", "C1", "--purpose", "to ask", "--clock", NOON]
REFUSED = {
    "correct": ["correct", "0" * 12, "2", "place", "--set", "kind=ktv", "--reason", "r"],
    "quarantine export": ["quarantine", "export", "0" * 12, "out.csv"],
    "quarantine replay": ["quarantine", "replay", "0" * 12, "out.csv"],
    "vault reveal": ["vault", "reveal", "p2", *CASE],
    "vault find": ["vault", "find", "--phone", *CASE],
    "identity table": ["identity", "table"],
    "lists sheet": ["lists", "sheet", "L1", "--to", "u", "--purpose", "p", "--output", "o.csv"],
}


@pytest.mark.parametrize("words", REFUSED.values(), ids=REFUSED)
def test_what_goes_past_the_server_is_refused(
    home: SmallHome, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(path.name for path in home.folder.iterdir())
    for language, sentence in (("en", "does not go through it"), ("zh", "不能通过服务器执行")):
        assert main([*words, "--home", str(home.folder), "--lang", language]) == 12
        told = capsys.readouterr().err
        assert ADDRESS in told
        assert sentence in told
    assert sorted(path.name for path in home.folder.iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [
        ["import", "x.csv", "--as", "place"],
        ["trace", "C1"],
        ["requests", "list"],
        ["lists", "list"],
        ["explain", "C1", "p2"],
        ["where", "0" * 12, "2"],
        ["passengers", "D1", "2022-07-05", "--case", "C1"],
        ["trajectory", "C1"],
        ["identity", "merge", "p1", "p2", "--reason", "r"],
        ["identity", "undo", "1", "--reason", "r"],
        ["identity", "explain", "p1"],
        ["identity", "conflicts"],
    ],
)
def test_who_is_not_logged_in_is_told_how(
    home: SmallHome, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Also the account that owns the home: what it did would carry nobody's name."""
    assert main([*words, "--home", str(home.folder), "--lang", "en"]) == 12
    assert f"ringfence login {ADDRESS}" in capsys.readouterr().err
    assert main([*words, "--home", str(home.folder), "--lang", "zh"]) == 12
    assert f"ringfence login {ADDRESS}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [["lake", "status"], ["lake", "verify"], ["audit", "verify"], ["quarantine", "list"],
     ["protocols", "list"], ["doctor"]],
    ids=" ".join,
)  # fmt: skip
def test_the_operator_cares_for_the_home(home: SmallHome, words: list[str]) -> None:
    home.folder.chmod(0o700)
    assert home.run(*words).code == 0


def test_the_doctor_asks_that_nobody_else_enters(home: SmallHome) -> None:
    home.folder.chmod(0o755)
    told = home.run("doctor", "--lang", "en")
    assert told.code == 13
    assert "chmod 700" in told.out


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a home to another account")
@pytest.mark.parametrize("words", [["lake", "compact"], ["doctor"], ["lake", "status"]])
def test_others_are_not_its_operator(
    home: SmallHome, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Nor is root: files of root's in it would stop the server."""
    os.chown(home.folder, 65534, 65534)
    assert main([*words, "--home", str(home.folder), "--lang", "en"]) == 12
    told = capsys.readouterr().err
    assert ("sudo -u nobody" in told) or ("ringfence login" in told)


MARKS = {
    "no JSON": b"served",
    "nothing": b"",
    "a list": b"[]",
    "nested": b"[" * 16_000,
    "huge": b" " * 100_000,
    "another format": json.dumps(
        {"format": 2, "address": ADDRESS, "since": SINCE.isoformat(), "deployment": "d"}
    ).encode(),
    "no text": json.dumps(
        {"format": 1, "address": 7, "since": SINCE.isoformat(), "deployment": "d"}
    ).encode(),
    "a terminal's signs": json.dumps(
        {"format": 1, "address": "https://a\x1b[2J", "since": SINCE.isoformat(), "deployment": "d"}
    ).encode(),
    "no zone": json.dumps(
        {"format": 1, "address": ADDRESS, "since": "2022-07-07T12:00:00", "deployment": "d"}
    ).encode(),
    "no UTF-8": b'{"format": 1, "address": "\xff"}',
}


@pytest.mark.parametrize("content", MARKS.values(), ids=MARKS)
def test_a_mark_that_cannot_be_read_still_closes_the_home(home: SmallHome, content: bytes) -> None:
    (home.folder / MARK).write_bytes(content)
    for words in (["trace", "C1"], ["lake", "compact"], ["explain", "C1", "p2"]):
        told = home.run(*words, "--lang", "en")
        assert told.code == 10
        assert "served.json is damaged" in told.err
        assert "\x1b" not in told.err


def test_a_mark_that_is_no_file_closes_it_too(home: SmallHome) -> None:
    mark = home.folder / MARK
    mark.unlink()
    os.mkfifo(mark)
    assert home.run("trace", "C1").code == 10
    mark.unlink()
    mark.symlink_to("/etc/hostname")
    assert home.run("trace", "C1").code == 10


@pytest.mark.parametrize(
    "address",
    ["http://city.example", "ftp://city.example", "https://a:b@city.example", "city", "-"],
)
def test_a_mark_that_names_no_good_address_is_told(home: SmallHome, address: str) -> None:
    served = served_by(home.folder)
    assert served is not None
    mark_served(open_home(home.folder), Served(address, SINCE, served.deployment))
    told = home.run("import", "x.csv", "--as", "place", "--lang", "en")
    assert told.code == 2
    assert "names no address" in told.err


def test_where_it_acts_is_never_guessed(
    home: SmallHome,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RINGFENCE_API", ADDRESS)
    monkeypatch.setenv("RINGFENCE_HOME", str(tmp_path))
    assert main(["trace", "C1", "--lang", "en"]) == 2
    assert "unset one of them" in capsys.readouterr().err
    monkeypatch.delenv("RINGFENCE_HOME")
    assert main(["explain", "C1", "p2", "--lang", "en"]) == 12
    assert ADDRESS in capsys.readouterr().err
    monkeypatch.setenv("RINGFENCE_API", "http://city.example")
    assert main(["trace", "C1", "--lang", "en"]) == 2
    assert "https://" in capsys.readouterr().err
