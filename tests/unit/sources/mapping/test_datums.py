"""Positions of Chinese maps become WGS-84; what is no position is set aside."""

from __future__ import annotations

import math
from collections.abc import Mapping

import geocoordinates_ffi as library
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ringfence.sources.mapping.applying import Applied
from ringfence.sources.mapping.model import DATUMS

from .channels import applied, channel, rows_of
from .test_reading import told

METRES_A_DEGREE = 111_195
SHOPS = """
mapping: shops
version: 1
title: {en: Shops, zh: 商店}
origin: {en: made up, zh: 虚构}
zone: Asia/Shanghai
fields:
  shop: {column: 编码, as: key}
  lat: {column: 纬度, as: number, optional: true}
  lon: {column: 经度, as: number, optional: true}
records:
  - table: place
    datum: gcj-02
    columns:
      place: {field: shop}
      kind: {text: shop}
      name: {text: a shop}
      lat: {field: lat}
      lon: {field: lon}
"""


def shops(*positions: tuple[str | None, str | None], datum: str = "gcj-02") -> Applied:
    rows = [
        {"编码": str(number), "纬度": latitude, "经度": longitude}
        for number, (latitude, longitude) in enumerate(positions)
    ]
    return applied(rows, SHOPS.replace("gcj-02", datum))


def position(latitude: float, longitude: float, datum: str) -> tuple[float, float]:
    (row,) = rows_of(shops((f"{latitude:.9f}", f"{longitude:.9f}"), datum=datum), "place")
    lat, lon = row["lat"], row["lon"]
    assert isinstance(lat, float)
    assert isinstance(lon, float)
    return lat, lon


def metres(one: tuple[float, float], two: tuple[float, float]) -> float:
    """Over some kilometres at most."""
    east = (one[1] - two[1]) * math.cos(math.radians(one[0]))
    return math.hypot(one[0] - two[0], east) * METRES_A_DEGREE


PUBLISHED = [
    # Amap's example of its own conversion; how near its six digits are.
    ("gcj-02", (39.991754, 116.487586), (39.990475, 116.481499), 0.2),
    ("bd-09", (39.997716, 116.494120), (39.990475, 116.481499), 0.2),
    # geoChina's example, Beijing railway station, in five digits.
    ("gcj-02", (39.90245, 116.42703), (39.90105, 116.42079), 2),
    # Amap's point of Tiananmen, and Wikipedia's of the gate: not the same stone of it.
    ("gcj-02", (39.908692, 116.397477), (39.907333, 116.391083), 20),
    ("wgs-84", (39.907333, 116.391083), (39.907333, 116.391083), 0.001),
]


@pytest.mark.parametrize(("datum", "given_as", "wgs84", "within"), PUBLISHED)
def test_published_points(
    datum: str, given_as: tuple[float, float], wgs84: tuple[float, float], within: float
) -> None:
    assert metres(position(*given_as, datum), wgs84) <= within


@pytest.mark.parametrize("datum", DATUMS)
@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("48.8584", "2.2945"),
        ("-33.8568", "151.2153"),
        ("35.6586", "139.7454"),
        ("0", "0"),
        ("90", "180"),
        ("-90", "-180"),
    ],
)
def test_abroad_nothing_is_shifted(datum: str, latitude: str, longitude: str) -> None:
    (row,) = rows_of(shops((latitude, longitude), datum=datum), "place")
    assert (row["lat"], row["lon"]) == (float(latitude), float(longitude))


@settings(max_examples=100, deadline=None)
@given(st.floats(18.2, 53.5), st.floats(73.6, 134.7), st.sampled_from(["gcj-02", "bd-09"]))
def test_there_and_back_is_less_than_a_metre(lat: float, lon: float, datum: str) -> None:
    """The way there has no iteration: it is the definition."""
    to_map = library.wgs84_to_gcj02 if datum == "gcj-02" else library.wgs84_to_bd09
    shown = to_map(library.Wgs84(lat=lat, lon=lon))
    assert metres(position(shown.lat, shown.lon, datum), (lat, lon)) < 1


@settings(max_examples=100, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(["gcj-02", "bd-09"]))
def test_elsewhere_positions_stay(lat: float, lon: float, datum: str) -> None:
    assume(not (0.8 <= lat <= 55.9 and 72 <= lon <= 137.9))
    assert metres(position(lat, lon, datum), (lat, lon)) < 0.001


def test_no_position_is_no_fault() -> None:
    (row,) = rows_of(shops((None, None)), "place")
    assert (row["lat"], row["lon"]) == (None, None)


HOSTILE: Mapping[str, tuple[str | None, str | None, str, str]] = {
    "only the latitude": ("39.9", None, "经度", "is empty beside the other coordinate"),
    "only the longitude": (None, "116.4", "纬度", "is empty beside the other coordinate"),
    "swapped": ("116.4", "39.9", "纬度", "is outside -90 … 90 degree"),
    "beyond the date line": ("39.9", "180.5", "经度", "is outside -180 … 180 degree"),
    "not a number": ("NaN", "116.4", "纬度", "is not a number"),
    "infinite": ("39.9", "inf", "经度", "is not a number"),
    "words": ("北纬39度", "116.4", "纬度", "is not a number"),
    "degrees and minutes": ("39°54′", "116.4", "纬度", "is not a number"),
    "a power of ten": ("3.99e1", "116.4", "纬度", "is not a number"),
    "both in one": ("39.9,116.4", "116.4", "纬度", "is not a number"),
    "a formula": ("=39.9", "116.4", "纬度", "is not a number"),
    "a very large number": ("9" * 40, "116.4", "纬度", "is outside -90 … 90 degree"),
}


@pytest.mark.parametrize("datum", DATUMS)
@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_position_sets_its_row_aside(name: str, datum: str) -> None:
    latitude, longitude, field, reason = HOSTILE[name]
    found = shops(("39.9", "116.4"), (latitude, longitude), datum=datum)
    (reject,) = found.rejects
    assert (reject.row, reject.field) == (3, field)
    assert reason in reject.reason.en
    assert any("\u4e00" <= sign <= "\u9fff" for sign in reject.reason.zh)
    assert len(rows_of(found, "place")) == 1


def test_without_a_word_positions_are_wgs84() -> None:
    plain = SHOPS.replace("    datum: gcj-02\n", "")
    assert channel(plain).records[0].datum == "wgs-84"
    (row,) = rows_of(applied([{"编码": "1", "纬度": "39.9", "经度": "116.4"}], plain), "place")
    assert (row["lat"], row["lon"]) == (39.9, 116.4)


LAT, LON = "      lat: {field: lat}\n", "      lon: {field: lon}\n"
SLIPS = {
    "an unknown datum": (
        "datum: gcj-02",
        "datum: gcj02",
        "this is not a datum of positions; write one of: gcj-02, bd-09, wgs-84",
    ),
    "half a position": (LON, "", "a position needs both, `lat` and `lon`"),
    "a datum of no position": (
        LAT + LON,
        "",
        "`datum` belongs to a record of which fields fill `lat` and `lon`",
    ),
    "a datum of a fixed position": (
        LAT + LON,
        LAT.replace("{field: lat}", '{text: "39.9"}') + LON,
        "`datum` belongs to a record of which fields fill `lat` and `lon`",
    ),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_told(name: str) -> None:
    right, wrong, message = SLIPS[name]
    assert right in SHOPS
    assert message in told(SHOPS.replace(right, wrong))


def test_every_datum_that_exists_is_named() -> None:
    said = told(SHOPS.replace("gcj-02", "cgcs2000"))
    assert all(datum in said for datum in DATUMS)
