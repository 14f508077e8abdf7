"""`ringfence mappings` and `import --mapping`, as a user runs them."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from ringfence.cli.main import main

from .small_home import NOON, Answer, SmallHome

HEADER = "姓名,身份证号,联系电话,旅馆编码,入住时间,离店时间\n"
ROWS = (
    "王小敏,000101198503122156,15400000001,7,2022-07-04 20:00,2022-07-05 08:00\n"
    "李伟,000101199011053283,,7,2022-07-04 21:00,2022-07-05 09:00\n"
    "张磊,000103195809214423,,7,2022-07-04 22:00,2022-07-04 20:00\n"
)


class Desk(SmallHome):
    """Commands whose exit code is known beforehand."""

    def run(self, *words: str, clock: str = NOON, code: int = 0) -> Answer:
        answer = super().run(*words, clock=clock)
        assert answer.code == code, answer.err or answer.out
        return answer


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def drafted(home: Desk, tmp_path: Path) -> Path:
    file = tmp_path / "inns.csv"
    file.write_text(HEADER + ROWS, encoding="gb18030")
    home.run("mappings", "draft", str(file), "--name", "inns", "--write")
    return file


def test_a_new_channel_from_a_file_never_seen(home: Desk, tmp_path: Path) -> None:
    file = drafted(home, tmp_path)
    said = home.run("import", str(file), "--mapping", "inns", "--json").json()
    assert (said["rows_in"], said["accepted"], said["quarantined"]) == (3, 2, 1)
    assert {t["table"]: t["created"] for t in said["tables"]} == {"subject": 2, "presence": 2}
    assert said["told"] == 2
    assert said["rejects"][0]["row"] == 4
    assert said["rejects"][0]["field"] == "离店时间"
    again = home.run("import", str(file), "--mapping", "inns@1", "--json").json()
    assert again["replayed"]


def test_the_unit_of_an_address_is_suggested_and_filled_from_the_table(
    home: Desk, tmp_path: Path
) -> None:
    table = tmp_path / "areas.csv"
    table.write_text("code,name\n320000,江苏省\n320100,南京市\n320106,鼓楼区\n", encoding="utf-8")
    home.run("divisions", "import", str(table))
    head, *rows = (HEADER + ROWS).splitlines()
    lines = [
        f"{head},住址",
        *(f"{row},江苏省南京市鼓楼区中山路{n}号" for n, row in enumerate(rows)),
    ]
    file = tmp_path / "inns.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    text = home.run("mappings", "draft", str(file), "--name", "inns", "--write", "--json").json()
    assert "grid: {locate: address}" in text["text"]
    assert "中山路" not in text["text"]
    assert home.run("import", str(file), "--mapping", "inns", "--json").json()["accepted"] == 2
    stored = [pq.read_table(path) for path in tmp_path.rglob("deliveries/subject/*.parquet")]
    assert [part.column("grid").to_pylist() for part in stored] == [["320106", "320106"]]


def test_a_mapping_may_be_a_file_of_any_name(home: Desk, tmp_path: Path) -> None:
    file = drafted(home, tmp_path)
    (written,) = tmp_path.rglob("inns/v1/mapping.yaml")
    gym = written.rename(tmp_path / "gym.yaml")
    assert home.run("import", str(file), "--mapping", str(gym), "--json").json()["accepted"] == 2


def test_the_receipt_adds_up_on_paper(home: Desk, tmp_path: Path) -> None:
    file = drafted(home, tmp_path)
    out = home.run("import", str(file), "--mapping", "inns").out
    assert "3  rows in" in out
    assert "2  accepted" in out
    assert "statements of identity, in the vault" in out
    assert "王小敏" not in out


def test_rows_lead_back_to_the_member_of_an_archive(home: Desk, tmp_path: Path) -> None:
    drafted(home, tmp_path)
    archive = tmp_path / "inns.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for name in ("a.csv", "b.csv"):
            packed.writestr(name, (HEADER + ROWS).encode("gb18030"))
    said = home.run("import", str(archive), "--mapping", "inns", "--json").json()
    assert said["parts"] == {"0": "a.csv", "1": "b.csv"}
    assert [(r["part"], r["row"]) for r in said["rejects"]] == [(0, 4), (1, 4)]
    listed = home.run("quarantine", "list", said["batch"][:12]).out
    assert "inns.zip/b.csv, row 4" in listed


def of_months(path: Path) -> Path:
    """A workbook with a sheet a month and one of notes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    lines = [line.split(",") for line in (HEADER + ROWS).splitlines()]
    for name, rows in (("7月上旬", lines[1:3]), ("7月中旬", lines[3:])):
        sheet = book.create_sheet(name)
        for row in (lines[0], *rows):
            sheet.append(row)
    book.create_sheet("说明").append(["每旬一表"])
    book.save(path)
    return path


