"""Counts of a hand-made city, and the page and lines that tell of them."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfence.errors import DataError, Text
from ringfence_city.answers.city_folder import CityFolder, open_city
from ringfence_city.describe.charts import WIDTHS, Series, columns, curve, highest
from ringfence_city.describe.counting import describe
from ringfence_city.describe.description import Description
from ringfence_city.describe.page import page
from ringfence_city.describe.summary import sparks, summary


def at(day: int, hour: int) -> datetime:
    """September 2022, local time of the city."""
    return datetime.fromisoformat(f"2022-09-{day:02d}T{hour:02d}:00:00+08:00").astimezone(UTC)


@pytest.fixture
def city(tmp_path: Path) -> CityFolder:
    """Three who live together and one alone, over a Friday and a Saturday."""

    def write(path: str, **columns: Any) -> None:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(columns), tmp_path / path)

    people = ["p1", "p2", "p3", "p4"]
    write(
        "identity/subject/subject-000.parquet",
        subject=people,
        sex=["male", "female", "female", "male"],
        birth_date=[date(1952, 9, 16), date(1952, 9, 17), date(2022, 1, 1), date(1920, 5, 5)],
    )
    write("answers/subject.parquet", subject=people)
    write("answers/place.parquet", place=["h", "r"], kind=["home", "restaurant"])
    write(
        "answers/presence/presence-000-000.parquet",
        subject=["p1", "p2", "p1", "p1"],
        place=["h", "r", "r", "r"],
        start=[at(16, 7), at(16, 12), at(16, 12), at(17, 18)],
        end=[at(16, 9), at(16, 13), at(16, 13), at(17, 19)],
    )
    write(
        "answers/link.parquet",
        subject_a=["p1", "p1", "p2", "p1"],
        subject_b=["p2", "p3", "p3", "p4"],
        relation=["household", "household", "household", "colleague"],
    )
    write("answers/case.parquet", case=["C1"], subject=["p1"])
    write(
        "answers/case_event.parquet",
        case=["C1", "C1"],
        kind=["onset", "report"],
        at=["2022-09-16", "2022-09-17T18:00:00+08:00"],
    )
    write(
        "answers/infection.parquet",
        infectee=["p1", "p2"],
        infector=[None, "p1"],
        at=[at(13, 1), at(16, 12)],
    )
    write("deliveries/gates/e.parquet", subject=["p1", "p1"], place=["r", "r"])
    head = "received,channel,table,path,rows"
    lines = f"{head}\n2022-09-17T06:00:00+08:00,gates,event,deliveries/gates/e.parquet,2\n"
    (tmp_path / "deliveries" / "files.csv").write_text(lines, encoding="utf-8")
    told = {"format": 1, "first_day": "2022-09-16", "parameters": {"days": 2, "seed": 5}}
    (tmp_path / "city.json").write_text(json.dumps(told), encoding="utf-8")
    return open_city(tmp_path)


@pytest.fixture
def told(city: CityFolder) -> Description:
    return describe(city)


def test_people(told: Description) -> None:
    """On 16 September p1 turns 70, and p2 is still 69."""
    assert told.people == 4
    assert {n: count for n, count in enumerate(told.male) if count} == {14: 1, 17: 1}
    assert {n: count for n, count in enumerate(told.female) if count} == {13: 1, 0: 1}
    assert told.households[:4] == (1, 0, 1, 0)
    assert told.household_size == 2


def test_visits(told: Description) -> None:
    kinds = {kind.kind: kind for kind in told.kinds}
    assert (kinds["restaurant"].visits, kinds["restaurant"].busiest) == (1.5, 2)
    assert told.hours_days == (1, 1)
    working, off = told.hours["dining"]
    assert {hour: count for hour, count in enumerate(working) if count} == {12: 2}
    assert {hour: count for hour, count in enumerate(off) if count} == {18: 1}
    assert "household" not in told.hours


def test_epidemic(told: Description) -> None:
    assert [(d.infected, d.onset, d.reported) for d in told.curve] == [(1, 1, 0), (0, 0, 1)]
    assert (told.infections, told.from_outside, told.cases) == (2, 1, 1)


def test_channels(told: Description) -> None:
    (gates,) = told.channels
    assert (gates.channel, gates.files, gates.rows, gates.people) == ("gates", 1, 2, 1)
    assert json.loads(json.dumps(told.as_json()))["channels"][0]["first"] == "2022-09-17"


class _Whole(HTMLParser):
    """Every element is closed, and nothing is loaded."""

    VOID = frozenset({"meta", "input", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [value or "" for name, value in attrs if name in {"src", "href"}]
        if tag in {"script", "link"}:
            self.loads.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.open[-1:] == [tag]:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_whole_and_needs_nothing(told: Description, language: str) -> None:
    text = page(told, language)
    reader = _Whole()
    reader.feed(text)
    assert reader.open == []
    assert reader.loads == []
    assert "http" not in re.sub(r"http-equiv", "", text)
    assert "疫情曲线" in text
    assert "The epidemic" in text
    assert f'id="in-{language}" checked' in text


def test_the_lines_speak_both_languages(told: Description) -> None:
    lines = list(summary(told))
    assert any("infected: 2 (1 from outside), reported: 1" in line.en for line in lines)
    assert any("感染 2 人" in line.zh for line in lines)


def test_few_are_never_shown_as_none() -> None:
    assert sparks([0, 1, 1000]) == " ▁█"
    assert sparks([]) == ""


def test_stacks_reach_to_their_sum() -> None:
    one, two = (Series(Text("a", "甲"), values, "t0") for values in ([1, 2], [3, 0]))
    assert highest([one, two]) == 4
    assert highest([]) == 0
    assert columns([], [], Text("none", "无")).count("<svg") == 3


def test_bars_and_curves_draw_a_day_in_the_same_way() -> None:
    """A curve is its bars with lines over them."""
    days, title = ["1", "2", "3"], Text("t", "题")
    bars = Series(Text("a", "甲"), [1, 0, 30], "t0")
    line = Series(Text("b", "乙"), [2, 3, 4], "t1")
    alone = columns(days, [bars], title, height=240)
    below, over = curve(days, bars, [], title), curve(days, bars, [line], title)
    assert below == alone
    assert over.count("<rect") == alone.count("<rect") == 2 * len(WIDTHS)
    assert over.count("<polyline") == len(WIDTHS)


def test_a_file_that_cannot_be_read_is_named(city: CityFolder) -> None:
    broken = city.answers / "presence" / "presence-000-000.parquet"
    broken.write_bytes(b"torn")
    with pytest.raises(DataError, match=broken.name):
        describe(city)
