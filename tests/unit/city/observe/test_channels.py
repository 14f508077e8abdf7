"""What each channel sees of a day that is known, without faults and with one fault at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ringfence_city.observe import carriers, door_to_door, instants_seen, venue_scans
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import MILLION, Noise
from ringfence_city.observe.rows import EVENT_OF
from ringfence_city.observe.scene import Channel, Scene, Seen
from ringfence_city.parameters import Parameters
from ringfence_city.truth import build, days, seats
from ringfence_city.truth.city import KIND_OF, ROLE_OF
from ringfence_city.truth.journeys import NO_SHOW, TICKETED

EVERYTHING = Noise()


@pytest.fixture(scope="module")
def scene() -> Scene:
    city = build.city(Parameters(3_000, 1, 9))
    persons = np.arange(city.people.count, dtype=np.int32)
    return Scene(city, 0, days.lived(city, persons, 0))


@pytest.fixture(scope="module")
def town() -> Scene:
    """Large enough for each kind of vehicle, for swaps and for no-shows."""
    city = build.city(Parameters(40_000, 14, 9))
    persons = np.arange(city.people.count, dtype=np.int32)
    return Scene(city, 12, days.lived(city, persons, 12))


def seen(channel: Channel, scene: Scene, noise: Noise = EVERYTHING) -> dict[str, Seen]:
    disguise = Disguise(scene.city, channel.name, noise)
    return {told.table: told for told in channel.see(scene, disguise)}


def column(told: Seen, name: str) -> list[Any]:
    return list(np.asarray(told.columns[name]).tolist())


def rows(told: Seen, *names: str) -> list[tuple[Any, ...]]:
    return sorted(zip(*(column(told, name) for name in names), strict=True))


def stays_of(scene: Scene, *kinds: str) -> list[tuple[int, int, int, int]]:
    stays = scene.stays
    some = np.isin(scene.city.places.kind[stays.place], [KIND_OF[kind] for kind in kinds])
    told = (stays.person[some], stays.place[some], stays.start[some], stays.end[some])
    return sorted(zip(*(part.tolist() for part in told), strict=True))


def test_venue_scans_hold_every_stay_in_a_shop_and_none_at_home(scene: Scene) -> None:
    told = seen(venue_scans.CHANNEL, scene)
    scanned = set(rows(told["presence"], "subject", "place", "start", "end"))
    shops = set(stays_of(scene, "shop", "supermarket", "restaurant", "office", "school"))
    assert shops
    assert shops <= scanned
    assert not scanned & set(stays_of(scene, "home", "park"))
    assert column(told["event"], "subject") == []


def test_a_scan_without_an_end_is_an_event(scene: Scene) -> None:
    whole = seen(venue_scans.CHANNEL, scene)["presence"]
    told = seen(venue_scans.CHANNEL, scene, Noise(missing_end=MILLION))
    assert column(told["presence"], "subject") == []
    assert set(column(told["event"], "kind")) == {EVENT_OF["scan"]}
    starts = rows(whole, "subject", "place", "start")
    assert rows(told["event"], "subject", "place", "at") == starts


def test_coverage_is_the_share_of_stays(scene: Scene) -> None:
    every = len(column(seen(venue_scans.CHANNEL, scene)["presence"], "subject"))
    some = seen(venue_scans.CHANNEL, scene, Noise(coverage=300_000))["presence"]
    assert len(column(some, "subject")) / every == pytest.approx(0.3, abs=0.03)


def test_a_growing_coverage_only_adds(scene: Scene) -> None:
    few, more = (
        set(rows(seen(venue_scans.CHANNEL, scene, Noise(coverage=share))["presence"], *KEY))
        for share in (200_000, 500_000)
    )
    assert few < more


KEY = ("subject", "place", "start")


def test_clocks_of_a_place_move_both_ends_alike(scene: Scene) -> None:
    true = seen(venue_scans.CHANNEL, scene)["presence"]
    told = seen(venue_scans.CHANNEL, scene, Noise(skew_minutes=9))["presence"]
    moved = np.array(column(told, "start")) - np.array(column(true, "start"))
    assert (moved == np.array(column(told, "end")) - np.array(column(true, "end"))).all()
    by_place: dict[int, set[int]] = {}
    for place, by in zip(column(told, "place"), moved.tolist(), strict=True):
        by_place.setdefault(place, set()).add(by)
    assert all(len(shifts) == 1 for shifts in by_place.values())
    assert len(set(moved.tolist())) > 3


def test_duplicates_are_the_same_row_again(scene: Scene) -> None:
    once = rows(seen(venue_scans.CHANNEL, scene)["presence"], *KEY)
    twice = rows(seen(venue_scans.CHANNEL, scene, Noise(duplicates=MILLION))["presence"], *KEY)
    assert twice == sorted([*once, *once])


def test_customers_pay_within_their_stay(scene: Scene) -> None:
    told = seen(instants_seen.PAYMENTS, scene)["event"]
    paid = rows(told, "subject", "place", "at")
    stays = scene.stays
    assert paid
    for person, place, at in paid[:300]:
        there = (stays.person == person) & (stays.place == place)
        there &= (stays.start <= at) & (at < stays.end) & (stays.role == ROLE_OF["customer"])
        assert there.any()


def test_gates_open_when_somebody_comes(scene: Scene) -> None:
    told = rows(seen(instants_seen.GATES, scene)["event"], "subject", "place", "at")
    assert told == [stay[:3] for stay in stays_of(scene, *GATED)]


GATED = (
    *("kindergarten", "school", "university", "training_centre", "library"),
    *("hospital", "clinic", "fever_clinic", "laboratory", "test_site", "vaccination_site"),
    *("station", "airport", "port", "checkpoint"),
)


def test_visitors_are_linked_with_somebody_who_lives_there(scene: Scene) -> None:
    told = seen(door_to_door.CHANNEL, scene)["link"]
    people = scene.city.people
    visits = rows(told, "subject_a", "subject_b", "start", "end")
    assert visits
    for visitor, host, start, end in visits:
        assert people.home[visitor] != people.home[host]
        assert (visitor, int(people.home[host]), start, end) in stays_of(scene, "home")


def test_carriers_know_every_ride_by_its_seat(scene: Scene) -> None:
    told = seen(carriers.CHANNEL, scene)
    rides = scene.told.rides
    assert column(told["ride"], "subject") == rides.person.tolist()
    assert column(told["ride"], "seat") == seats.WORD[rides.seat].tolist()
    assert column(told["ride"], "row") == seats.ROW[rides.seat].tolist()
    assert column(told["ride"], "status") == rides.status.tolist()
    assert len(column(told["occupancy"], "subject")) == len(scene.told.occupancies.person)
    assert len(column(told["sighting"], "at")) == len(scene.told.sightings.at)


def test_who_swapped_is_told_where_the_ticket_says_and_nobody_else_elsewhere(town: Scene) -> None:
    told = seen(carriers.CHANNEL, town, Noise(seat_swap=MILLION))["ride"]
    true = town.told.rides
    swapped = (true.seat != true.sold) & (true.sold >= 0)
    assert swapped.sum() > 20
    as_sold = np.where(swapped, true.sold, true.seat)
    for name, printed in (
        ("carriage", seats.CARRIAGE),
        ("row", seats.ROW),
        ("seat", seats.WORD),
    ):
        assert column(told, name) == printed[as_sold].tolist()


def test_swaps_stay_on_the_ticket_at_the_rate_that_is_told(town: Scene) -> None:
    told = seen(carriers.CHANNEL, town, Noise(seat_swap=600_000))["ride"]
    true = town.told.rides
    swapped = (true.seat != true.sold) & (true.sold >= 0)
    told_seat = np.array(column(told, "seat")) + 100 * np.array(column(told, "row"))
    as_sold = (told_seat == seats.WORD[true.sold] + 100 * seats.ROW[true.sold])[swapped]
    assert as_sold.mean() == pytest.approx(0.6, abs=0.2)


def test_a_ticket_that_nobody_read_tells_nothing_of_boarding(town: Scene) -> None:
    """Used or not; the rest is told as it was."""
    true = town.told.rides
    told = seen(carriers.CHANNEL, town, Noise(unchecked=250_000))["ride"]
    status = np.array(column(told, "status"))
    sold = true.sold >= 0
    unread = status == TICKETED
    assert unread[sold].mean() == pytest.approx(0.25, abs=0.04)
    assert not unread[~sold].any()
    assert (status == true.status)[~unread].all()
    missing = true.status == NO_SHOW
    assert unread[missing].any()
    assert (~unread)[missing].any()


def test_late_rows_are_marked(scene: Scene) -> None:
    every = Noise(late=MILLION)
    assert all(told.late.all() for told in seen(venue_scans.CHANNEL, scene, every).values())
    assert not any(told.late.any() for told in seen(venue_scans.CHANNEL, scene).values())


@pytest.mark.parametrize(
    "channel",
    [
        *(venue_scans.CHANNEL, instants_seen.PAYMENTS, instants_seen.GATES),
        *(door_to_door.CHANNEL, carriers.CHANNEL),
    ],
    ids=lambda channel: channel.name,
)
def test_a_person_is_seen_alike_whoever_else_is_looked_at(channel: Channel, scene: Scene) -> None:
    city = scene.city
    half = city.people.count // 2
    persons = np.arange(half, dtype=np.int32)
    part = replace(scene, told=days.lived(city, persons, 0))
    whole = seen(channel, scene, channel.noise)
    for name, told in seen(channel, part, channel.noise).items():
        own = [c for c in told.columns if not isinstance(told.columns[c], str)]
        assert set(rows(told, *own)) <= set(rows(whole[name], *own))
