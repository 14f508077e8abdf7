"""What is told as JSON is what the schema says, and the schema knows every word of the code."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.narratives.told import Told, told_in

from ringfence.narratives.as_json import as_json, schema
from ringfence.narratives.clocks import Vague
from ringfence.narratives.marks import read_rules, rules
from ringfence.narratives.model import Confidence, Doubt, EventKind
from ringfence.narratives.telling import read

EVENT: dict[str, Any] = schema()["$defs"]["event"]["properties"]


def words(name: str) -> set[str]:
    told = EVENT[name].get("items", EVENT[name])["enum"]
    return {word for word in told if word is not None}


@pytest.mark.parametrize("told", told_in("develop"), ids=lambda told: told.id)
def test_what_is_read_is_valid(told: Told) -> None:
    Draft202012Validator(schema()).validate(as_json(read(told.text, told.reference)))


def test_it_knows_the_words_of_the_code() -> None:
    assert words("kind") == {kind.value for kind in EventKind}
    assert words("vague") == {vague.value for vague in Vague}
    assert words("confidence") == {one.value for one in Confidence}
    assert words("doubts") == {doubt.value for doubt in Doubt}
    assert words("place_kind") == {one["kind"] for one in read_rules("places")}


@pytest.mark.parametrize(
    ("key", "name"),
    [("means", "means"), ("activity", "activity"), ("relation", "companions"), ("mask", "mask")],
)
def test_it_knows_the_words_of_the_rules(key: str, name: str) -> None:
    assert {str(rule.means[key]) for rule in rules() if key in rule.means} <= words(name)
