"""`ringfence lists`, as a user calls it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.unit.operations.people import id_number

from .small_home import Answer, SmallHome

ROOT = Path(__file__).parents[2]
BASIS = ("--basis", "Law on epidemics, article 40")
FORM = """
list: neighbour-province
form: {header_row: 3, totals: ["合计"]}
columns:
  name: 姓名
  id_number: 证件号码
  id_kind: 证件类型
  phone: [手机, 座机]
  address: 现住址
  reference: 编号
words: {二代: resident}
ignored: [性别]
"""
ROWS = (
    ("关于协查人员的函",),
    (),
    ("编号", "姓名", "性别", "证件类型", "证件号码", "手机", "座机", "现住址"),
    ("甲-1", "王小明", "男", "二代", id_number(1), None, "010-62345678", "东江市河西区长街1号"),
    ("甲-2", "王小明", "男", "二代", id_number(1), None, None, None),
    ("甲-3", "李丽", "女", "护照", "E12345678", "15400000003", None, None),
    ("甲-4", "张三", "男", "二代", 1.10105194912310e17, None, None, None),
    ("合计", 4, None, None, None, None, None, None),
)
DIVISIONS = """code,parent,level,name_zh,name_en
9901,,city,东江市,Dongjiang
990101,9901,district,河西区,Hexi
"""


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    return SmallHome(tmp_path, capsys)


def workbook(folder: Path) -> tuple[str, str]:
    """A workbook as a neighbour sends it, and the file that says what its columns mean."""
    file, form = folder / "协查.xlsx", folder / "form.yaml"
    if not file.exists():
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in ROWS:
            book.active.append(row)
        book.save(file)
        form.write_text(FORM, encoding="utf-8")
    return str(file), str(form)


def receive(home: SmallHome, folder: Path, *more: str) -> Answer:
    book, form = workbook(folder)
    return home.run("lists", "import", book, "--from", "省疾控", *BASIS, "--form", form, *more)


def test_from_a_neighbours_workbook_to_the_answer(home: SmallHome, tmp_path: Path) -> None:
    home.deliver("jurisdiction", DIVISIONS)
    told = receive(home, tmp_path, "--json").json()
    assert (told["list"], told["replayed"]) == ("L1", False)
    assert {stage: count for stage, count in told["funnel"].items() if count} == {
        "list": "L1",
        "received": 4,
        "refused": 1,
        "valid": 3,
        "duplicates": 1,
        "persons": 2,
        "located": 1,
    }
    refused = home.run("lists", "refused", "L1", "--json").json()
    assert [(row["row"], row["field"]) for row in refused] == [(7, "证件号码")]
    sent = home.run("lists", "send", "L1", "--to", "河西区疾控", "--division", "9901", "--json")
    assert sent.json() == {"list": "L1", "sent": [1], "before": []}
    by_hand = ("--division", "990101", "--person", "2")
    assert home.run("lists", "send", "L1", "--to", "河西区疾控", *by_hand).code == 0
    sheet = tmp_path / "sheet.csv"
    words = ("--to", "河西区疾控", "--purpose", "home visits", "--output", str(sheet))
    assert "has to find (2)" in home.run("lists", "sheet", "L1", *words).out
    rows = list(csv.DictReader(sheet.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["name"] for row in rows] == ["王小明", "李丽"]
    for row, outcome in zip(rows, ("检测阴性", "检测阳性"), strict=True):
        row["outcome"] = outcome
    with sheet.open("w", encoding="gb18030", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert "L1: 2" in home.run("lists", "record", "L1", "--file", str(sheet)).out
    answer = tmp_path / "answer.csv"
    assert home.run("lists", "answer", "L1", "--output", str(answer)).code == 12
    assert home.run("lists", "sign-off", "L1").code == 0
    assert home.run("lists", "answer", "L1", "--output", str(answer)).code == 0
    told_back = list(csv.DictReader(answer.read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["row"], row["reference"], row["result"]) for row in told_back] == [
        ("4", "甲-1", "tested negative"),
        ("5", "甲-2", "tested negative"),
        ("6", "甲-3", "tested positive"),
        ("7", "", "not valid"),
    ]
    figures = home.run("lists", "funnel", "L1", "--json").json()
    assert [figures[stage] for stage in ("sent", "answered", "positive")] == [2, 2, 1]
    shown = home.run("lists", "list").out
    assert "省疾控" in shown
    assert "answered" in shown


def test_nothing_of_a_person_is_in_home_output_or_errors(home: SmallHome, tmp_path: Path) -> None:
    answers = [receive(home, tmp_path), receive(home, tmp_path)]
    answers += [
        home.run("lists", *words)
        for words in (
            ("funnel", "L1"),
            ("persons", "L1"),
            ("refused", "L1"),
            ("check", "L1"),
            ("send", "L1", "--to", "u", "--division", "990101", "--person", "1"),
            ("record", "L1", "--person", "1", "--outcome", "not_found"),
            ("sign-off", "L1", "--interim"),
        )
    ]
    assert [answer.code for answer in answers] == [0] * 9
    secrets = (
        "王小明",
        "李丽",
        id_number(1),
        "E12345678",
        "62345678",
        "15400000003",
        "长街",
        "甲-1",
    )
    for answer in answers:
        for secret in secrets:
            assert secret not in answer.out + answer.err
    for file in home.folder.rglob("*"):
        content = file.read_bytes() if file.is_file() else b""
        for secret in secrets:
            for encoding in ("utf-8", "gb18030", "utf-16-le"):
                assert secret.encode(encoding) not in content, file


def test_who_they_are_is_shown_for_a_purpose(home: SmallHome, tmp_path: Path) -> None:
    receive(home, tmp_path)
    plain: Any = home.run("lists", "persons", "L1", "--json").json()
    assert [person["rows"] for person in plain] == [[4, 5], [6]]
    assert "identity" not in plain[0]
    named = home.run(
        "lists", "persons", "L1", "--person", "2", "--purpose", "home visit", "--json"
    ).json()
    assert [person["identity"]["name"] for person in named] == [["李丽"]]
    assert "李丽" in home.run("lists", "persons", "L1", "--purpose", "home visit").out
    assert home.run("lists", "persons", "L1", "--purpose", " ").code == 2
    assert home.run("lists", "persons", "L1", "--at", "lost").code == 2
    assert "Nobody" in home.run("lists", "persons", "L1", "--at", "positive").out


def test_replayed_withdrawn_and_unknown_lists(home: SmallHome, tmp_path: Path) -> None:
    assert "No list" in home.run("lists", "list").out
    assert home.run("lists", "funnel", "L1").code == 11
    assert home.run("lists", "funnel", "one").code == 2
    receive(home, tmp_path)
    assert "received before, as L1" in receive(home, tmp_path).out
    assert home.run("lists", "withdraw", "L1", "--reason", "wrong city").code == 0
    assert receive(home, tmp_path).code == 10
    assert home.run("lists", "check", "L1").code == 10
    (told,) = home.run("lists", "list", "--json").json()
    assert told["state"] == "withdrawn"


def test_a_list_of_which_no_row_is_valid_is_kept_and_is_no_success(
    home: SmallHome, tmp_path: Path
) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("name,id_number\n王小明,1\n", encoding="utf-8")
    answer = home.run("lists", "import", str(file), "--from", "carrier", *BASIS)
    assert (answer.code, "L1" in answer.out) == (10, True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"name,id_number\n", "no rows"),
        (b"name,colour,shape,id_number\nA,b,c,1\n", "colour, shape"),
        (b"name,note\nA,b\n", "no column by which a person can be found"),
        (b"PK\x03\x04nonsense", ""),
        ((",".join(f"c{n}" for n in range(200)) + "\n").encode(), "200 columns"),
    ],
)
def test_files_that_are_no_list_are_refused_and_leave_nothing(
    home: SmallHome, tmp_path: Path, content: bytes, told: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    answer = home.run("lists", "import", str(file), "--from", "carrier", *BASIS)
    assert (answer.code, told in answer.err) == (10, True)
    assert home.run("lists", "list", "--json").json() == []


@pytest.mark.parametrize(
    "text",
    ["list: x\ncolumns: {nam: 姓名}\n", "columns: {name: 姓名}\n", "- a\n", "list: [", "list: x\n"],
)
def test_a_form_with_a_fault_is_refused_with_its_line(
    home: SmallHome, tmp_path: Path, text: str
) -> None:
    book, form = workbook(tmp_path)
    Path(form).write_text(text, encoding="utf-8")
    answer = home.run("lists", "import", book, "--from", "a", *BASIS, "--form", form)
    assert (answer.code, "form.yaml, line" in answer.err) == (10, True)


def test_what_does_not_fit_together_is_refused(home: SmallHome, tmp_path: Path) -> None:
    receive(home, tmp_path)
    for words in (
        ("send", "L1", "--to", "u"),
        ("record", "L1"),
        ("record", "L1", "--person", "1"),
        ("record", "L1", "--person", "1", "--outcome", "lost"),
    ):
        assert home.run("lists", *words).code == 2
    missing = home.run("lists", "import", str(tmp_path / "none.csv"), "--from", "a", *BASIS)
    assert missing.code == 11


def test_a_guest_of_a_hotel_answers_a_request_and_is_known_on_a_list(
    home: SmallHome, tmp_path: Path
) -> None:
    """Through the channel's own mapping: one import of several tables is one answer."""
    asked = ("--from", "2022-07-01T00:00+08:00", "--to", "2022-07-08T00:00+08:00")
    due = ("--due", "2022-07-08T00:00+08:00")
    words = ("police", "--case", "C1", "--basis", "article 40", "--table", "presence")
    assert home.run("requests", "open", *words, *asked, *due, "--place", "hotel-12").code == 0
    sample = ROOT / "mappings" / "hotel-register" / "v1" / "sample.csv"
    register = tmp_path / "register.csv"
    text = sample.read_text(encoding="gb18030").replace("2022-09-", "2022-07-")
    for day in (19, 20):
        text = text.replace(f"2022-07-{day}", f"2022-07-{day - 16:02d}")
    register.write_text(text, encoding="gb18030")
    told = home.run("import", str(register), "--mapping", "hotel-register", "--json").json()
    done = home.run("requests", "answer", "R1", told["batch"][:12], "--json").json()
    assert (done["state"], done["rows"], done["rows_beyond_scope"]) == ("answered", 3, 0)
    expected = csv.DictReader(
        (sample.parent / "expected" / "identity.csv").read_text(encoding="utf-8").splitlines()
    )
    guest = {row["field"]: row["value"] for row in expected if row["person"] == "guest@2"}
    received = tmp_path / "list.csv"
    received.write_text(
        f"name,id_number\n{guest['name']},{guest['id_number']}\n王小明,{id_number(1)}\n",
        encoding="utf-8",
    )
    sender = ("--from", "carrier", *BASIS, "--json")
    figures = home.run("lists", "import", str(received), *sender).json()["funnel"]
    assert (figures["persons"], figures["known"]) == (2, 1)
    (known,) = home.run("lists", "persons", "L1", "--at", "known", "--json").json()
    assert known["person"] == 1
    assert known["known"][0].startswith("s")


def test_sheets_of_a_list_that_are_not_read_are_told(home: SmallHome, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(workbook(tmp_path)[0])
    more = book.create_sheet("续表")
    for row in (*ROWS[:3], ("乙-1", "赵霞", "女", "二代", id_number(5))):
        more.append(row)
    book.create_sheet("说明").append(["依据", "传染病防治法"])
    book.save(workbook(tmp_path)[0])
    said = receive(home, tmp_path).out
    assert "2 sheets were not read: 续表, 说明. If persons to check are in them" in said
    again = receive(home, tmp_path, "--json").json()
    assert (again["replayed"], again["unread"]) == (True, ["续表", "说明"])
    form = tmp_path / "form.yaml"
    form.write_text(FORM.replace("{header_row: 3", '{header_row: 3, sheet: "*"'), encoding="utf-8")
    told = receive(home, tmp_path, "--json").json()
    assert (told["list"], told["rows_in"], told["unread"]) == ("L2", 5, ["说明"])
    form.write_text(FORM.replace("ignored: [性别]", ""), encoding="utf-8")
    refused = receive(home, tmp_path)
    assert refused.code == 10
    assert "协查.xlsx/Sheet has 1 columns that are not known: 性别" in refused.err
