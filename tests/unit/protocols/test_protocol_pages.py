"""The pages on protocol files name every field and word, and their examples can be read."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path

import pytest
from tests.unit.protocols.written import SMALL, read_text

from ringfence.protocols.anchor_reading import ANCHOR_KINDS, CASE_CLASSES
from ringfence.protocols.case_reading import CONTACT_COLUMNS, REVIEW_COLUMNS, VENUE_COLUMNS
from ringfence.protocols.exemption_reading import EXEMPTION_FIELDS
from ringfence.protocols.model import Fact, IfUnknown, Outcome
from ringfence.protocols.reading import PROTOCOL_FIELDS
from ringfence.protocols.rule_reading import EVIDENCE, RULE_FIELDS
from ringfence.records.vocabularies import (
    MEASURE_KINDS,
    RELATIONS,
    ROLES,
    VENTILATIONS,
    Setting,
    relation_setting,
)

DOCS = Path(__file__).parents[3] / "docs"
REFERENCE = (DOCS / "reference" / "protocol-files.md").read_text(encoding="utf-8")
HOW_TO = (DOCS / "how-to" / "write-a-protocol.md").read_text(encoding="utf-8")


def yaml_blocks(page: str) -> list[str]:
    return re.findall(r"```yaml[^\n]*\n(.*?)```", page, re.DOTALL)


@pytest.mark.parametrize("field", sorted({*PROTOCOL_FIELDS, *RULE_FIELDS, *EXEMPTION_FIELDS}))
def test_every_field_is_in_a_table(field: str) -> None:
    assert f"| `{field}` |" in REFERENCE


@pytest.mark.parametrize(
    "words",
    [
        [word.value for vocabulary in (Setting, Fact, Outcome, IfUnknown) for word in vocabulary],
        [*ROLES, *VENTILATIONS, *MEASURE_KINDS, *EVIDENCE, *ANCHOR_KINDS, *CASE_CLASSES],
        [*CONTACT_COLUMNS, *REVIEW_COLUMNS, *VENUE_COLUMNS],
    ],
)
def test_every_word_is_there(words: list[str | StrEnum]) -> None:
    assert [word for word in words if not re.search(rf"\b{word}\b", REFERENCE)] == []


def test_every_relation_has_its_setting_beside_it() -> None:
    rows = [line.strip("|").split("|") for line in REFERENCE.splitlines() if line.count("|") == 3]
    settings = {word.strip(): row[1].strip() for row in rows for word in row[0].split(",")}
    assert {relation: settings.get(relation) for relation in RELATIONS} == {
        relation: relation_setting(relation).value for relation in RELATIONS
    }


def test_the_examples_of_the_reference_can_be_read() -> None:
    for block in yaml_blocks(REFERENCE):
        read_text(SMALL + block)


def test_the_example_of_the_how_to_can_be_read() -> None:
    (block,) = yaml_blocks(HOW_TO)
    file = read_text(block)
    assert [rule.id for rule in file.protocol.rules] == ["household", "same-room"]
    assert len(file.worked_cases) == 1
