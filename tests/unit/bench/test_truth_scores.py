"""Precision and recall, worked out by hand."""

from __future__ import annotations

import pytest
from bench.truth.answers import Told
from bench.truth.scoring import Found, Score, judged
from bench.truth.studies import persons, with_rules

_CLOSE, _SECOND = Told(1, "close", ("near",)), Told(2, "second", ("second-home",))
# C1: three true contacts, C2: one, C3 is not traced.
_TRUTH = {
    ("C1", "p1"): _CLOSE,
    ("C1", "p2"): Told(1, "close", ("near", "dining")),
    ("C1", "p3"): _SECOND,
    ("C2", "p1"): _CLOSE,
    ("C3", "p9"): _CLOSE,
}
_FOUND = Found(
    cases=("C1", "C2"),
    listed={("C1", "p1"): _CLOSE, ("C1", "p3"): _CLOSE, ("C1", "p8"): _SECOND},
    review=frozenset({("C1", "p2"), ("C1", "p1"), ("C2", "p7")}),
    questions=2,
)


def test_pairs_of_traced_cases_count() -> None:
    whole = judged(_FOUND, _TRUTH).whole
    assert (whole.listed, whole.true, whole.right, whole.reached) == (3, 4, 2, 2)
    assert whole.precision == pytest.approx(2 / 3)
    assert whole.recall == 0.5
    assert whole.recall_with_review == 0.75
    assert whole.asked == 2  # p1 of C1 is listed already
    assert whole.questions == 2


def test_a_ring_counts_as_reached_whichever_ring_it_was_listed_in() -> None:
    rings = judged(_FOUND, _TRUTH).rings
    assert (rings[1].listed, rings[1].right, rings[1].true, rings[1].reached) == (2, 2, 3, 1)
    assert (rings[2].listed, rings[2].right, rings[2].true, rings[2].reached) == (1, 0, 1, 1)


def test_rules_by_what_they_list_and_by_what_is_true_by_them() -> None:
    rules = judged(_FOUND, _TRUTH).rules
    assert set(rules) == {"near", "dining", "second-home"}
    assert (rules["dining"].listed, rules["dining"].true, rules["dining"].reached) == (0, 1, 0)
    assert rules["dining"].precision is None
    assert rules["dining"].recall_with_review == 1


def test_nothing_to_find_has_no_recall() -> None:
    assert Score().recall is None
    assert Score().precision is None


def test_cities_are_added_up() -> None:
    one = judged(_FOUND, _TRUTH).whole
    both = one + one
    assert (both.listed, both.true, both.cases) == (6, 8, 4)
    assert both.recall == one.recall


def test_another_key_of_a_person_counts_as_the_person_once_merged() -> None:
    told = Found(("C1",), {("C1", "a1"): _CLOSE}, frozenset({("C1", "a2")}))
    assert judged(told, _TRUTH).whole.right == 0
    whole = judged(persons(told), _TRUTH).whole
    assert (whole.right, whole.reached, whole.reached_or_asked) == (1, 1, 2)


def test_rules_of_the_truth_come_from_a_trace_of_all_facts() -> None:
    bare = {("C1", "p1"): Told(1, "close"), ("C1", "p2"): Told(1, "close")}
    told = with_rules(bare, Found(("C1",), {("C1", "p1"): _CLOSE}))
    assert told[("C1", "p1")].rules == ("near",)
    assert told[("C1", "p2")].rules == ()
