"""The shipped protocols say where they come from and show what they mean."""

from __future__ import annotations

import pytest

from ringfence.protocols.catalogue import load_all
from ringfence.protocols.model import Fact, Outcome, Rule
from ringfence.protocols.reading import ProtocolFile

FILES = load_all()
LEAST_CASES = 4


def label(file: ProtocolFile) -> str:
    return file.protocol.id


each = pytest.mark.parametrize("file", FILES, ids=label)


def only_asked_about(rule: Rule) -> bool:
    """Whether no record can settle the rule: a link tells neither distance nor room."""
    untold = {Fact.DISTANCE, Fact.INDOOR, Fact.VENTILATION}
    return rule.evidence == ("link",) and any(c.fact in untold for c in rule.conditions)


@each
def test_it_names_its_source(file: ProtocolFile) -> None:
    source = file.protocol.source
    assert source.issuer
    assert source.title
    assert source.note
    assert source.note.startswith("Draft:") == file.protocol.draft


@each
def test_every_rule_and_measure_has_a_title_and_a_source(file: ProtocolFile) -> None:
    for rule in file.protocol.rules:
        assert rule.title, rule.id
        assert rule.source, rule.id
    for measures in file.protocol.measures.values():
        assert all(measure.source for measure in measures)


@each
def test_worked_cases_show_every_rule(file: ProtocolFile) -> None:
    assert len(file.worked_cases) >= LEAST_CASES
    shown = {
        rule.strip()
        for case in file.worked_cases
        for row in case.contacts.records()
        for rule in row.get("rules", "").split(";")
    }
    rules = [rule for rule in file.protocol.rules if not only_asked_about(rule)]
    assert sorted(rule.id for rule in rules if rule.id not in shown) == []
    assert shown - {"", *(rule.id for rule in rules)} == set()


@each
def test_every_worked_case_has_somebody_who_is_no_contact(file: ProtocolFile) -> None:
    for case in file.worked_cases:
        met = {
            row[column]
            for table in case.given.values()
            for row in table.records()
            for column in ("subject", "subject_a", "subject_b")
            if column in row
        }
        met -= {row["subject"] for row in case.given["case"].records()}
        assert met - {row["subject"] for row in case.contacts.records()}, case.title.en


@each
def test_worked_cases_use_only_what_the_protocol_can_give(file: ProtocolFile) -> None:
    for case in file.worked_cases:
        assert case.as_of is not None
        assert {row["disease"] for row in case.given["case"].records()} == {file.protocol.disease}


def test_what_the_facts_demand() -> None:
    shipped = {file.protocol.id: file.protocol for file in FILES}
    ninth, eighth = shipped["covid-cn-9"], shipped["covid-cn-8"]
    assert [(m.days, m.tests) for m in ninth.measures[Outcome.CLOSE]] == [
        (7, (1, 2, 3, 5, 7)),
        (3, (3,)),
    ]
    assert [(m.kind, m.days, m.tests) for m in ninth.measures[Outcome.SECOND]] == [
        ("home", 7, (1, 4, 7))
    ]
    assert [m.days for m in eighth.measures[Outcome.CLOSE]] == [14, 7]
    assert [(m.kind, m.days) for m in eighth.measures[Outcome.SECOND]] == [("facility", 7)]
    assert eighth.seeds is None
    assert shipped["measles"].rule("same-air").lag_minutes == 120
    assert all(rule.minutes is None for rule in shipped["measles"].rules)
