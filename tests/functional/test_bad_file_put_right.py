"""A bad file from its delivery to the figures in the end: no row is lost, or counted twice."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.integration.lake.delivering import current

from ringfence.lake import open_home, snapshot
from ringfence.records import TABLES
from ringfence.vault import open_vault

from .small_home import NOON
from .test_mappings import HEADER, Desk, drafted

BAD = (
    "王小敏,000101198503122156,15400000001,7,2022-07-04 20:00,2022-07-05 08:00\n"
    "李伟,1.20224E+17,,7,2022-07-04 21:00,2022-07-05 09:00\n"
    "张磊,000103195809214423,,7,2022-07-04 22:00,2022-07-04 20:00\n"
    "赵云,000101198503122150,,7,2022-07-04 22:00,2022-07-05 20:00\n"
    "孙丽,000101199011053283,,7\n"
)
MENDED = {
    "1.20224E+17": "00010619950418286X",
    "2022-07-04 22:00,2022-07-04 20:00": "2022-07-04 22:00,2022-07-05 10:00",
}


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def nights(home: Desk) -> int:
    tables = home.run("lake", "status", "--json").json()["tables"]
    return sum(t["rows"] for t in tables if t["table"] == "presence")


def masks(home: Desk) -> list[bool | None]:
    """What is known of the mask in each night that counts."""
    seen = snapshot(open_home(home.folder), datetime.fromisoformat(NOON))
    at = TABLES["presence"].schema.names.index("mask")
    return sorted((row[at] for row in current(seen, "presence")), key=bool)


def mended(home: Desk, batch: str, file: Path, mends: dict[str, str]) -> Any:
    """Export, put right what is known, bring it again."""
    home.run("quarantine", "export", batch, str(file))
    text = file.read_text(encoding="utf-8-sig")
    for wrong, right in mends.items():
        assert wrong in text
        text = text.replace(wrong, right)
    file.write_text(text, encoding="utf-8-sig")
    return home.run("quarantine", "replay", batch, str(file), "--json").json()


def test_from_a_bad_file_to_the_figures_in_the_end(home: Desk, tmp_path: Path) -> None:
    file = drafted(home, tmp_path)
    before = nights(home)
    file.write_text(HEADER + BAD, encoding="gb18030")
    said = home.run("import", str(file), "--mapping", "inns", "--json").json()
    assert (said["rows_in"], said["accepted"], said["quarantined"]) == (5, 1, 4)
    batch = said["batch"]
    listed = home.run("quarantine", "list", batch[:12]).out
    assert all(f"row {row}" in listed for row in (3, 4, 5, 6))
    assert "1.20224" not in listed
    assert "李伟" not in listed
    part = mended(home, batch, tmp_path / "some.csv", MENDED)
    assert (part["rows_in"], part["accepted"], part["quarantined"]) == (4, 2, 2)
    (still, *_) = [b for b in home.run("quarantine", "list", "--json").json() if b["open"]]
    assert still["open"] == 2
    assert nights(home) == before + 3
    with open_vault(open_home(home.folder)) as vault:
        numbers = ("000101198503122156", "00010619950418286X", "000103195809214423")
        assert [len(vault.find("id_number", number)) for number in numbers] == [1, 1, 1]
        assert vault.find("id_number", "000101199011053283") == []
    assert home.run("import", str(file), "--mapping", "inns", "--json").json()["replayed"]
    assert nights(home) == before + 3
    assert home.run("lake", "verify").code == 0


def test_what_puts_a_batch_right_is_withdrawn_and_comes_back_with_it(
    home: Desk, tmp_path: Path
) -> None:
    file = drafted(home, tmp_path)
    before = masks(home)
    file.write_text(HEADER + BAD, encoding="gb18030")
    batch = home.run("import", str(file), "--mapping", "inns", "--json").json()["batch"]
    brought = mended(home, batch, tmp_path / "some.csv", MENDED)["batch"]
    of_import = ("correct", batch, "2", "presence", "--set", "mask=true", "--reason", "seen")
    of_replay = ("correct", brought, "3", "presence", "--set", "mask=true", "--reason", "seen")
    alone = home.run(*of_import, "--json").json()["batch"]
    along = home.run(*of_replay, "--json").json()["batch"]
    home.run("lake", "withdraw", alone, "--reason", "not so")
    assert masks(home) == [*before, None, None, True]

    said = home.run("lake", "withdraw", batch, "--reason", "wrong file", "--json").json()
    assert said["along"] == [brought, along]
    assert masks(home) == before
    refused = home.run("lake", "reinstate", brought, "--reason", "of use", code=10)
    assert batch[:12] in refused.err

    said = home.run("lake", "reinstate", batch, "--reason", "right after all", "--json").json()
    assert said["along"] == [brought, along]
    assert masks(home) == [*before, None, None, True]
    home.run("lake", "reinstate", alone, "--reason", "so after all")
    assert masks(home) == [*before, None, True, True]
    assert home.run("lake", "verify").code == 0
