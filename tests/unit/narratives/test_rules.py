"""Each rule finds its examples whole, and leaves alone what is another thing."""

from __future__ import annotations

import pytest

from ringfence.narratives.identities import SURNAME
from ringfence.narratives.marks import KINDS, Rule, read_rules, rules, rules_of

EVERY = [*rules(), *rules_of("identities", {"SURNAME": SURNAME})]
FOUND = [(rule, example) for rule in EVERY for example in rule.finds]
LEFT = [(rule, example) for rule in EVERY for example in rule.leaves]


def named(value: object) -> str:
    return f"{value.kind} {value.name}" if isinstance(value, Rule) else str(value)


@pytest.mark.parametrize(("rule", "example"), FOUND, ids=named)
def test_an_example_is_found_whole(rule: Rule, example: str) -> None:
    found = rule.pattern.search(example)
    assert found is not None
    assert found.group() in example


@pytest.mark.parametrize(("rule", "example"), LEFT, ids=named)
def test_another_thing_is_left_alone(rule: Rule, example: str) -> None:
    assert rule.pattern.search(example) is None


def test_every_rule_and_every_example_is_tried() -> None:
    assert all(rule.finds for rule in EVERY)
    tried = {(rule.kind, rule.name, example) for rule, example in FOUND}
    for kind in (*KINDS, "identities"):
        for told in read_rules(kind):
            assert {(kind, told["name"], example) for example in told["finds"]} <= tried