def test_sheets_that_are_not_read_are_told_by_name(
    home: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drafted(home, tmp_path)
    (written,) = tmp_path.rglob("inns/v1/mapping.yaml")
    text = written.read_text(encoding="utf-8")
    form = text[text.index("form:") : text.index("zone:")]
    written.write_text(text.replace(form, ""), encoding="utf-8")
    file = of_months(tmp_path / "inns.xlsx")
    out = home.run("import", str(file), "--mapping", "inns", "--dry-run").out
    assert "2 sheets were not read: 7月中旬, 说明." in " ".join(out.split())
    where = ("--home", str(home.folder), "--clock", NOON, "--lang", "zh")
    main(["import", str(file), "--mapping", "inns", "--dry-run", *where])
    assert "有2个工作表未读取：7月中旬、说明。" in "".join(capsys.readouterr().out.split())
    said = home.run("import", str(file), "--mapping", "inns", "--json").json()
    assert said["unread"] == ["7月中旬", "说明"]
    again = home.run("import", str(file), "--mapping", "inns", "--json").json()
    assert (again["replayed"], again["unread"]) == (True, ["7月中旬", "说明"])


def test_every_sheet_with_the_header_is_read_and_rows_lead_back_to_it(
    home: Desk, tmp_path: Path
) -> None:
    drafted(home, tmp_path)
    (written,) = tmp_path.rglob("inns/v1/mapping.yaml")
    text = written.read_text(encoding="utf-8")
    form = text[text.index("form:") : text.index("zone:")]
    written.write_text(text.replace(form, 'form: {sheet: "*"}\n'), encoding="utf-8")
    file = of_months(tmp_path / "inns.xlsx")
    said = home.run("import", str(file), "--mapping", "inns", "--json").json()
    assert (said["rows_in"], said["accepted"], said["quarantined"]) == (3, 2, 1)
    assert said["parts"] == {"0": "7月上旬", "1": "7月中旬"}
    assert said["unread"] == ["说明"]
    assert [(r["part"], r["row"]) for r in said["rejects"]] == [(1, 2)]
    assert "inns.xlsx/7月中旬, row 2" in home.run("quarantine", "list", said["batch"][:12]).out
    mended = tmp_path / "mended.csv"
    home.run("quarantine", "export", said["batch"][:12], str(mended))
    lines = mended.read_text(encoding="utf-8-sig")
    mended.write_text(lines.replace("2022-07-04 20:00", "2022-07-05 20:00"), encoding="utf-8")
    again = home.run("quarantine", "replay", said["batch"][:12], str(mended), "--json").json()
    assert (again["accepted"], again["parts"]) == (1, said["parts"])


def test_mappings_are_listed_shown_and_checked(home: Desk, tmp_path: Path) -> None:
    drafted(home, tmp_path)
    names = [one["mapping"] for one in home.run("mappings", "list", "--json").json()]
    assert {"inns", "hotel-register", "godata"} <= set(names)
    assert "mapping: inns" in home.run("mappings", "show", "inns").out
    fields = home.run("mappings", "show", "hotel-register", "--json").json()["fields"]
    assert "id" in [field["field"] for field in fields]
    (checked,) = home.run("mappings", "check", "hotel-register", "--json").json()
    assert checked["differences"] == []
    assert "no sample yet" in home.run("mappings", "check", "inns").out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--mapping", "inn"), 11, "there is no mapping of that name; there are: inns"),
        (("--mapping", "inns@2"), 11, "there are: inns@1"),
        ((), 2, "--mapping NAME"),
        (("--mapping", "inns", "--as", "presence"), 2, "--mapping NAME"),
        (("--mapping", "payments"), 10, "not UTF-8"),
        (("--mapping", "hotel-register"), 10, "lacks `证件号码`"),
    ],
)
def test_what_does_not_fit_is_told(
    home: Desk, tmp_path: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    file = drafted(home, tmp_path)
    said = home.run("import", str(file), *words, code=code)
    assert message in said.err
    assert "王小敏" not in said.err


def test_invented_people_are_refused_in_a_real_home(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from ringfence.cli.main import main

    folder = tmp_path / "real"
    assert main(["init", str(folder)]) == 0
    people = tmp_path / "people.csv"
    people.write_text("subject,id_number\ns1,000101198503122156\n", encoding="utf-8")
    assert main(["import", str(people), "--as", "subject", "--home", str(folder)]) == 10
    assert "000101" not in capsys.readouterr().out


def test_a_register_of_persons_goes_to_lake_and_vault(home: Desk, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        "subject,grid,name,sex,id_number,phone\n"
        "s1,g1,王小敏,female,000101198503122156,15400000001\n"
        "s2,g1,李伟,male,000101199011053280,\n",
        encoding="utf-8",
    )
    said = home.run("import", str(people), "--as", "subject", "--json").json()
    assert (said["created"], said["quarantined"], said["told"]) == (1, 1, 1)
    assert said["rejects"][0]["field"] == "id_number"
