"""`ringfence mappings`: lists with a faulty mapping among them, checks without a sample, drafts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from tests.unit.sources.mapping.channels import INN
from tests.unit.sources.raw.sheets import saved

from ringfence.cli.main import main

from .small_home import NOON
from .test_mappings import HEADER, ROWS, Desk


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


@pytest.fixture
def chinese(home: Desk, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(*words: str) -> str:
        assert main([*words, "--home", str(home.folder), "--clock", NOON, "--lang", "zh"]) == 0
        return capsys.readouterr().out

    return run


def written(home: Desk, name: str, text: str) -> Path:
    file = home.folder / "mappings" / name / "v1" / "mapping.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_faulty_mapping_hides_no_other(home: Desk, chinese: Callable[..., str]) -> None:
    written(home, "inn", INN)
    faulty = written(home, "cafe", INN.replace("mapping: inn", "mapping: cafe") + "more: 1\n")
    taken = written(home, "payments", INN)
    listed = home.run("mappings", "list")
    assert "inn@1" in listed.out
    assert "cafe@1" in listed.out
    assert "faulty" in listed.out
    assert f"{faulty}, line" in listed.out
    assert "there is no field 'more' here" in listed.out
    assert f"{taken}: payments@1 comes with ringfence already" in listed.out
    assert "有错误" in chinese("mappings", "list")
    told = {one["mapping"]: one for one in home.run("mappings", "list", "--json").json()}
    assert str(faulty) in told["cafe"]["fault"]["en"]
    assert "fault" not in told["inn"]
    home.run("mappings", "list", "--check", code=10)
    home.run("mappings", "list", "--check", "--json", code=10)


def test_without_faults_the_check_of_the_list_passes(home: Desk) -> None:
    written(home, "inn", INN)
    assert "faulty" not in home.run("mappings", "list", "--check").out


def test_a_fault_names_the_path_of_its_mapping(home: Desk, tmp_path: Path) -> None:
    faulty = written(home, "cafe", INN.replace("mapping: inn", "mapping: cafe") + "more: 1\n")
    file = tmp_path / "rows.csv"
    file.write_text("a\n1\n", encoding="utf-8")
    assert str(faulty) in home.run("import", str(file), "--mapping", "cafe", code=10).err
    assert str(faulty) in home.run("import", str(file), "--mapping", str(faulty), code=10).err


def test_a_mapping_without_a_sample_reads_well(home: Desk, chinese: Callable[..., str]) -> None:
    file = written(home, "inn", INN)
    assert "reads well; there is no sample yet" in home.run("mappings", "check", "inn").out
    assert "尚无样例" in chinese("mappings", "check", "inn")
    (checked,) = home.run("mappings", "check", "inn", "--json").json()
    assert checked == {"mapping": "inn@1", "sample": None, "differences": []}
    home.run("mappings", "check", "inn", "--record", code=10)
    file.write_text(INN + "more: 1\n", encoding="utf-8")
    assert "does not hold" in home.run("mappings", "check", "inn", code=10).out


def test_doubts_are_written_in_the_language_of_the_reader(
    home: Desk, chinese: Callable[..., str], tmp_path: Path
) -> None:
    file = tmp_path / "inns.csv"
    file.write_text(HEADER + ROWS, encoding="utf-8")
    text = chinese("mappings", "draft", str(file))
    assert "# 存疑：" in text
    assert "DOUBT" not in text
    assert "# 存疑：" in chinese("mappings", "draft", str(file), "--name", "inns", "--write")
    assert home.run("import", str(file), "--mapping", "inns", "--json").json()["accepted"] == 2


def pool(tmp_path: Path) -> Path:
    book = Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["Read me"])
    for name in ("Entries", "Older"):
        sheet = book.create_sheet(name)
        sheet.append(["Pool of the town"])
        for line in (HEADER + ROWS).splitlines():
            sheet.append(line.split(","))
    file = tmp_path / "pool.xlsx"
    file.write_bytes(saved(book))
    return file


def test_the_first_sheet_that_looks_like_a_table_is_drafted(home: Desk, tmp_path: Path) -> None:
    file = pool(tmp_path)
    text = home.run("mappings", "draft", str(file), "--name", "pool", "--write", "--json").json()
    assert 'sheet: "Entries"' in text["text"]
    assert "header_row: 2" in text["text"]
    assert (
        '# DOUBT: "Entries" is the first visible sheet that looks like a table; 2 more'
        in (text["text"])
    )
    assert home.run("import", str(file), "--mapping", "pool", "--json").json()["accepted"] == 2


def test_a_sheet_and_a_header_row_can_be_named(home: Desk, tmp_path: Path) -> None:
    file = str(pool(tmp_path))
    text = home.run("mappings", "draft", file, "--sheet", "Older", "--header-row", "2").out
    assert 'sheet: "Older"' in text
    assert "header_row: 2" in text
    assert "looks like a table" not in text
    assert (
        "no sheet of the name" in home.run("mappings", "draft", file, "--sheet", "a", code=11).err
    )


def test_what_a_file_has_not_is_not_asked_of_it(home: Desk, tmp_path: Path) -> None:
    file = tmp_path / "inns.csv"
    file.write_text(HEADER + ROWS, encoding="utf-8")
    said = home.run("mappings", "draft", str(file), "--sheet", "a", code=2).err
    assert "is no workbook: leave --sheet out" in said
    lines = tmp_path / "rows.ndjson"
    lines.write_text('{"a": 1}\n', encoding="utf-8")
    said = home.run("mappings", "draft", str(lines), "--header-row", "2", code=2).err
    assert "has no header row" in said


def test_a_day_without_its_time_is_counted_in_the_receipt(home: Desk, tmp_path: Path) -> None:
    file = tmp_path / "pool.csv"
    file.write_text(
        "身份证号,门店,日期,进,出\n"
        "000101198503122156,7,2022-07-04,20:00,21:00\n"
        "000101198503122156,7,2022-07-05,20:00,21:00\n"
        "000101199011053283,7,2022-07-04,21:00,\n"
        "000101199011053283,7,2022-07-05,23:00,1:00\n",
        encoding="utf-8",
    )
    home.run("mappings", "draft", str(file), "--name", "pool", "--write")
    said = home.run("import", str(file), "--mapping", "pool").out
    assert "4  accepted" in said
    assert "1  wrong values and days without a time of day left out: 日期 + 出" in said
