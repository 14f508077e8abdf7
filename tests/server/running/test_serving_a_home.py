"""A home becomes served when a deployment of it is made: marked, and closed to other accounts."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.server.homes import NOON, new_home

from ringfence.cli.main import main
from ringfence.errors import UsageError
from ringfence.lake import Home
from ringfence.lake.served import Served, served_by
from ringfence_server.running.beginning import FILE, begin

NOBODY = 65534
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as other accounts")


@pytest.fixture
def home() -> Iterator[Home]:
    """Where other accounts can come as far as its door."""
    with tempfile.TemporaryDirectory(prefix="rf-served-") as name:
        Path(name).chmod(0o755)
        yield new_home(Path(name))


def served(home: Home, folder: str = "etc", **given: Any) -> Path:
    told: dict[str, Any] = {
        "database": "postgresql:///none",
        "listen": "127.0.0.1:8470",
        "hosts": (),
        "shows": None,
        "now": NOON,
    }
    return begin(home.root.parent / folder, home, **{**told, **given})


def test_the_home_says_where_its_server_is(home: Home) -> None:
    assert served_by(home.root) is None
    file = served(home, hosts=("ringfence.city.example", "other.example"))
    assert served_by(home.root) == Served("https://ringfence.city.example", NOON, str(file))
    assert home.root.stat().st_mode & 0o777 == 0o700
    assert (file.parent / "secret").read_text(encoding="ascii") not in (
        home.root / "served.json"
    ).read_text(encoding="utf-8")


def test_without_tls_it_is_this_machine(home: Home) -> None:
    served(home, listen="127.0.0.1:8471")
    told = served_by(home.root)
    assert told is not None
    assert told.address == "http://127.0.0.1:8471"


def test_a_home_has_one_deployment(home: Home) -> None:
    first = served(home)
    with pytest.raises(UsageError, match="one deployment"):
        served(home, "other")
    assert not (home.root.parent / "other" / FILE).exists()
    shutil.rmtree(first.parent)
    second = served(home, "other")
    told = served_by(home.root)
    assert told is not None
    assert told.deployment == str(second)


@AS_ROOT
def test_it_is_made_by_the_account_that_owns_the_home(home: Home) -> None:
    os.chown(home.root, NOBODY, NOBODY)
    with pytest.raises(UsageError, match="nobody"):
        served(home)
    assert served_by(home.root) is None
    assert not (home.root.parent / "etc").exists()


@AS_ROOT
@pytest.mark.parametrize(
    "words", [["import", "x", "--as", "place"], ["trace", "C1"], ["lake", "status"]]
)
@pytest.mark.parametrize(("language", "said"), [("en", "root only"), ("zh", "仅限账户 root")])
def test_another_account_is_told_whose_it_is_and_what_to_do(
    home: Home, words: list[str], language: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    served(home)
    asked = [*words, "--home", str(home.root), "--lang", language]
    main(asked)  # what it imports lies where only root may read
    capsys.readouterr()
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        code = main(asked)
    finally:
        os.seteuid(0)
        os.setegid(0)
    err = capsys.readouterr().err
    assert code == 12, err
    assert said in err
    assert "ringfence login" in err
