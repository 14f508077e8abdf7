"""Who is named is found, hidden by signs of the same length, and becomes part of no event."""

from __future__ import annotations

from datetime import date

import pytest

from ringfence.narratives.identities import Named, identities_in
from ringfence.narratives.telling import read
from ringfence.narratives.text import Narrative

WRITTEN = date(2022, 7, 12)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("身份证号000101199001011012，", [("id_number", "000101199001011012")]),
        ("０００１０１１９９００１０１１０１２", [("id_number", "000101199001011012")]),
        ("身份证000101 19900101 1012", [("id_number", "000101 19900101 1012")]),
        ("电话138-0000-0000。", [("phone", "138-0000-0000")]),
        ("13800\u200b000000", [("phone", "13800000000")]),
        ("微信号：nobody_1", [("phone", "nobody_1")]),
        ("乘坐京A12345出租车", [("plate", "京A12345")]),
        ("护照E12345678", [("id_number", "E12345678")]),
        ("姓名：单雄信，", [("name", "单雄信")]),
        ("同事李甲一起吃饭，李甲未戴口罩", [("name", "李甲"), ("name", "李甲")]),
        ("妻子王乙丙（电话不详）", [("name", "王乙丙")]),
        ("Mr Example said", [("name", "Example")]),
        ("her colleague Ann Example", [("name", "Ann Example")]),
        ("write to nobody@example.org", [("email", "nobody@example.org")]),
    ],
)
def test_what_names_somebody(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.kind, one.value) for one in identities_in(Narrative(text))] == found


@pytest.mark.parametrize(
    "text",
    [
        "7月8日8时30分乘坐G1234次列车（07车12F座）",
        "与同事一起在朋友家吃饭",
        "张某、李女士、患者于7月8日",
        "消费128.50元，房号1203，订单20220708",
        "the driver at Dr Example Clinic",
        "2022-07-08 0830-1200",
    ],
)
def test_what_names_nobody(text: str) -> None:
    assert identities_in(Narrative(text)) == []


def test_what_is_hidden_is_as_long_and_in_no_event() -> None:
    text = "7月8日9时与同事李甲（13800000001，京A12345）在李甲家吃饭。联系李甲 000101199001011012。"
    reading = read(text, WRITTEN)
    assert len(reading.shown) == len(text)
    said = repr((reading.events, reading.not_understood, reading.shown))
    assert not any(word in said for word in ("李甲", "1380", "京A12345", "0001011990"))
    assert "李甲" not in repr(reading)


def test_what_is_said_of_one_person_is_put_together() -> None:
    text = (
        "7月8日与同事李甲（电话13800000001）吃饭，李甲身份证000101199001011012。"
        "妻子王乙，13900000002。"
    )
    first, second = read(text, WRITTEN).people
    assert first == Named(7, "colleague", "李甲", "000101199001011012", "13800000001")
    assert (second.relation, second.name, second.phone) == ("spouse", "王乙", "13900000002")


def test_the_case_itself_has_no_relation() -> None:
    (own,) = read("患者单雄信（男，34岁，身份证号000101199001011012）", WRITTEN).people
    assert (own.relation, own.name) == (None, "单雄信")
