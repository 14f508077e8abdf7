"""What agencies write in their own form: the same facts as the canonical rows, and own faults."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import Any

import numpy as np
import pytest

from ringfence_city.observe import carriers, door_to_door, hotel_register, instants_seen
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import MILLION, Noise
from ringfence_city.observe.raw import doors, forms, line_list, passages, results
from ringfence_city.observe.raw.documents import Documents, copied
from ringfence_city.observe.raw.sheet import Clerk, Sheet
from ringfence_city.observe.rows import ALIAS, SLIP, subjects
from ringfence_city.observe.scene import Channel, Scene
from ringfence_city.observe.venue_scans import CHANNEL as SCANS
from ringfence_city.parameters import Parameters
from ringfence_city.truth import build, days, identity, lines, seats
from ringfence_city.truth.city import City
from ringfence_city.truth.far_runs import far_runs

EVERYTHING = Noise()
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@pytest.fixture(scope="module")
def scene() -> Scene:
    city = build.city(Parameters(3_000, 1, 9))
    persons = np.arange(city.people.count, dtype=np.int32)
    return Scene(city, 0, days.lived(city, persons, 0))


def clerk(city: City, channel: str, noise: Noise = EVERYTHING) -> Clerk:
    return Clerk(city, Documents(city), Disguise(city, channel, noise), 7)


def sheets(channel: Channel, scene: Scene, noise: Noise = EVERYTHING) -> dict[str, Sheet]:
    asked = clerk(scene.city, channel.name, noise)
    tables = {seen.table: seen.columns for seen in channel.see(scene, asked.disguise)}
    written, _ = forms.FORMS[channel.name](asked, tables)
    return {sheet.mapping: sheet for sheet in written if sheet is not None}


def rows_below(text: str, header: int, delimiter: str = ",") -> list[dict[str, str]]:
    lines = text.splitlines()
    return list(csv.DictReader(io.StringIO("\n".join(lines[header - 1 :])), delimiter=delimiter))


def right(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    return len(number) == 18 and "10X98765432"[total % 11] == number[17]


def test_scans_are_an_object_a_line_with_the_times_of_the_stay(scene: Scene) -> None:
    sheet = sheets(SCANS, scene, Noise(missing_end=400_000))["venue-scans"]
    told = [json.loads(line) for line in sheet.content.decode().splitlines()]
    assert len(told) == sheet.rows > 1_000
    assert {row["scanType"] for row in told} == {"in", "in_out"}
    for row in told:
        begun = datetime.fromisoformat(row["inTime"])
        assert (row["outTime"] is None) == (row["scanType"] == "in")
        assert row["outTime"] is None or datetime.fromisoformat(row["outTime"]) > begun
        assert right(row["idNumber"])


def test_rows_carry_the_documents_of_the_person_they_speak_of(scene: Scene) -> None:
    sheet = sheets(instants_seen.PAYMENTS, scene)["payments"]
    told = rows_below(sheet.content.decode("utf-8-sig"), 1)
    asked = clerk(scene.city, "payments")
    (seen,) = instants_seen.PAYMENTS.see(scene, asked.disguise)
    papers = identity.papers(scene.city, np.asarray(seen.columns["subject"], dtype=np.int64))
    assert [row["付款方证件号"] for row in told] == papers.id_number.to_pylist()
    assert [row["付款方姓名"] for row in told] == papers.name.to_pylist()
    assert [row["付款方手机号"] or None for row in told] == papers.phone.to_pylist()


def test_tickets_are_those_of_trains_and_cards_tapped_aboard_stay_canonical(scene: Scene) -> None:
    asked = clerk(scene.city, "transport")
    tables = {seen.table: seen.columns for seen in carriers.CHANNEL.see(scene, asked.disguise)}
    written, rest = forms.FORMS["transport"](asked, tables)
    trains = [one for one in far_runs(lines.runs(scene.city, 0)) if one.vehicle is seats.TRAIN]
    (tickets,) = (sheet for sheet in written if sheet and sheet.mapping == "rail-tickets")
    told = rows_below(tickets.content.decode("gb18030"), 3)
    assert told.pop()["序号"] == "合计"
    assert len(told) == tickets.rows > 0
    assert {row["车次"][0] for row in told} == {"D"}
    assert {row["始发日期"] for row in told} == {"2022-09-19"}
    ends = {frozenset((row["乘车站"], row["到达站"])) for row in told}
    assert frozenset(("环渭", "远山")) in ends
    assert ends <= {frozenset((one.stations[0], one.stations[-1])) for one in trains}
    assert {row["票状态"] for row in told} == {"已检票", "未乘车"}
    assert sorted(rest) == ["occupancy", "ride"]
    every = len(np.asarray(tables["ride"]["subject"]))
    assert len(np.asarray(rest["ride"]["subject"])) + tickets.rows == every


def test_a_ticket_names_the_seat_of_the_ride(scene: Scene) -> None:
    told = rows_below(sheets(carriers.CHANNEL, scene)["rail-tickets"].content.decode("gb18030"), 3)
    sits = scene.told.rides.seat
    on_train = sits[seats.VEHICLE[sits] == seats.VEHICLES.index(seats.TRAIN)]
    printed = {
        f"{seats.CARRIAGE[one]:02d}车{seats.ROW[one]:03d}{seats.WORDS[seats.WORD[one]]}号"
        for one in on_train.tolist()
    }
    assert {row["席位"] for row in told[:-1]} == printed


def test_whom_the_railway_knows_by_another_key_it_knows_by_a_passport(scene: Scene) -> None:
    told = sheets(carriers.CHANNEL, scene, Noise(alias=MILLION))["rail-tickets"]
    rows = rows_below(told.content.decode("gb18030"), 3)[:-1]
    by_passport = [row for row in rows if row["证件类型"] == "护照"]
    assert by_passport
    assert all(row["证件号码"][0] == "E" and row["联系电话"] for row in by_passport)
    assert all(right(row["证件号码"]) for row in rows if row["证件类型"] == "居民身份证")


def test_hotels_tell_of_guests_only(scene: Scene) -> None:
    sheet = sheets(hotel_register.CHANNEL, scene).get("hotel-register")
    assert sheet is not None
    told = rows_below(sheet.content.decode("gb18030"), 1)[:-1]
    kinds = {scene.city.places.kind[int(row["旅馆编码"])] for row in told}
    assert len(kinds) == 1
    homes = scene.city.people.home[scene.city.people.home >= scene.city.homes]
    assert {int(row["旅馆编码"]) for row in told} <= set(homes.tolist())


def test_visitors_are_written_with_who_opened_the_door(scene: Scene) -> None:
    told = rows_below(
        sheets(door_to_door.CHANNEL, scene)["door-to-door"].content.decode("gb18030"), 4
    )
    assert told[-1]["序号"] == "合计"
    assert {row["与户主关系"] for row in told[:-1]} == {"来访"}
    assert all(right(row["证件号码"]) and right(row["户主证件号码"]) for row in told[:-1])


def test_a_household_has_its_head_in_every_row(scene: Scene) -> None:
    members, heads = np.array([4, 5, 6]), np.array([4, 4, 4])
    sheet = doors.households(clerk(scene.city, "door-to-door"), members, heads)
    assert sheet is not None
    told = rows_below(sheet.content.decode("gb18030"), 4)[:-1]
    assert [row["与户主关系"] for row in told] == ["户主", "其他同住", "其他同住"]
    assert {row["户主证件号码"] for row in told} == {told[0]["证件号码"]}


def test_results_are_tab_separated_in_utf_16(scene: Scene) -> None:
    sheet = results.write(
        clerk(scene.city, "laboratory"),
        np.array([1, 2]),
        np.array([605, 1500]),
        np.array([True, False]),
    )
    assert sheet is not None
    told = rows_below(sheet.content.decode("utf-16"), 1, "\t")
    assert [row["检测结果"] for row in told] == ["阳性", "阴性"]
    assert [row["采样时间"] for row in told] == ["2022-09-19 10:05", "2022-09-20 01:00"]


def test_vehicles_have_plates_of_a_place_that_has_none(scene: Scene) -> None:
    sheet = sheets(carriers.CHANNEL, scene)["vehicle-gates"]
    told = json.loads(sheet.content)["data"]["list"]
    assert len(told) == sheet.rows == len(scene.told.sightings.at)
    assert all(row["plateNo"].startswith("青Z") for row in told)
    every = passages.plates(scene.city, np.arange(40)).to_pylist()
    assert len(set(every)) == 40


def test_cases_are_written_as_go_data_writes_them(scene: Scene) -> None:
    case = line_list.Told(0, 12, reported=3000, onset=1500, isolated=None, released=None)
    sheet = line_list.write(clerk(scene.city, "cases"), [case])
    assert sheet is not None
    (told,) = json.loads(sheet.content)
    assert told["visualId"] == "C000001"
    assert told["dateOfReporting"] == "2022-09-21T00:00:00.000Z"
    assert told["dateOfOnset"] == "2022-09-20T00:00:00.000Z"
    assert told["dateRanges"] == []
    assert right(told["documents"][0]["number"])


def numbers(city: City, codes: list[int], noise: Noise = EVERYTHING) -> list[Any]:
    told = copied(Documents(city), Disguise(city, "a channel", noise), np.array(codes))
    return list(told.id_number.to_pylist())


@pytest.mark.parametrize("slip", [1, 9, 10, 40, 72])
def test_a_wrong_digit_is_one_digit_of_the_id_number(scene: Scene, slip: int) -> None:
    (true,), (wrong,) = numbers(scene.city, [33]), numbers(scene.city, [33 + SLIP * slip])
    assert sum(a != b for a, b in zip(true, wrong, strict=True)) == 1
    assert right(true)
    assert not right(wrong)


def test_whom_a_channel_knows_by_another_key_it_knows_by_telephone(scene: Scene) -> None:
    documents = Documents(scene.city)
    everybody = np.arange(scene.city.people.count)
    told = copied(documents, Disguise(scene.city, "a channel", EVERYTHING), everybody + ALIAS)
    for number, phone in zip(told.id_number.to_pylist(), told.phone.to_pylist(), strict=True):
        assert (number is None) == (phone is not None)


def test_numbers_are_respelled_and_rounded_as_offices_do(scene: Scene) -> None:
    (true,) = numbers(scene.city, [33])
    (spelled,) = numbers(scene.city, [33], Noise(respelled=MILLION))
    assert spelled != true
    assert spelled.replace(" ", "").upper() == true
    for respelled in (0, MILLION):
        (rounded,) = numbers(scene.city, [33], Noise(rounded=MILLION, respelled=respelled))
        assert "E+" in rounded


def test_documents_are_the_same_whoever_else_is_asked_for(scene: Scene) -> None:
    some = np.array([5, 2_999, 17, 5])
    documents = Documents(scene.city)
    few = documents.of(some)
    assert few == documents.of(some)
    assert few.id_number.to_pylist() == identity.papers(scene.city, some).id_number.to_pylist()


def test_a_slip_in_a_canonical_file_is_a_key_with_one_digit_wrong() -> None:
    codes = np.array([12, 12 + SLIP, ALIAS + 12 + SLIP * 10])
    assert subjects(codes).to_pylist() == ["p00000012", "p00000013", "a00000022"]


@pytest.mark.parametrize("channel", sorted(forms.FORMS))
def test_nothing_seen_is_no_file(channel: str, scene: Scene) -> None:
    written, rest = forms.FORMS[channel](clerk(scene.city, channel), {})
    assert [sheet for sheet in written if sheet is not None] == []
    assert dict(rest) == {}
