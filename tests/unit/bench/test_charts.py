"""Charts: whole SVG, the same for the same values, with every name and value in it."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from bench.charts.kinds import bars, lines
from bench.charts.scales import logarithmic, number, plain

_SERIES = {"listed <1": [(0.0, 0.2), (0.5, 0.4), (1.0, 1.0)], "with review": [(0.0, 0.3)]}


def test_lines_are_well_formed_and_escaped() -> None:
    chart = lines("A & B", _SERIES, x_title="coverage", y_title="recall", y_top=1)
    root = ET.fromstring(chart)
    told = "".join(root.itertext())
    assert "A & B" in told
    assert "listed <1" in told
    assert len(root.findall(".//{*}polyline")) == 1  # one point makes no line


def test_bars_tell_every_value() -> None:
    groups = {"1M": {"program": 12.0, "other": 340.0}, "10M": {"program": 20.0}}
    root = ET.fromstring(bars("Times", groups, x_title="ms", x_log=True))
    told = {element.text for element in root.iter() if element.text}
    assert {"12", "340", "20", "1M", "10M", "program", "other"} <= told


def test_same_values_same_bytes() -> None:
    one, two = (lines("t", _SERIES, x_title="x", y_title="y") for _ in range(2))
    assert one == two


def test_nothing_above_nought_can_still_be_drawn() -> None:
    assert ET.fromstring(lines("t", {"none": [(0.0, 0.0), (1.0, 0.0)]}, x_title="x", y_title="y"))
    assert ET.fromstring(bars("t", {"a": {"b": 0.0}}, x_title="x", x_log=True))


def test_scales_reach_round_values() -> None:
    assert plain([3.0, 97.0]).ticks == (0, 20, 40, 60, 80, 100)
    assert plain([0.2], top=1).ticks == pytest.approx((0, 0.2, 0.4, 0.6, 0.8, 1))
    assert logarithmic([12, 340]).ticks == (10, 100, 1000)
    assert logarithmic([12, 340]).at(100, 0, 200) == pytest.approx(100)


def test_numbers_as_an_axis_tells_them() -> None:
    assert [number(n) for n in (0.25, 1000, 20_000, 3_000_000)] == ["0.25", "1,000", "20 k", "3 M"]
