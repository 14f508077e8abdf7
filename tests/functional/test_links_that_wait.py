"""Whatever lets statements of identity count tells of the links that wait for somebody to make."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.identity.homes import identity_number

from .small_home import Answer, SmallHome

NUMBER = identity_number()
HEAD = "subject,name,sex,birth_date,id_kind,id_number,phone,address\n"
TOLD = "1 subject of this batch bears a number that others bear too"


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    made = SmallHome(tmp_path, capsys)
    made.deliver("subject", f"{HEAD}p2,王小明,,,resident,{NUMBER},,\n")
    return made


def last_line(answer: Answer) -> str:
    assert answer.code == 0, answer.err
    return answer.out.splitlines()[-1]


def test_a_row_that_was_put_right_tells_of_them(home: SmallHome, tmp_path: Path) -> None:
    file, mended = tmp_path / "clinic.csv", tmp_path / "mended.csv"
    wrong = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")
    file.write_text(f"{HEAD}p3,,,,resident,{wrong},,\n", encoding="utf-8")
    refused = home.run("import", str(file), "--as", "subject", "--source", "clinic", "--json")
    batch = refused.json()["batch"]
    home.run("quarantine", "export", batch, str(mended))
    text = mended.read_text(encoding="utf-8-sig")
    mended.write_text(text.replace(wrong, NUMBER), encoding="utf-8")
    words = ("quarantine", "replay", batch, str(mended))
    assert TOLD not in home.run(*words, "--dry-run").out
    assert last_line(home.run(*words)).startswith(TOLD)
    assert home.run(*words, "--json").json()["unlinked_subjects"] == 1
    home.run("identity", "link")
    assert "unlinked_subjects" not in home.run(*words, "--json").json()


def test_a_batch_that_counts_again_tells_of_them(home: SmallHome) -> None:
    again = home.deliver("subject", f"{HEAD}p3,,,,resident,{NUMBER},,\n").json()["batch"]
    because = ("--reason", "asked the clinic")
    gone = home.run("lake", "withdraw", again, *because)
    assert TOLD not in gone.out
    assert last_line(home.run("lake", "reinstate", again, *because)).startswith(TOLD)
    home.run("lake", "withdraw", again, *because)
    said = home.run("lake", "reinstate", again, *because, "--json").json()
    assert (said["act"], said["unlinked_subjects"]) == ("reinstate", 1)
    assert said["next"] == "ringfence identity link"
