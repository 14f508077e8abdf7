"""What removes an overlap when it is known, and only flags it when it is not."""

from datetime import date

import pytest

from ringfence.protocols.model import Exemption

from .tiny_home import TinyHome, rule, stay


def flags(home: TinyHome, exemption: Exemption) -> dict[str, list[str]]:
    return {row["other"]: row["flags"] for row in home.ask(rule(exemptions=(exemption,)))}


MASKS = [
    ("both", True, True, None),
    ("both", True, False, []),
    ("both", True, None, ["m_unknown"]),
    ("both", None, False, []),
    ("either", None, True, None),
    ("either", False, False, []),
    ("either", False, None, ["m_unknown"]),
]


@pytest.mark.parametrize(("masks", "case", "other", "left"), MASKS)
def test_masks_of_two_stays(
    home: TinyHome, masks: str, case: bool | None, other: bool | None, left: list[str] | None
) -> None:
    home.deliver(
        "presence",
        stay("case", "10:00", "11:00", mask=case),
        stay("ann", "10:00", "11:00", mask=other),
    )
    assert flags(home, Exemption("m", masks=masks)) == ({} if left is None else {"ann": left})


@pytest.mark.parametrize(("masks", "case", "other", "left"), MASKS)
def test_masks_of_an_encounter(
    home: TinyHome, masks: str, case: bool | None, other: bool | None, left: list[str] | None
) -> None:
    pair = {"subject_a": "ann", "subject_b": "case", "mask_a": other, "mask_b": case}
    home.deliver("encounter", {**pair, "start": "10:00", "end": "11:00"})
    assert flags(home, Exemption("m", masks=masks)) == ({} if left is None else {"ann": left})


def test_protective_equipment_of_a_link(home: TinyHome) -> None:
    home.deliver(
        "link",
        *(
            {"subject_a": "case", "subject_b": person, "relation": "care", "ppe": ppe}
            for person, ppe in (("worn", True), ("xbare", False), ("ysilent", None))
        ),
    )
    assert flags(home, Exemption("ppe", ppe=True)) == {"xbare": [], "ysilent": ["ppe_unknown"]}


def test_doses_before_the_local_day_of_the_overlap(home: TinyHome) -> None:
    people = ("two", "late", "one", "twice_told", "other_disease")
    home.deliver(
        "presence",
        stay("case", "00:30", "02:00"),  # still the day before in UTC
        *(stay(person, "01:00", "02:00") for person in people),
    )
    dose = [
        ("two", "covid-19", "2022-01-01"),
        ("two", "covid-19", "2022-07-09"),
        ("late", "covid-19", "2022-01-01"),
        ("late", "covid-19", "2022-07-10"),
        ("one", "covid-19", "2022-01-01"),
        ("twice_told", "covid-19", "2022-01-01"),
        ("other_disease", "measles", "2022-01-01"),
    ]
    rows = [{"subject": s, "disease": d, "date": date.fromisoformat(day)} for s, d, day in dose]
    home.deliver("vaccination", *rows)
    home.deliver("vaccination", rows[5], source="clinic")
    assert flags(home, Exemption("immune", doses=2)) == {
        "late": [],
        "one": [],
        "twice_told": [],
        "other_disease": ["immune_unknown"],
    }


def test_everything_stated_must_hold(home: TinyHome) -> None:
    pupils = Exemption("pupils", masks="both", roles=("student",), indoor=True, apart_m=1)
    home.deliver(
        "subject", *({"subject": s, "role": "student"} for s in ("case", "pia", "pim", "pul"))
    )
    met = {"subject_a": "case", "start": "10:00", "end": "11:00", "mask_a": True, "indoor": True}
    home.deliver(
        "encounter",
        {**met, "subject_b": "pia", "mask_b": True, "distance_m": 1.0},
        {**met, "subject_b": "pim", "mask_b": None, "distance_m": 1.5},
        {**met, "subject_b": "pul", "mask_b": True, "distance_m": 0.9},
        {**met, "subject_b": "stranger", "mask_b": True, "distance_m": 1.5},
    )
    assert flags(home, pupils) == {
        "pim": ["pupils_unknown"],
        "pul": [],
        "stranger": ["pupils_unknown"],
    }
