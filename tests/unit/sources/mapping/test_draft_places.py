"""Drafts of files that say where places lie: the datum is asked about, in both languages."""

from __future__ import annotations

import pytest

from ringfence.sources.mapping.drafting import Draft

from .drafts import channel, columns, doubts, drafted, table

HEADER = "场所编码,场所名称,{longitude},{latitude}\n"
ROWS = "A1,星光KTV,116.397477,39.908692\nA2,老王面馆 & 茶,116.403847,39.915526\n"


def register(longitude: str = "经度", latitude: str = "纬度", language: str = "en") -> Draft:
    header = HEADER.format(longitude=longitude, latitude=latitude)
    return drafted(header + ROWS, language=language)


def asks_for_the_datum(made: Draft) -> bool:
    return any(told.startswith("in which datum are the coordinates?") for told in doubts(made))


@pytest.mark.parametrize(
    ("longitude", "latitude"),
    [
        ("经度", "纬度"),
        ("lng", "lat"),
        ("Longitude", "Latitude"),
        ("LON", "LAT"),
        ("shop_lng", "shop_lat"),
        ("门店经度", "门店纬度"),
    ],
)
def test_a_register_of_places_is_asked_for_its_datum(longitude: str, latitude: str) -> None:
    made = register(longitude, latitude)
    assert columns(made)["lat"] == (latitude,)
    assert columns(made)["lon"] == (longitude,)
    assert channel(made).tables == ("place",)
    assert channel(made).records[0].datum == "wgs-84"
    assert asks_for_the_datum(made)
    assert not any("telephone" in told for told in doubts(made))
    assert "say of which kind each place is: rules depend on it" in doubts(made)


def test_in_chinese_too() -> None:
    made = register(language="zh")
    assert "# 存疑：坐标属于哪种坐标系？" in made.text
    assert "DOUBT" not in made.text


@pytest.mark.parametrize(
    ("longitude", "latitude", "datum"),
    [
        ("经度(GCJ02)", "纬度(GCJ02)", "gcj-02"),
        ("高德经度", "高德纬度", "gcj-02"),
        ("bd_lng", "bd_lat", "bd-09"),
        ("百度经度", "百度纬度", "bd-09"),
        ("百度经度", "高德纬度", "wgs-84"),
    ],
)
def test_what_the_header_says_is_taken_and_still_asked(
    longitude: str, latitude: str, datum: str
) -> None:
    made = register(longitude, latitude)
    assert channel(made).records[0].datum == datum
    assert asks_for_the_datum(made)


def test_the_name_beside_a_code_is_a_text() -> None:
    assert channel(register()).fields["place_name"].kind == "text"


def test_visits_with_a_position_tell_the_place_as_well() -> None:
    rows = ["2022-09-19 08:00,116.397477,39.908692", "2022-09-19 09:00,116.397477,39.908692"]
    made = drafted(table("时间,经度,纬度", *rows))
    assert channel(made).tables == ("subject", "place", "event")
    assert asks_for_the_datum(made)
    assert any("or where a person or telephone was?" in told for told in doubts(made))


@pytest.mark.parametrize("header", ["纬度", "flat", "how long ago", "late"])
def test_without_both_coordinates_nothing_is_asked(header: str) -> None:
    made = drafted(table(f"时间,{header}", "2022-09-19 08:00,39.9", "2022-09-19 09:00,39.9"))
    assert not asks_for_the_datum(made)
    assert "place" not in channel(made).tables
    assert header in channel(made).ignored
