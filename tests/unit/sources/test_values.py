"""What one value means, and what is said of one that means nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ringfence.errors import Text
from ringfence.records import TABLES, Column
from ringfence.sources import reasons
from ringfence.sources.frame import EPOCH, Frame
from ringfence.sources.reasons import RefusedError
from ringfence.sources.values import read_value

NOW = datetime(2022, 7, 20, tzinfo=UTC)
FRAME = Frame(ZoneInfo("Asia/Shanghai"), NOW)

INSTANTS = """
2022-07-01T08:00:00+08:00        2022-07-01T00:00:00
2022-07-01 08:00:00+08:00        2022-07-01T00:00:00
2022-07-01T08:00+0800            2022-07-01T00:00:00
2022-07-01T08:00:00+08           2022-07-01T00:00:00
2022-07-01T00:00:00Z             2022-07-01T00:00:00
2022-07-01T00:00:59.999999Z      2022-07-01T00:00:59
2022-07-01T00:00:59,5Z           2022-07-01T00:00:59
2022-07-01T14:00:00+14:00        2022-07-01T00:00:00
2022-06-30T10:00:00-14:00        2022-07-01T00:00:00
20220701T080000+0800             2022-07-01T00:00:00
2022-W26-5T08:00:00+08:00        2022-07-01T00:00:00
2020-02-29T00:00:00Z             2020-02-29T00:00:00
1969-12-31T23:59:59.5Z           1969-12-31T23:59:59
1900-01-01T00:00:00+08:00        1899-12-31T16:00:00
2022-07-22T00:00:00Z             2022-07-22T00:00:00
"""

NO_INSTANTS = """
2022-07-01T08:00:00              NO_OFFSET
2022-07-01 08:00                 NO_OFFSET
2022-07-01                       NO_TIME
2022-07-01T24:00:00+08:00        HOUR_24
2022-07-01T24:00Z                HOUR_24
2022-07-01T08:00:60Z             NOT_AN_INSTANT
2021-02-29T00:00:00Z             NOT_AN_INSTANT
2022-06-31T00:00:00Z             NOT_AN_INSTANT
2022-07-01x08:00:00Z             NOT_AN_INSTANT
2022-07-01T08:00:00 +08:00       NOT_AN_INSTANT
2022/07/01T08:00:00Z             NOT_AN_INSTANT
01.07.2022T08:00:00Z             NOT_AN_INSTANT
1656633600                       NOT_AN_INSTANT
tomorrow                         NOT_AN_INSTANT
2022-07-01T08:00:00+14:01        OFFSET_RANGE
2022-07-01T08:00:00-23:00        OFFSET_RANGE
0020-07-01T08:00:00+08:00        TOO_EARLY
0001-01-01T00:00:00+14:00        TOO_EARLY
1899-12-31T23:59:59Z             TOO_EARLY
2022-07-22T00:00:01Z             IN_THE_FUTURE
2102-07-01T08:00:00+08:00        IN_THE_FUTURE
9999-12-31T23:59:59-14:00        IN_THE_FUTURE
"""

KEYS = """
s1                                      accepted
张三单元-402                            accepted
3楼（东）#2                             accepted
550e8400-e29b-41d4-a716-446655440000    accepted
20220701-0001                           accepted
11010519491231002                       accepted
138001380001                            accepted
11010519491231002X                      ID_NUMBER
110105194912310021                      ID_NUMBER
１１０１０５１９４９１２３１００２Ｘ    ID_NUMBER
110105 19491231 002x                    ID_NUMBER
110105-19491231-0021                    ID_NUMBER
110105491231002                         ID_NUMBER
USA123456789012                         ID_NUMBER
13800138000                             PHONE
8613800138000                           PHONE
008613800138000                         PHONE
+8613800138000                          PHONE
138-0013-8000                           PHONE
+86 138 0013 8000                       PHONE
+4420794609                             PHONE
a.b@example.org                         EMAIL
=1+1                                    FORMULA
-1                                      FORMULA
@cmd                                    FORMULA
＝1                                     FORMULA
a,b                                     KEY_CHARACTER
a"b                                     KEY_CHARACTER
a|b                                     KEY_CHARACTER
unknown                                 EMPTY
UNKNOWN                                 EMPTY
"""


def rows(table: str) -> list[tuple[str, str]]:
    lines = [line for line in table.splitlines() if line.strip()]
    return [(line.rsplit(None, 1)[0].strip(), line.rsplit(None, 1)[1]) for line in lines]


def column(table: str, name: str) -> Column:
    return TABLES[table].column(name)


def refusal(of: Column, text: str) -> object:
    with pytest.raises(RefusedError) as caught:
        read_value(of, text, FRAME)
    return caught.value.reason


@pytest.mark.parametrize(("text", "meaning"), rows(INSTANTS))
def test_instants(text: str, meaning: str) -> None:
    read = read_value(column("presence", "start"), text, FRAME)
    assert isinstance(read, int)
    assert EPOCH + timedelta(microseconds=read) == datetime.fromisoformat(meaning + "+00:00")


@pytest.mark.parametrize(("text", "reason"), rows(NO_INSTANTS))
def test_what_is_no_instant(text: str, reason: str) -> None:
    assert refusal(column("presence", "start"), text) == getattr(reasons, reason)


def test_what_may_come_may_lie_ten_years_ahead() -> None:
    end = column("presence", "end")
    assert read_value(end, "2032-07-01T00:00:00Z", FRAME)
    assert refusal(end, "2032-07-21T00:00:00Z") == reasons.TOO_FAR_AHEAD
    assert refusal(end, "2102-07-01T00:00:00Z") == reasons.TOO_FAR_AHEAD


@pytest.mark.parametrize(("text", "verdict"), rows(KEYS))
def test_keys_of_persons(text: str, verdict: str) -> None:
    subject = column("presence", "subject")
    if verdict == "accepted":
        assert read_value(subject, text, FRAME) == text
    else:
        assert refusal(subject, text) == getattr(reasons, verdict)


def test_a_key_ends_with_no_space_and_within_128_characters() -> None:
    subject = column("presence", "subject")
    assert refusal(subject, " s1") == reasons.EDGE_SPACE
    assert refusal(subject, "s1 ") == reasons.EDGE_SPACE
    assert read_value(subject, "号" * 128, FRAME)
    assert refusal(subject, "号" * 129) == reasons.KEY_LENGTH


def test_a_place_may_have_a_number_of_any_shape() -> None:
    assert read_value(column("presence", "place"), "13800138000", FRAME) == "13800138000"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("two\nlines", reasons.LINE_BREAK),
        ("nul\0", reasons.NUL),
        ("bell\x07", reasons.CONTROL),
        ("back\u202eward", reasons.CONTROL),
        ("=HYPERLINK(1)", reasons.FORMULA),
        ("  +1", reasons.FORMULA),
        ("\ttab", reasons.CONTROL),
        ("字" * 1001, reasons.TEXT_LENGTH),
    ],
)
def test_what_a_text_may_not_hold(text: str, reason: object) -> None:
    assert refusal(column("place", "name"), text) == reason


@pytest.mark.parametrize("text", ["老王烧烤（东门店）", "Café №5 & Sons", "a" * 1000, "50% off"])
def test_what_a_text_may_hold(text: str) -> None:
    assert read_value(column("place", "name"), text, FRAME) == text


@pytest.mark.parametrize("text", ["true", "TRUE", "yes", "1", "Y", "t", "是"])
def test_words_for_true(text: str) -> None:
    assert read_value(column("presence", "mask"), text, FRAME) is True


@pytest.mark.parametrize("text", ["false", "No", "0", "n", "F", "否"])
def test_words_for_false(text: str) -> None:
    assert read_value(column("presence", "mask"), text, FRAME) is False


@pytest.mark.parametrize("text", ["", "unknown", "Unknown", "  "])
def test_words_for_unknown(text: str) -> None:
    assert read_value(column("presence", "mask"), text, FRAME) is None
    assert read_value(column("presence", "end"), text, FRAME) is None
    assert refusal(column("presence", "start"), text) == reasons.EMPTY


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("1.5", 1.5),
        ("0", 0.0),
        (".5", 0.5),
        ("2e2", 200.0),
        ("-0.1", reasons.NEGATIVE),
        ("1,5", reasons.NOT_A_NUMBER),
        ("1_0", reasons.NOT_A_NUMBER),
        ("nan", reasons.NOT_A_NUMBER),
        ("inf", reasons.NOT_A_NUMBER),
        ("2 m", reasons.NOT_A_NUMBER),
        ("１", reasons.NOT_A_NUMBER),
        ("9" * 400, reasons.NOT_A_NUMBER),
    ],
)
def test_distances(text: str, verdict: object) -> None:
    distance = column("encounter", "distance_m")
    if isinstance(verdict, float):
        assert read_value(distance, text, FRAME) == verdict
    else:
        assert refusal(distance, text) == verdict


def test_bounds_and_words_are_told() -> None:
    too_far = refusal(column("encounter", "distance_m"), "1001")
    assert too_far == reasons.out_of_bounds(column("encounter", "distance_m"))
    relation = refusal(column("link", "relation"), "friend")
    assert "household" in str(relation)
    assert "friend" not in str(relation)


def test_a_moment_is_a_local_day_or_an_instant() -> None:
    at = column("case_event", "at")
    midnight = int(datetime(2022, 6, 30, 16, tzinfo=UTC).timestamp()) * 1_000_000
    assert read_value(at, "2022-07-01", FRAME) == (midnight, "day")
    assert read_value(at, "2022-07-01T00:00:00+08:00", FRAME) == (midnight, "instant")
    assert refusal(at, "2022-02-30") == reasons.NOT_A_MOMENT
    assert refusal(at, "2022-07-23") == reasons.IN_THE_FUTURE


def test_a_date_is_written_in_one_way() -> None:
    day = column("vaccination", "date")
    assert read_value(day, "2022-07-01", FRAME) == date(2022, 7, 1)
    for text in ("20220701", "2022-W26-5", "1/7/2022", "2022-02-29", "2022-07-01T00:00:00Z"):
        assert refusal(day, text) == reasons.NOT_A_DATE
    assert refusal(day, "0020-07-01") == reasons.TOO_EARLY
    assert refusal(day, "2102-07-01") == reasons.IN_THE_FUTURE


def test_several_words_are_separated_by_semicolons() -> None:
    places = column("area", "places")
    assert read_value(places, "p1; p2;p3", FRAME) == ["p1", "p2", "p3"]
    assert refusal(column("area", "cases"), "c1;13800138000") == reasons.PHONE


def test_every_reason_is_told_in_both_languages_and_none_shows_a_value() -> None:
    texts = [text for text in vars(reasons).values() if isinstance(text, Text)]
    assert len(texts) > 20
    for text in texts:
        assert text.en
        assert any("\u4e00" <= sign <= "\u9fff" for sign in text.zh)
