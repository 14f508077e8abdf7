"""`ringfence vault` and `ringfence audit` as a user gives them."""

from __future__ import annotations

import io
import shutil
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.functional.small_home import NOON, TABLES, Answer, SmallHome

from ringfence import identity, lake
from ringfence.cli.main import main
from ringfence.vault import Statement, open_vault

NOW = datetime(2022, 7, 7, 4, tzinfo=UTC)
WANG = {
    "name": "王小明",
    "id_kind": "resident",
    "id_number": "00010119900307001X",
    "phone": "+8613800138000",
}
ASKING = ("--case", "C1", "--purpose", "ask about the evening of 4 July")


class Copied(SmallHome):
    """A home that was made before, with its keys beside it."""

    def __init__(self, made: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        shutil.copytree(made, folder, dirs_exist_ok=True)
        self.folder = folder / "home"
        self._files = folder
        self._capsys = capsys


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an outbreak and one known person; its keys in `config`."""
    folder = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        where = ("--home", str(folder / "home"), "--clock", NOON)
        assert main(["init", str(folder / "home"), "--synthetic"]) == 0
        for table, text in TABLES.items():
            file = folder / f"{table}.csv"
            file.write_text(text, encoding="utf-8")
            assert main(["import", str(file), "--as", table, *where]) == 0
        home = lake.open_home(folder / "home")
        with (
            open_vault(home, create=True) as vault,
            vault.stage("b" * 64, "hotel", NOW, lambda _: ("wangxiaoming", "wxm")) as staging,
        ):
            staging.write([Statement("p1", 4, WANG)])
            staging.ready()
            with lake.stage(
                home, table="presence", source="hotel", batch="b" * 64, file_name="h.csv"
            ) as empty:
                empty.commit(NOW, 0)
    return folder


@pytest.fixture
def small(
    made: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> SmallHome:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Copied(made, tmp_path, capsys)


def given(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))


def acts(small: SmallHome) -> list[tuple[str, str]]:
    return [(row["act"], row["state"]) for row in small.run("audit", "list", "--json").json()]


def test_reveal_tells_who_and_leaves_two_audit_rows(small: SmallHome) -> None:
    answer = small.run("vault", "reveal", "p1", *ASKING)
    assert answer.code == 0
    assert "name: 王小明" in answer.out
    assert "hotel, h.csv, row 4 (batch bbbbbbbbbbbb)" in answer.out
    intended, done = small.run("audit", "list", "--json").json()
    assert (intended["act"], intended["state"], done["state"]) == (
        "vault.reveal",
        "intended",
        "done",
    )
    assert intended["about"] == {"subject": "p1", "case": "C1", "purpose": ASKING[3]}
    assert done["about"] == {"statements": "1"}
    assert small.run("audit", "verify").code == 0


def test_a_merged_person_is_found_and_revealed_as_one(
    small: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = lake.open_home(small.folder)
    with open_vault(home) as vault, vault.stage("c" * 64, "clinic", NOW) as staging:
        staging.write([Statement("p3", 9, {"name": "王小明", "address": "和平路12号"})])
        staging.ready()
        with lake.stage(
            home, table="presence", source="clinic", batch="c" * 64, file_name="c.csv"
        ) as empty:
            empty.commit(NOW, 0)
    identity.merge(home, ["p1", "p3"], reason="same telephone", by="li", now=NOW)
    given(monkeypatch, "王小明\n")
    assert small.run("vault", "find", "--name", *ASKING).out == "p1\n"
    shown = small.run("vault", "reveal", "p1", *ASKING).out
    assert "p1: hotel, h.csv, row 4 (batch bbbbbbbbbbbb)" in shown
    assert "p3: clinic, c.csv, row 9 (batch cccccccccccc)" in shown
    last = small.run("audit", "list", "--json").json()[-1]
    assert last["about"] == {"statements": "2", "subjects": "p1 p3"}


def test_reveal_as_json(small: SmallHome) -> None:
    (told,) = small.run("vault", "reveal", "p1", *ASKING, "--json").json()
    assert told["fields"] == WANG
    assert (told["file"], told["row"]) == ("h.csv", 4)


@pytest.mark.parametrize(
    "words, code, told",
    [
        (("p1", "--case", "C9", "--purpose", "x"), 11, "no case C9"),
        (("p1", "--case", "C2", "--purpose", "x"), 12, "discarded"),
        (("p1", "--case", "C1", "--purpose", "  "), 2, "--purpose"),
        (("p1", "--case", "C1"), 2, "--purpose"),
        (("p1", "--purpose", "x"), 2, "--case"),
        (("p1", "--case", "C1", "--purpose", "is it 13800138000"), 12, "purpose"),
    ],
)
def test_reveal_is_refused(small: SmallHome, words: tuple[str, ...], code: int, told: str) -> None:
    answer = small.run("vault", "reveal", *words)
    assert answer.code == code
    assert told in answer.err
    assert "王" not in answer.out + answer.err
    assert acts(small) == []


def test_a_subject_that_nothing_is_said_of_is_not_found_but_audited(small: SmallHome) -> None:
    assert small.run("vault", "reveal", "p2", *ASKING).code == 11
    assert acts(small) == [("vault.reveal", "intended"), ("vault.reveal", "done")]


@pytest.mark.parametrize(
    "option, text",
    [
        ("--id", "00010119900307001x"),
        ("--phone", "138 0013 8000"),
        ("--name", "王小明"),
        ("--pinyin", "Wang Xiaoming"),
        ("--pinyin", "Xiǎomíng Wáng"),
        ("--initials", "WXM"),
        ("--last4", "8000"),
    ],
)
def test_find_reads_what_is_sought_from_standard_input(
    small: SmallHome, monkeypatch: pytest.MonkeyPatch, option: str, text: str
) -> None:
    given(monkeypatch, text + "\n")
    answer = small.run("vault", "find", option, *ASKING)
    assert (answer.code, answer.out) == (0, "p1\n")
    rows = small.run("audit", "list", "--case", "C1", "--json").json()
    assert rows[0]["about"]["by"]
    assert text not in str(rows)


def test_find_says_when_there_is_nobody(small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "李雷\n")
    answer = small.run("vault", "find", "--name", *ASKING)
    assert answer.code == 11
    assert "李雷" not in answer.out + answer.err


@pytest.mark.parametrize("text", ["", "a\nb\n"])
def test_find_takes_one_person_at_a_time(
    small: SmallHome, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    given(monkeypatch, text)
    assert small.run("vault", "find", "--name", *ASKING).code == 2
    assert acts(small) == []


def test_find_needs_one_kind(small: SmallHome) -> None:
    assert "--pinyin" in small.run("vault", "find", *ASKING).err
    assert small.run("vault", "find", "--id", "--name", *ASKING).code == 2


def test_status_shows_no_person(small: SmallHome) -> None:
    answer = small.run("vault", "status")
    assert "2022-07" in answer.out
    assert "master key" in answer.out
    assert "p1" not in answer.out
    (cohort,) = small.run("vault", "status", "--json").json()["cohorts"]
    assert (cohort["statements"], cohort["batches"]) == (1, 1)


def test_verify_finds_what_a_look_up_would_miss(small: SmallHome) -> None:
    assert small.run("vault", "verify").out == "1 records open, and are found.\n"
    (path,) = (small.folder / "vault").glob("cohort-*.sqlite")
    with closing(sqlite3.connect(path)) as file:
        file.execute("DELETE FROM token WHERE kind = 4")
        file.commit()
    answer = small.run("vault", "verify")
    assert (answer.code, "pinyin" in answer.out) == (13, True)
    assert small.run("vault", "verify", "--repair").code == 0
    assert small.run("vault", "verify", "--json").json()["ok"]


def test_rotation_and_drill(small: SmallHome, tmp_path: Path) -> None:
    key = Path(small.run("vault", "status", "--json").json()["master_key"])
    copy = tmp_path / "safe.key"
    copy.write_bytes(key.read_bytes())
    copy.chmod(0o600)
    assert small.run("vault", "drill", "--key", str(copy)).code == 0
    answer = small.run("vault", "rotate", "--reason", "yearly")
    assert answer.code == 0
    assert "destroy every older copy" in answer.out
    assert small.run("vault", "drill", "--key", str(copy)).code == 13
    assert small.run("vault", "drill").code == 0
    assert acts(small) == [("vault.rotate", "intended"), ("vault.rotate", "done")]


def test_shredding_needs_a_word_and_cannot_be_undone(
    small: SmallHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, "")
    assert small.run("vault", "shred", "2022-07", "--reason", "over").code == 2
    answer = small.run("vault", "shred", "2022-07", "--reason", "over", "--yes")
    assert answer.code == 0
    assert small.run("vault", "reveal", "p1", *ASKING).code == 11
    assert small.run("vault", "shred", "2022-07", "--reason", "over", "--yes").code == 11
    assert acts(small)[:2] == [("vault.shred", "intended"), ("vault.shred", "done")]


def test_an_edited_audit_is_told(small: SmallHome) -> None:
    small.run("vault", "reveal", "p1", *ASKING)
    with closing(sqlite3.connect(small.folder / "audit" / "audit.sqlite")) as file:
        file.execute("UPDATE entry SET by = 'somebody' WHERE number = 1")
        file.commit()
    answer = small.run("audit", "verify")
    assert answer.code == 13
    assert "row 1 was edited" in answer.out
    assert small.run("doctor").code == 13


def test_audit_of_one_subject_in_words(small: SmallHome) -> None:
    small.run("vault", "reveal", "p1", *ASKING)
    shown = small.run("audit", "list", "--subject", "p1").out
    assert "vault.reveal  intended" in shown
    assert small.run("audit", "list", "--subject", "p2").out == ""
    assert small.run("audit", "list", "--since", "2022-07-08T00:00:00+08:00").out == ""
    report: Answer = small.run("audit", "verify", "--json")
    assert small.run("audit", "verify", "--public", report.json()["signer"]).code == 0
    assert small.run("audit", "verify", "--public", "zz").code == 2
    assert small.run("audit", "verify", "--public", "00" * 32).code in (2, 13)


def test_doctor_warns_where_key_and_data_share_a_disk(small: SmallHome) -> None:
    found = {row["name"]: row["grade"] for row in small.run("doctor", "--json").json()}
    assert (found["vault"], found["audit"]) == ("warning", "ok")
    key = Path(small.run("vault", "status", "--json").json()["master_key"])
    key.rename(key.with_suffix(".away"))
    found = {row["name"]: row["grade"] for row in small.run("doctor", "--json").json()}
    assert found["vault"] == "fault"


def test_without_a_vault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bare = SmallHome(tmp_path, capsys)
    assert bare.run("vault", "status").code == 11
    assert bare.run("vault", "reveal", "p1", *ASKING).code == 11
    assert bare.run("audit", "list").out == ""
    assert bare.run("audit", "verify", clock=NOON).code == 0
    assert bare.run("doctor").code == 0
