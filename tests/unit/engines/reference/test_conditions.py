"""What a rule asks of an overlap, and what an unknown fact means."""

import pytest

from ringfence.protocols.model import Fact, IfUnknown, Is, Minutes, OneOf

from .tiny_home import TinyHome, focus, rule, stay

DINING = OneOf(Fact.SETTING, ("dining",))
STUFFY = OneOf(Fact.VENTILATION, ("poor",))


def visit(home: TinyHome, place: str, *people: str) -> None:
    everyone = ("case", *people)
    home.deliver("presence", *(stay(p, "10:00", "11:00", place) for p in everyone), source=place)


def test_the_kind_of_the_place_gives_the_setting(home: TinyHome) -> None:
    home.deliver("place", {"place": "cafe", "kind": "cafe"}, {"place": "bank", "kind": "bank"})
    visit(home, "cafe", "ann")
    visit(home, "bank", "bob")
    visit(home, "somewhere", "cat")
    assert home.told(rule(conditions=(DINING,))) == {"ann": "contact", "cat": "setting"}
    assert {row["setting"] for row in home.ask(rule())} == {"dining", "service", None}


def test_sources_that_contradict_each_other_about_a_place(home: TinyHome) -> None:
    home.deliver("place", {"place": "p", "kind": "bank", "ventilation": "good"}, source="b")
    home.deliver("place", {"place": "p", "kind": "cafe", "ventilation": "poor"}, source="a")
    home.deliver("place", {"place": "p", "kind": "mall"}, source="c")
    visit(home, "p", "ann")
    assert home.told(rule(conditions=(DINING,))) == {"ann": "contact"}
    assert home.told(rule(conditions=(STUFFY,))) == {"ann": "ventilation"}


def test_one_sided_and_agreeing_sources(home: TinyHome) -> None:
    home.deliver("place", {"place": "p", "kind": "bank", "ventilation": "poor"}, source="b")
    home.deliver("place", {"place": "p", "kind": "bank"}, source="a")
    visit(home, "p", "ann")
    assert home.told(rule(conditions=(STUFFY,))) == {"ann": "contact"}


@pytest.mark.parametrize(
    ("if_unknown", "told"),
    [
        (IfUnknown.REVIEW, {"ann": "setting"}),
        (IfUnknown.MATCH, {"ann": "contact"}),
        (IfUnknown.NO_MATCH, {}),
    ],
)
def test_what_unknown_means(home: TinyHome, if_unknown: IfUnknown, told: dict[str, str]) -> None:
    visit(home, "somewhere", "ann")
    assert home.told(rule(conditions=(OneOf(Fact.SETTING, ("dining",), if_unknown),))) == told


def test_one_condition_that_fails_ends_the_matter(home: TinyHome) -> None:
    home.deliver("place", {"place": "bank", "kind": "bank"})
    visit(home, "bank", "ann")
    assert home.told(rule(conditions=(STUFFY, DINING))) == {}
    assert home.told(rule(conditions=(STUFFY,))) == {"ann": "ventilation"}


def test_the_role_there_comes_before_the_role_in_general(home: TinyHome) -> None:
    home.deliver(
        "subject",
        {"subject": "case", "role": "patient"},
        {"subject": "ann", "role": "staff"},
        {"subject": "bob", "role": "staff"},
    )
    home.deliver(
        "presence",
        stay("case", "10:00", "12:00"),
        stay("ann", "10:00", "11:00"),
        stay("bob", "10:00", "11:00", role="customer"),
        stay("cat", "10:00", "11:00"),
    )
    serving = OneOf(Fact.CONTACT_ROLE, ("staff",))
    assert home.told(rule(conditions=(serving,))) == {"ann": "contact", "cat": "contact_role"}
    treated = OneOf(Fact.CASE_ROLE, ("patient",))
    assert set(home.told(rule(conditions=(treated,)))) == {"ann", "bob", "cat"}
    home.deliver("subject", {"subject": "ann", "role": "visitor"}, source="elsewhere")
    assert home.told(rule(conditions=(serving,)))["ann"] == "contact_role"


def test_symptoms_are_those_of_the_case(home: TinyHome) -> None:
    visit(home, "p", "ann")
    coughing = rule(conditions=(Is(Fact.SYMPTOMATIC, True),))
    told = {
        symptomatic: home.told(coughing, focuses=(focus(symptomatic=symptomatic),))
        for symptomatic in (True, False, None)
    }
    assert told == {True: {"ann": "contact"}, False: {}, None: {"ann": "symptomatic"}}


def test_all_conditions_hold_for_one_and_the_same_overlap(home: TinyHome) -> None:
    home.deliver(
        "place",
        {"place": "cafe", "kind": "cafe", "ventilation": "good"},
        {"place": "office", "kind": "office", "ventilation": "poor"},
    )
    visit(home, "cafe", "ann")
    visit(home, "office", "ann")
    assert home.told(rule(conditions=(DINING, STUFFY))) == {}


def test_minutes_that_are_open_may_satisfy_but_never_do(home: TinyHome) -> None:
    home.deliver("place", {"place": "cafe", "kind": "cafe"})
    home.deliver(
        "presence",
        stay("case", "10:00", "10:10", "cafe"),
        stay("ann", "10:00", "10:10", "cafe"),
        stay("case", "11:00", "11:10", "somewhere"),
        stay("ann", "11:00", "11:10", "somewhere"),
    )
    rows = home.ask(rule(conditions=(DINING,), minutes=Minutes(15)))
    assert [(row["satisfied"], row["open"]) for row in rows] == [(False, []), (False, ["setting"])]
    rows = home.ask(rule(conditions=(DINING,), minutes=Minutes(10)))
    assert [(row["satisfied"], row["place"]) for row in rows] == [
        (True, "cafe"),
        (False, "somewhere"),
    ]
    assert home.ask(rule(conditions=(DINING,), minutes=Minutes(20, strict=True))) == []
