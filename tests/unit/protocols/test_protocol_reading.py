"""What a protocol file says becomes what the model means."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.unit.protocols.written import SMALL, read_text, with_line, with_rule, with_top

from ringfence.errors import NotFound, StorageError
from ringfence.protocols.model import (
    Anchor,
    Condition,
    Dwell,
    EndTerm,
    Exemption,
    Fact,
    IfUnknown,
    Is,
    Minutes,
    Near,
    OneOf,
    Outcome,
    RideRule,
    Rule,
    SameZone,
)
from ringfence.protocols.reading import read_file

STAYS = ("presence", "event", "occupancy")


def rule(*lines: str) -> Rule:
    return read_text(with_rule(*lines)).protocol.rules[0]


def anchor(text: str) -> Anchor:
    written = "  - {kind: onset, start: -2d, end: {event: isolated}}"
    return read_text(with_line(written, text)).protocol.anchors[0]


def test_a_small_protocol_has_the_defaults_of_the_design() -> None:
    protocol = read_text(SMALL).protocol
    assert protocol.id == "test-rules"
    assert (protocol.valid_from, protocol.valid_to) == (date(2020, 1, 1), None)
    assert protocol.draft
    assert protocol.crowd_limit_of("dining") == 200
    assert protocol.crowd_limit_of("household") is None
    assert protocol.dwell_of("restaurant") is None
    assert protocol.seeds is None
    assert protocol.retention_days is None
    assert protocol.anchors == (Anchor("any", "onset", -2, (EndTerm("isolated", None, None),)),)
    assert protocol.rules == (Rule("near", 1, Outcome.CLOSE, 1, STAYS, conditions=(SameZone(),)),)


def test_the_digest_changes_with_every_byte() -> None:
    assert read_text(SMALL).protocol.digest != read_text(SMALL + "\n").protocol.digest


def test_a_source_with_issuer_number_and_date_makes_it_final() -> None:
    source = "source: {issuer: Somebody, number: '7', date: 2020-01-01}"
    assert not read_text(with_top(source)).protocol.draft


@pytest.mark.parametrize(
    ("lines", "evidence"),
    [
        ([], STAYS),
        (["setting: work"], STAYS),
        (["relation: household"], ("link",)),
        (["setting: encounter"], ("encounter",)),
        (["setting: {is: encounter}"], ("encounter",)),
        (["distance: {up_to: 1m}"], ("encounter",)),
        (["physical: true"], ("encounter",)),
        (["seat: {rows: 3}"], ("ride",)),
        (["setting: train", "seat: {everyone: true}"], ("ride",)),
        (["evidence: event"], ("event",)),
        (["evidence: [presence, encounter]"], ("presence", "encounter")),
        (["distance: {up_to: 1m}", "evidence: [presence, encounter]"], ("presence", "encounter")),
    ],
)
def test_the_records_that_a_rule_reads_follow_from_what_it_asks(
    lines: list[str], evidence: tuple[str, ...]
) -> None:
    assert rule(*lines).evidence == evidence


@pytest.mark.parametrize(
    ("line", "condition"),
    [
        ("setting: [work, school]", OneOf(Fact.SETTING, ("work", "school"))),
        ("ventilation: poor", OneOf(Fact.VENTILATION, ("poor",))),
        (
            "ventilation: {is: [poor, good], if_unknown: match}",
            OneOf(Fact.VENTILATION, ("poor", "good"), IfUnknown.MATCH),
        ),
        ("distance: {up_to: 1.5m}", Near(1.5)),
        ("distance: {up_to: 150cm}", Near(1.5)),
        ("distance: {under: 6ft}", Near(1.8288, strict=True)),
        (
            "distance: {under: 2m, if_unknown: no_match}",
            Near(2, strict=True, if_unknown=IfUnknown.NO_MATCH),
        ),
        ("physical: true", Is(Fact.PHYSICAL, True)),
        ("physical: {is: true, if_unknown: match}", Is(Fact.PHYSICAL, True, IfUnknown.MATCH)),
        ("indoor: false", Is(Fact.INDOOR, False)),
        ("case: asymptomatic", Is(Fact.SYMPTOMATIC, False)),
        ("case_role: patient", OneOf(Fact.CASE_ROLE, ("patient",))),
        ("contact_role: [staff, crew]", OneOf(Fact.CONTACT_ROLE, ("staff", "crew"))),
    ],
)
def test_conditions(line: str, condition: Condition) -> None:
    assert rule("evidence: encounter", line).conditions == (condition,)


@pytest.mark.parametrize(
    ("lines", "zones"),
    [
        (["setting: work"], [SameZone()]),
        (["zone: {is: same, if_unknown: match}"], [SameZone(IfUnknown.MATCH)]),
        (["zone: any"], []),
        (["evidence: [presence, encounter]"], [SameZone()]),
        (["evidence: encounter"], []),
        (["relation: household"], []),
        (["seat: {rows: 3}"], []),
        (["evidence: encounter", "zone: any"], []),
    ],
)
def test_stays_are_compared_by_zone_unless_the_rule_says_otherwise(
    lines: list[str], zones: list[SameZone]
) -> None:
    assert [c for c in rule(*lines).conditions if isinstance(c, SameZone)] == zones


def test_the_meaning_of_unknown_can_be_set_for_the_whole_file() -> None:
    conditions = read_text(with_rule("setting: work") + "if_unknown: no_match\n").protocol.rules[0]
    assert {c.if_unknown for c in conditions.conditions} == {IfUnknown.NO_MATCH}


@pytest.mark.parametrize(
    ("line", "minutes"),
    [
        ("minutes: {at_least: 15}", Minutes(15)),
        ("minutes: {more_than: 15}", Minutes(15, strict=True)),
        ("minutes: {more_than: 0}", Minutes(0, strict=True)),
        ("minutes: {at_least: 1h}", Minutes(60)),
        ("minutes: {at_least: 0.5}", Minutes(0.5)),
        ("minutes: {at_least: 15m, within: 24h}", Minutes(15, within_hours=24)),
        ("minutes: {at_least: 5, within: 15m}", Minutes(5, within_hours=0.25)),
    ],
)
def test_minutes(line: str, minutes: Minutes) -> None:
    assert rule(line).minutes == minutes


def test_exemptions_lag_certainty_and_relations() -> None:
    assert rule("lag: 2h").lag_minutes == 120
    assert rule("accepts: [assumed]").accepts_assumed
    assert rule("relation: [household, care]").relations == ("household", "care")
    exempt = "unless: [{id: k12, masks: both, roles: student, indoor: true, apart: 3ft}]"
    assert rule("evidence: encounter", exempt).exemptions == (
        Exemption("k12", masks="both", roles=("student",), indoor=True, apart_m=0.9144),
    )
    assert rule("relation: care", "unless: [{id: ppe, ppe: true}]").exemptions == (
        Exemption("ppe", ppe=True),
    )
    assert rule("unless: [{id: immunity, doses: 2}]").exemptions == (
        Exemption("immunity", doses=2),
    )


def test_seats() -> None:
    seats = rule(
        "seat: {rows: 2, same_carriage: true, staff_of_zone: true}",
        "vehicle: {sealed: true, hepa: false}",
        "trip: {at_least: 8h}",
    )
    assert seats.ride == RideRule(
        rows=2, same_carriage=True, staff_of_zone=True, sealed=True, hepa=False, trip_hours=8
    )


def test_anchors() -> None:
    assert anchor(
        "  - {case_class: asymptomatic, kind: sample, start: 0d, end: {offset: 10d}}"
    ) == (Anchor("asymptomatic", "sample", 0, (EndTerm(None, 10, None),)))
    earliest = anchor("  - {kind: onset, start: -2d, end: [{event: isolated}, {offset: 14d}]}")
    assert earliest.ends == (EndTerm("isolated"), EndTerm(offset_days=14))
    free = anchor("  - {kind: onset, start: -2d, end: {offset: 13d, symptom_free: 3d}}")
    assert free.ends == (EndTerm(None, 13, 3),)
    after = anchor("  - {kind: cough, start: -2d, end: {event: treatment, offset: 5d}}")
    assert after.ends == (EndTerm("treatment", 5),)


def test_limits_dwells_seeds_measures_and_retention() -> None:
    protocol = read_text(
        with_top(
            "crowd_limit: {default: 300, dining: 50}",
            "dwell: {default: {before: 15m, after: 45m}, restaurant: {before: 1h, after: 0m}}",
            "seeds: [near]",
            "retention: 90d",
            "measures:",
            "  close: [{kind: facility, days: 7, tests: [1, 7]}, {kind: home, days: 3}]",
        )
    ).protocol
    assert protocol.crowd_limit_of("dining") == 50
    assert protocol.crowd_limit_of("work") == 300
    assert protocol.dwell_of("restaurant") == Dwell(60, 0)
    assert protocol.dwell_of("shop") == Dwell(15, 45)
    assert protocol.seeds == frozenset({"near"})
    assert protocol.retention_days == 90
    kinds = [(m.kind, m.days, m.tests) for m in protocol.measures[Outcome.CLOSE]]
    assert kinds == [("facility", 7, (1, 7)), ("home", 3, ())]


def test_second_ring_rules_have_order_2_without_saying_so() -> None:
    second = read_text(with_line("class: close", "class: second")).protocol.rules[0]
    assert (second.order, second.outcome) == (2, Outcome.SECOND)


def test_words_are_never_turned_into_something_else() -> None:
    text = with_line("title: {en: Test rules, zh: 测试规则}", "title: {en: no, zh: 12:30}")
    assert read_text(text).protocol.title == ("no", "12:30")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no protocol file"):
        read_file(tmp_path / "gone.yaml")
    with pytest.raises(NotFound, match="there is no protocol file"):
        read_file(tmp_path)


def test_a_file_that_cannot_be_opened() -> None:
    with pytest.raises(StorageError, match="cannot be read"):
        read_file(Path("x" * 300 + ".yaml"))
