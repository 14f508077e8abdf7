"""The page on normal forms says what the normalisers do: each row of its tables is a case."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from ringfence.sources.normalise import (
    RegionYears,
    Setting,
    identity_facts,
    kind_of,
    normalise,
    split_seat,
)
from ringfence.sources.normalise.divisions import Unit, divisions_of
from ringfence.sources.normalise.locating import locate
from ringfence.sources.normalise.lookup import lookup_forms
from ringfence.sources.normalise.places import KnownPlace, PlaceBook, match_places
from ringfence.sources.normalise.regions import OPEN
from ringfence.sources.reasons import RefusedError

from .chapter import SpecTable, pipe_tables_of_the_page, tables
from .settings import SHANGHAI

TABLES = tables()


def of_verb(verb: str) -> list[SpecTable]:
    return [table for table in TABLES if table.verb == verb]


def rows_of(verb: str) -> list[object]:
    return [
        pytest.param(table, row, id=f"line {table.line}, {number}: {next(iter(row.values()))}")
        for table in of_verb(verb)
        for number, row in enumerate(table.rows, start=1)
    ]


def setting_of(table: SpecTable) -> Setting:
    made = SHANGHAI
    if "synthetic home" in table.said:
        made = replace(made, synthetic=True)
    if "may come" in table.said:
        made = replace(made, may_come=True)
    if "with forms" in table.said:
        made = replace(made, forms=table.quoted[1:])
    if "in zone" in table.said:
        made = replace(made, zone=ZoneInfo(table.quoted[1]))
    if "with these region codes" in table.said:
        (codes,) = of_verb("Region codes")
        last = {int(row["code"]): int(row["in use until"] or OPEN) for row in codes.rows}
        made = replace(made, regions=RegionYears(2002, 2014, last))
    if "with these known places" in table.said:
        made = replace(made, places=known_places())
    return made


def known_places() -> PlaceBook:
    (given,) = of_verb("Known places")
    return PlaceBook(
        tuple(KnownPlace(place["place"], tuple(place["names"].split("；"))) for place in given.rows)
    )


@pytest.mark.parametrize(("table", "row"), rows_of("Read as"))
def test_a_written_value_becomes_its_normal_form(table: SpecTable, row: dict[str, str]) -> None:
    setting = setting_of(table)
    kinds = pa.array([row["document"]]) if "document" in row else None
    written = pa.array([row["written"]])
    read = normalise(table.quoted[0], written, setting, id_kinds=kinds)
    reason = read.faults[0].en if read.faults else ""
    assert (read.values[0].as_py() or "") == row["becomes"], reason
    assert bool(row["refused because"]) == bool(reason), reason
    assert row["refused because"] in reason
    if row["becomes"]:
        again = normalise(table.quoted[0], pa.array([row["becomes"]]), setting, id_kinds=kinds)
        assert again.values.to_pylist() == [row["becomes"]]


@pytest.mark.parametrize(("table", "row"), rows_of("Facts of"))
def test_what_a_number_tells(table: SpecTable, row: dict[str, str]) -> None:
    facts = identity_facts(row["number"])
    born = "" if facts.birth_date is None else facts.birth_date.isoformat()
    assert (facts.sex or "", born, facts.region or "") == (
        row["sex"],
        row["birth_date"],
        row["region"],
    )
    if row["kind"] or facts.birth_date is not None:
        assert kind_of(row["number"]) == row["kind"]


@pytest.mark.parametrize(("table", "row"), rows_of("Split"))
def test_a_seat_in_its_parts(table: SpecTable, row: dict[str, str]) -> None:
    if row["refused because"]:
        with pytest.raises(RefusedError, match=row["refused because"]):
            split_seat(row["written"])
        return
    seat = split_seat(row["written"])
    told = (seat.carriage or "", seat.row or "", seat.seat or "")
    assert told == (row["carriage"], row["row"], row["seat"])


@pytest.mark.parametrize(("table", "row"), rows_of("Looked up by"))
def test_under_which_forms_a_name_is_found(table: SpecTable, row: dict[str, str]) -> None:
    assert lookup_forms(row["name"]) == (row["pinyin"], row["initials"])


@pytest.mark.parametrize(("table", "row"), rows_of("Located"))
def test_where_an_address_lies(table: SpecTable, row: dict[str, str]) -> None:
    (given,) = of_verb("Divisions")
    divisions = divisions_of(
        Unit(unit["code"], unit["parent"] or None, unit["level"], unit["name"])
        for unit in given.rows
    )
    found = locate(row["address"], divisions, within=row["within"] or None)
    assert (found.code or "", found.level or "") == (row["code"], row["level"])
    assert ", ".join(found.candidates) == row["may also be"]


@pytest.mark.parametrize(("table", "row"), rows_of("Means"))
def test_which_place_a_name_means(table: SpecTable, row: dict[str, str]) -> None:
    (match,) = match_places([row["name"]], known_places())
    assert (match.key or "") == row["place"]
    assert ", ".join(sorted(alike.key for alike in match.review)) == row["may be"]


def test_every_table_of_the_page_is_a_test() -> None:
    known = {"Read as", "Facts of", "Split", "Looked up by", "Located", "Means"}
    given = {"Region codes", "Divisions", "Known places"}
    assert {table.verb for table in TABLES} == known | given
    assert len(TABLES) == pipe_tables_of_the_page()
