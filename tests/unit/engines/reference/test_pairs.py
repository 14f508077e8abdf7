"""Records that speak of two persons: encounters and links."""

import pytest

from ringfence.protocols.model import Fact, Is, Minutes, Near, OneOf, SameZone

from .tiny_home import TinyHome, at, focus, rule


def met(
    a: str, b: str, start: str, end: str, distance: float | None = 1.0, **more: object
) -> dict[str, object]:
    return {
        "subject_a": a,
        "subject_b": b,
        "start": start,
        "end": end,
        "distance_m": distance,
    } | more


def linked(a: str, b: str, relation: str, **more: object) -> dict[str, object]:
    return {"subject_a": a, "subject_b": b, "relation": relation} | more


def test_an_encounter_reads_from_both_sides_and_is_clipped_to_the_window(home: TinyHome) -> None:
    home.deliver(
        "encounter", met("ann", "case", "10:00", "11:00"), met("case", "dan", "10:00", "10:10")
    )
    rows = home.ask(rule(), focuses=(focus(start="10:05"),))
    assert [(r["other"], r["start"], r["end"]) for r in rows] == [
        ("ann", at("10:05"), at("11:00")),
        ("dan", at("10:05"), at("10:10")),
    ]
    for row in rows:
        assert (row["kind"], row["setting"], row["certainty"]) == (
            "encounter",
            "encounter",
            "measured",
        )
        assert (row["place"], row["stay_start"], row["focus_batch"], row["focus_row"]) == (
            None,
        ) * 4


@pytest.mark.parametrize(
    ("distance", "metres", "strict", "told"),
    [
        (1.0, 1.0, False, {"dan": "contact"}),
        (1.0, 1.0, True, {}),
        (0.9, 1.0, True, {"dan": "contact"}),
        (1.1, 1.0, False, {}),
        (None, 1.0, False, {"dan": "distance"}),
    ],
)
def test_distance(
    home: TinyHome, distance: float | None, metres: float, strict: bool, told: dict[str, str]
) -> None:
    home.deliver("encounter", met("case", "dan", "10:00", "11:00", distance))
    assert home.told(rule(conditions=(Near(metres, strict), SameZone()))) == told


def test_touch_and_indoors(home: TinyHome) -> None:
    home.deliver(
        "encounter",
        met("case", "dan", "10:00", "11:00", physical=True, indoor=True),
        met("case", "eve", "10:00", "11:00", physical=None, indoor=None),
        met("case", "fay", "10:00", "11:00", physical=True, indoor=False),
    )
    both = rule(conditions=(Is(Fact.PHYSICAL, True), Is(Fact.INDOOR, True)))
    assert home.told(both) == {"dan": "contact", "eve": "indoor, physical"}
    assert home.told(rule(conditions=(Is(Fact.INDOOR, False),))) == {
        "eve": "indoor",
        "fay": "contact",
    }


def test_a_link_counts_by_its_relation_within_the_window(home: TinyHome) -> None:
    home.deliver(
        "link",
        linked("ann", "case", "household"),
        linked("bob", "case", "colleague", start="07-01 00:00", end="10:00"),
        linked("case", "dan", "same_table", start="07-12 00:00"),
        linked("case", "eve", "same_table", end="07-08 00:00"),
    )
    rows = home.ask(rule())
    assert [(r["other"], r["setting"], r["start"], r["end"]) for r in rows] == [
        ("ann", "household", at("07-08 00:00"), at("07-12 00:00")),
        ("bob", "work", at("07-08 00:00"), at("10:00")),
    ]
    assert {r["certainty"] for r in rows} == {"declared"}
    assert home.told(rule(relations=("colleague", "visitor"))) == {"bob": "contact"}
    assert home.told(rule(conditions=(OneOf(Fact.SETTING, ("household",)),))) == {"ann": "contact"}


def test_an_undated_link_lasts_until_as_of(home: TinyHome) -> None:
    home.as_of = "09:00"
    home.deliver(
        "link", linked("ann", "case", "care"), linked("case", "dan", "care", start="10:00")
    )
    [row] = home.ask(rule())
    assert (row["other"], row["end"]) == ("ann", at("09:00"))


def test_minutes_of_presence_and_encounter_count_once(home: TinyHome) -> None:
    home.deliver(
        "presence",
        {"subject": "case", "place": "hall", "start": "10:00", "end": "11:00"},
        {"subject": "dan", "place": "hall", "start": "10:50", "end": "12:00"},
    )
    home.deliver("encounter", met("case", "dan", "10:55", "11:05"), source="badge")
    assert len(home.ask(rule(minutes=Minutes(15)))) == 2
    assert home.ask(rule(minutes=Minutes(15, strict=True))) == []


def test_a_seat_is_never_evaluated(home: TinyHome) -> None:
    home.deliver("encounter", met("case", "dan", "10:00", "11:00"))
    home.deliver("ride", {"subject": "case", "service": "G1"}, {"subject": "dan", "service": "G1"})
    assert home.ask(rule(evidence=("ride",))) == []
