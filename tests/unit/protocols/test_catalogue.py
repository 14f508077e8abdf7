"""Which protocols there are, how they are named, and which one is in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.unit.protocols.written import SMALL, read_text

from ringfence.errors import DataError, NotFound
from ringfence.protocols.catalogue import in_force, load_all, named
from ringfence.protocols.faults import ProtocolError
from ringfence.protocols.model import Protocol

JOURNEYS = ["covid-ecdc-aircraft@1", "covid-jiangsu-rows@1", "tb-flight@1"]
SHIPPED = [f"{name}@1" for name in ("covid-cn-8", "covid-cn-9", "covid-us-cdc", "covid-who")]


def protocol(
    id_: str, start: str, end: str | None, jurisdiction: str = "CN", version: int = 1
) -> Protocol:
    return replace(
        read_text(SMALL).protocol,
        id=id_,
        version=version,
        jurisdiction=jurisdiction,
        valid_from=date.fromisoformat(start),
        valid_to=date.fromisoformat(end) if end else None,
    )


def chosen(on: str, *protocols: Protocol, chain: tuple[str, ...] = ("CN",)) -> str:
    return in_force(protocols, "test", chain, date.fromisoformat(on)).id


def test_the_shipped_ones_come_by_name_and_version() -> None:
    assert [f"{f.protocol.id}@{f.protocol.version}" for f in load_all()] == sorted(
        [*SHIPPED, *JOURNEYS, "measles@1"]
    )


def test_a_home_adds_its_own(tmp_path: Path) -> None:
    (tmp_path / "test.yaml").write_text(SMALL)
    (tmp_path / "notes.txt").write_text("not a protocol")
    assert "test-rules" in [file.protocol.id for file in load_all(tmp_path)]
    assert "test-rules" not in [file.protocol.id for file in load_all(tmp_path / "none")]


def test_the_same_file_twice_is_one_protocol(tmp_path: Path) -> None:
    copied = named("measles").path.read_bytes()
    (tmp_path / "copy.yaml").write_bytes(copied)
    assert len(load_all(tmp_path)) == len(load_all())


def test_two_files_of_one_name_and_version_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(SMALL)
    (tmp_path / "b.yaml").write_text(SMALL.replace("priority: 1", "priority: 2"))
    with pytest.raises(DataError, match=r"b.yaml: test-rules@1 is already in .*a.yaml"):
        load_all(tmp_path)


def test_a_faulty_file_of_a_home_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("format: 1\n")
    with pytest.raises(ProtocolError, match=r"bad.yaml, line 1"):
        load_all(tmp_path)


def test_a_protocol_is_named_by_id_by_version_or_by_file(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(SMALL)
    (tmp_path / "two.yaml").write_text(SMALL.replace("version: 1", "version: 2"))
    assert named("covid-cn-9").protocol.id == "covid-cn-9"
    assert named("test-rules", tmp_path).protocol.version == 2
    assert named("test-rules@1", tmp_path).protocol.version == 1
    assert named(str(tmp_path / "one.yaml")).protocol.version == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("covid-cn-7", "there are: covid-cn-8, covid-cn-9, covid-us-cdc, covid-who"),
        ("covid-cn-9@2", "there are: covid-cn-9@1"),
        ("covid-cn-9@", "there are: covid-cn-9@1"),
        ("gone.yaml", "there is no protocol file gone.yaml"),
    ],
)
def test_a_name_that_does_not_exist_offers_those_that_do(name: str, words: str) -> None:
    with pytest.raises(NotFound) as raised:
        named(name)
    assert words in raised.value.text.en
    assert raised.value.exit_code == 11


def test_validity_includes_its_first_day_and_not_its_last() -> None:
    old = protocol("old", "2021-05-14", "2022-06-28")
    new = protocol("new", "2022-06-28", "2022-11-11")
    assert chosen("2021-05-14", old, new) == "old"
    assert chosen("2022-06-27", old, new) == "old"
    assert chosen("2022-06-28", old, new) == "new"
    assert chosen("2022-11-10", old, new) == "new"
    for outside in ("2021-05-13", "2022-11-11"):
        with pytest.raises(NotFound):
            chosen(outside, old, new)


def test_the_most_specific_jurisdiction_wins_then_the_latest_then_the_version() -> None:
    country = protocol("country", "2022-06-01", None)
    city = protocol("city", "2020-01-01", None, jurisdiction="310000")
    newer = protocol("newer", "2022-07-01", None)
    second = protocol("second", "2022-07-01", None, version=2)
    chain = ("310101", "310000", "CN")
    assert chosen("2022-08-01", country, city, newer, chain=chain) == "city"
    assert chosen("2022-08-01", country, newer, second, chain=chain) == "second"
    assert chosen("2022-08-01", second, newer, country) == "second"
    assert chosen("2022-06-30", country, newer, second) == "country"


def test_where_none_is_in_force_the_candidates_are_named() -> None:
    shipped = [file.protocol for file in load_all()]
    with pytest.raises(NotFound) as raised:
        in_force(shipped, "covid-19", ("310101", "CN"), date(2022, 11, 11))
    assert "is in force in 310101 < CN on 2022-11-11" in raised.value.text.en
    assert "covid-cn-9@1 (CN, 2022-06-28 – 2022-11-11)" in raised.value.text.en
    assert "covid-who@1 (WHO, 2021-02-01 – …)" in raised.value.text.zh
    assert "measles" not in raised.value.text.en
    with pytest.raises(NotFound, match="none exists for it at all"):
        in_force(shipped, "ebola", ("CN",), date(2022, 1, 1))


@pytest.mark.parametrize(
    ("disease", "chain", "on", "expected"),
    [
        ("covid-19", ("CN",), date(2022, 6, 27), "covid-cn-8"),
        ("covid-19", ("CN",), date(2022, 6, 28), "covid-cn-9"),
        ("covid-19", ("US-CA", "US"), date(2022, 1, 1), "covid-us-cdc"),
        ("measles", ("US-CA", "US"), date(2022, 1, 1), "measles"),
    ],
)
def test_shipped_protocols_in_force(
    disease: str, chain: tuple[str, ...], on: date, expected: str
) -> None:
    shipped = [file.protocol for file in load_all()]
    assert in_force(shipped, disease, chain, on).id == expected
