"""`ringfence identity`, as a user calls it."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path

import pytest
from tests.unit.identity.homes import identity_number, told

from ringfence import audit, lake
from ringfence.cli.main import main

from .small_home import NOON, SmallHome

LATER = "2022-07-07T13:00:00+08:00"
AFTER = "2022-07-08T12:00:00+08:00"
NUMBER = identity_number()


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    return SmallHome(tmp_path, capsys)


def opened(home: SmallHome) -> lake.Home:
    return lake.open_home(home.folder)


def contacts(home: SmallHome, *words: str) -> list[str]:
    found = home.run("trace", "C1", "--json", *words, clock=AFTER).json()
    return sorted(contact["person"] for contact in found["contacts"])


def test_merge_and_split_say_what_they_changed(home: SmallHome) -> None:
    done = home.run("identity", "merge", "p3", "p2", "--reason", "same card", "--json", clock=LATER)
    assert done.json()["persons"] == {"p2": ["p2", "p3"]}
    changes = [(c["case"], c["person"], c["change"]) for c in done.json()["contacts"]]
    assert changes == [("C1", "p2", "changed"), ("C1", "p3", "dropped")]
    assert contacts(home) == ["p2"]
    assert contacts(home, "--as-of", "2022-07-07T12:59:00+08:00") == ["p2", "p3"]
    done = home.run("identity", "split", "p2", "--reason", "his brother", clock=AFTER)
    assert done.out.splitlines()[:3] == ["Act 2. Persons now:", "  p2: p2", "  p3: p3"]
    assert contacts(home) == ["p2", "p3"]
    done = home.run("identity", "undo", "2", "--reason", "not his brother", "--json", clock=AFTER)
    assert done.json()["persons"] == {"p2": ["p2", "p3"]}
    assert contacts(home) == ["p2"]


def test_a_merge_into_the_case_takes_the_contact_away(home: SmallHome) -> None:
    done = home.run("identity", "merge", "p1", "p3", "--reason", "same card")
    assert "C1  p3  dropped" in done.out
    assert contacts(home) == ["p2"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["merge", "p1", "nobody", "--reason", "r"], 11, "no record speaks of nobody"),
        (["merge", "p1", "--reason", "r"], 2, "name 2 or more subjects"),
        (["merge", "p1", "p2", "--reason", " "], 2, "a reason is needed"),
        (["merge", "p1", "p2"], 2, "--reason"),
        (["split", "p1", "--reason", "r"], 10, "nothing to split"),
        (["undo", "4", "--reason", "r"], 11, "no act 4"),
        (["merge", "p1", "p2", "--reason", "call 13800138000"], 12, "the reason seems to hold"),
        (["table", "--format", "xml"], 2, "--format is table or csv"),
        (["complete", "p1", "--case", "C1", "--purpose", "call him"], 11, "no vault yet"),
    ],
)
def test_what_is_refused(home: SmallHome, words: list[str], code: int, said: str) -> None:
    answer = home.run("identity", *words)
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert home.run("identity", "table", "--json").json() == []


def test_a_merge_explains_itself(home: SmallHome) -> None:
    home.run("identity", "merge", "p3", "p2", "--reason", "same card")
    found = home.run("identity", "explain", "p3").out.splitlines()
    assert found[0] == "Person p2: p2, p3"
    assert found[1].startswith("  1  2022-07-07 12:00  merge  ")
    assert found[1].endswith(": p3 | p2: same card")
    home.run("identity", "undo", "1", "--reason", "wrong card")
    found = home.run("identity", "explain", "p3").out.splitlines()
    assert found[0] == "p3 is merged with nobody."
    assert "merge (counts no more)" in found[1]
    assert found[2].startswith("  2  ") and found[2].endswith(": 1: wrong card")
    assert home.run("identity", "explain", "p9", "--json").json()["subjects"] == ["p9"]


def test_why_somebody_is_a_contact_can_be_asked_by_any_subject(home: SmallHome) -> None:
    home.run("identity", "merge", "p3", "p2", "--reason", "same card")
    lines = home.run("explain", "C1", "p3").out.splitlines()
    assert lines[0] == "p3 is a subject of the person p2."
    assert lines[1].startswith("p2: close contact of case C1")
    home.run("identity", "merge", "p1", "p9", "--reason", "same card")
    assert "p1 is the person of case C1" in home.run("explain", "C1", "p9").out


def test_the_table_is_numbers_only(home: SmallHome) -> None:
    home.deliver("presence", 'subject,place,start,end\n"a (1)",K,2022-07-04T20:00:00+08:00,\n')
    home.run("identity", "merge", "p3", "a (1)", "--reason", "same card")
    answer = home.run("identity", "table", "--format", "csv")
    assert list(csv.reader(io.StringIO(answer.out))) == [
        ["subject", "person"],
        ["a (1)", "a (1)"],
        ["p3", "a (1)"],
    ]


def test_links_come_from_the_vault_and_go_with_their_batch(home: SmallHome) -> None:
    told(opened(home), "hotel", {"p2": {"id_number": NUMBER, "name": "王小明"}})
    rail = told(opened(home), "rail", {"p3": {"id_number": NUMBER}}, source="rail")
    done = home.run("identity", "link", "--json").json()
    assert (done["begun"], done["ended"], done["conflicts"]) == (1, 0, [])
    assert contacts(home) == ["p2"]
    assert "hotel hotel.csv" in home.run("identity", "explain", "p2").out
    done = home.run("lake", "withdraw", rail, "--reason", "wrong file", "--json").json()
    assert [(c["person"], c["change"]) for c in done["contacts"]] == [
        ("p2", "changed"),
        ("p3", "new"),
    ]
    assert contacts(home) == ["p2", "p3"]


def test_what_is_in_doubt_is_listed(home: SmallHome) -> None:
    told(opened(home), "hotel", {"p2": {"id_number": NUMBER, "name": "王小明"}})
    told(opened(home), "rail", {"p3": {"id_number": NUMBER, "name": "李雷"}}, source="rail")
    assert "1 need a look" in home.run("identity", "link").out
    answer = home.run("identity", "conflicts")
    assert answer.out == "p2, p3: names are far from each other\n"
    assert home.run("identity", "conflicts", "--json").json() == [
        {"kinds": ["name"], "subjects": ["p2", "p3"], "linked": False}
    ]
    assert contacts(home) == ["p2", "p3"]


def test_a_record_is_completed_when_it_is_read(home: SmallHome) -> None:
    told(opened(home), "hotel", {"p2": {"id_number": NUMBER, "name": "王小明", "sex": "female"}})
    told(opened(home), "rail", {"p3": {"phone": "+8613800138000", "name": "李雷"}}, source="rail")
    home.run("identity", "merge", "p2", "p3", "--reason", "asked him")
    asked = ["identity", "complete", "p2", "--case", "C1", "--purpose", "to call him"]
    found = {one["field"]: one for one in home.run(*asked, "--json").json()}
    assert {name: (one["value"], one["how"], one["subject"]) for name, one in found.items()} == {
        "name": ("王小明", "stated", "p2"),
        "sex": ("female", "stated", "p2"),
        "birth_date": ("1990-03-07", "number", "p2"),
        "region": ("000101", "number", "p2"),
        "id_number": (NUMBER, "stated", "p2"),
        "phone": ("+8613800138000", "channel", "p3"),
    }
    assert [one["value"] for one in found["sex"]["otherwise"]] == ["male"]
    assert [one["value"] for one in found["name"]["otherwise"]] == ["李雷"]
    shown = home.run(*asked).out
    assert "! sex: male  [by the number: p2, hotel" in shown
    rows = [e for e in audit.entries(opened(home)) if e.act == "identity.complete"]
    assert [(e.state, dict(e.about)) for e in rows[:2]] == [
        ("intended", {"subject": "p2", "case": "C1", "purpose": "to call him"}),
        ("done", {"fields": "6"}),
    ]


def test_completing_needs_a_case_and_a_purpose(home: SmallHome) -> None:
    told(opened(home), "hotel", {"p2": {"name": "王小明"}})
    for case, purpose, code in (("C9", "to call him", 11), ("C1", " ", 2), ("C2", "x", 12)):
        words = ["identity", "complete", "p2", "--case", case, "--purpose", purpose]
        assert home.run(*words).code == code


def test_a_subject_file_is_enough_to_link(home: SmallHome) -> None:
    head = "subject,name,sex,birth_date,id_kind,id_number,phone,address\n"
    rows = f"p2,王小明,male,1990-03-07,resident,{NUMBER},,\n"
    rows += f"p3,Wang Xiaoming,,,resident,{NUMBER},,\n"
    assert home.deliver("subject", head + rows).code == 0
    assert home.run("identity", "link", "--json").json()["begun"] == 1
    assert contacts(home) == ["p2"]


def test_the_times_of_acts_are_those_of_the_home(home: SmallHome) -> None:
    done = home.run("identity", "merge", "p3", "p2", "--reason", "same card", "--json").json()
    assert datetime.fromisoformat(done["at"]) == datetime.fromisoformat(NOON)


def subject_file(*rows: str) -> str:
    head = "subject,name,sex,birth_date,id_kind,id_number,phone,address\n"
    return head + "".join(f"{row}\n" for row in rows)


def warnings(home: SmallHome, *words: str) -> list[str]:
    found: list[str] = home.run("trace", "C1", "--json", *words, clock=AFTER).json()["warnings"]
    return [warning for warning in found if "identity link" in warning]


def in_chinese(home: SmallHome, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    main([*words, "--home", str(home.folder), "--clock", AFTER, "--lang", "zh"])
    return capsys.readouterr().out


def test_an_import_tells_who_is_not_linked_yet(
    home: SmallHome, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = home.deliver("subject", subject_file(f"p2,王小明,,,resident,{NUMBER},,"))
    assert "unlinked_subjects" not in first.json()
    file = tmp_path / "more.csv"
    file.write_text(subject_file(f"p3,,,,resident,{NUMBER},,", "p9,李雷,,,,,,"), encoding="utf-8")
    words = ("import", str(file), "--as", "subject", "--source", "clinic")
    for shown, said in (
        (home.run(*words).out, "1 subject of this batch bears a number that others bear too"),
        (in_chinese(home, capsys, *words), "有 1 个人员编号的证件号码与其他编号相同，尚未关联"),
    ):
        last = shown.splitlines()[-1]
        assert said in last and "`ringfence identity link`" in last
    told = home.run(*words, "--json").json()
    assert (told["unlinked_subjects"], told["next"]) == (1, "ringfence identity link")
    assert home.run("identity", "link", "--json").json()["begun"] == 1
    again = home.run(*words)
    assert "ringfence identity link" not in again.out
    assert "unlinked_subjects" not in home.run(*words, "--json").json()


def test_a_receipt_is_shown_where_the_vault_cannot_be_read(
    home: SmallHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.deliver("subject", subject_file(f"p2,王小明,,,resident,{NUMBER},,"))
    monkeypatch.setenv("RINGFENCE_MASTER_KEY", str(tmp_path / "gone.key"))
    again = home.deliver("subject", subject_file(f"p2,王小明,,,resident,{NUMBER},,"))
    assert (again.code, again.json()["replayed"]) == (0, True)
    assert "could not be looked up" in again.err


def test_a_trace_warns_of_subjects_of_the_case_that_are_not_linked(
    home: SmallHome, capsys: pytest.CaptureFixture[str]
) -> None:
    assert warnings(home) == []
    told(opened(home), "hotel", {"p1": {"id_number": NUMBER, "name": "王小明"}})
    assert warnings(home) == []
    told(opened(home), "rail", {"p3": {"id_number": NUMBER}}, source="rail")
    assert warnings(home) == [
        "Case C1: 1 subject bears a number of p1 and would be linked with it (p3); what is "
        "recorded of them is not in this trace. Run `ringfence identity link`, then trace again."
    ]
    assert "病例 C1：另有 1 个编号与 p1 证件号码相同" in in_chinese(home, capsys, "trace", "C1")
    assert warnings(home, "--as-of", "2022-07-07T12:59:00+08:00") == []
    shown = home.run("trace", "C1", clock=AFTER)
    assert "would be linked" in shown.out and "王小明" not in shown.out and NUMBER not in shown.out
    answer = home.run("trace", "C1", "--format", "csv", clock=AFTER)
    assert "would be linked" in answer.err and "would be linked" not in answer.out
    home.run("identity", "link")
    assert warnings(home) == []


def test_a_trace_warns_of_bearers_of_the_number_who_are_in_dispute(
    home: SmallHome, capsys: pytest.CaptureFixture[str]
) -> None:
    told(opened(home), "hotel", {"p1": {"id_number": NUMBER, "name": "王小明"}})
    told(opened(home), "rail", {"p3": {"id_number": NUMBER, "name": "李雷"}}, source="rail")
    home.run("identity", "link")
    (warning,) = (
        one
        for one in home.run("trace", "C1", "--json", clock=AFTER).json()["warnings"]
        if "identity conflicts" in one
    )
    assert warning.startswith("Case C1: 1 subject bears a number of p1 (p3), but something speaks")
    assert "信息有矛盾" in in_chinese(home, capsys, "trace", "C1")
    home.run("identity", "merge", "p1", "p3", "--reason", "asked both")
    assert "identity conflicts" not in home.run("trace", "C1", clock=AFTER).out


def test_a_trace_is_given_where_the_vault_cannot_be_read(
    home: SmallHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(opened(home), "hotel", {"p1": {"id_number": NUMBER}})
    monkeypatch.setenv("RINGFENCE_MASTER_KEY", str(tmp_path / "gone.key"))
    found = home.run("trace", "C1", "--json", clock=AFTER)
    assert found.code == 0
    assert any("could not be looked up" in warning for warning in found.json()["warnings"])


def test_an_import_through_a_mapping_tells_it_too(home: SmallHome, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    head = "序号,旅馆编码,旅馆名称,姓名,证件类型,证件号码,联系电话,入住日期,入住时间,"
    head += "离店时间,房号,状态,备注"
    stay = f"1,H0001,旅馆,王小明,身份证,{NUMBER},,2022-07-01,20:00,2022-07-02 08:00,101,已离店,"
    file.write_text(f"{head}\r\n{stay}\r\n", encoding="gb18030")
    words = ("import", str(file), "--mapping", "hotel-register", "--json", "--source")
    assert "unlinked_subjects" not in home.run(*words, "hotels-east").json()
    assert "unlinked_subjects" not in home.run(*words, "hotels-west", "--dry-run").json()
    assert home.run(*words, "hotels-west").json()["unlinked_subjects"] == 1
