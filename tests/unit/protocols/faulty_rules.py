"""Faulty rules: for each fault its text, line, path of the field, words of the message."""

from __future__ import annotations

from tests.unit.protocols.faulty_files import Faulty
from tests.unit.protocols.written import SMALL, with_line, with_rule, with_top

OF_RULES: dict[str, Faulty] = {
    "unknown field of a rule": (
        with_rule("setings: dining"),
        (14, "rules[near]", "there is no field 'setings' here; write one of: setting"),
    ),
    "unknown setting": (
        with_rule("setting: dinning"),
        (14, "rules[near].setting", "'dinning' is not a setting; write one of: dining"),
    ),
    "unknown setting in a list": (
        with_rule("setting:", "  - dining", "  - wrok"),
        (16, "rules[near].setting[2]", "'wrok' is not a setting; write one of: work"),
    ),
    "setting named twice": (
        with_rule("setting: [dining, dining]"),
        (14, "rules[near].setting", "a value is given twice"),
    ),
    "empty list of settings": (
        with_rule("setting: []"),
        (14, "rules[near].setting", "the list is empty"),
    ),
    "unknown relation": (
        with_rule("relation: neighbour"),
        (14, "rules[near].relation", "'neighbour' is not a relation; write one of:"),
    ),
    "relation of another setting": (
        with_rule("relation: household", "setting: dining"),
        (14, "rules[near].relation", "the relation 'household' has the setting household"),
    ),
    "relation without links": (
        with_rule("relation: household", "evidence: presence"),
        (14, "rules[near].relation", "evidence must have link"),
    ),
    "unknown kind of record": (
        with_rule("evidence: [presance]"),
        (14, "rules[near].evidence[1]", "'presance' is not a kind of record; write one of: presen"),
    ),
    "unknown class": (
        with_line("class: close", "class: closer"),
        (12, "rules[near].class", "'closer' is not a class of contacts; write one of: close"),
    ),
    "second with order 1": (
        with_line("class: close", "class: second\n    order: 1"),
        (13, "rules[near].order", "contacts of class second have order 2"),
    ),
    "order 3": (
        with_rule("order: 3"),
        (14, "rules[near].order", "a whole number from 1 to 2"),
    ),
    "priority 0": (
        with_line("priority: 1", "priority: 0"),
        (13, "rules[near].priority", "a whole number from 1 to 9"),
    ),
    "minutes of a link": (
        with_rule("relation: household", "minutes: {at_least: 15}"),
        (15, "rules[near].minutes", "a link has no duration"),
    ),
    "both kinds of minutes": (
        with_rule("minutes: {at_least: 15, more_than: 10}"),
        (14, "rules[near].minutes", "write at_least or more_than, one of them"),
    ),
    "minutes as a word": (
        with_rule("minutes: {at_least: quarter}"),
        (14, "rules[near].minutes.at_least", "a length of time is wanted (45m, 2h, 1d"),
    ),
    "no minutes at all": (
        with_rule("minutes: {at_least: 0}"),
        (14, "rules[near].minutes.at_least", "asks for nothing"),
    ),
    "more minutes than the time within": (
        with_rule("minutes: {at_least: 15, within: 10m}"),
        (14, "rules[near].minutes.within", "shorter than the minutes"),
    ),
    "distance without a unit": (
        with_rule("distance: {up_to: 1}"),
        (14, "rules[near].distance.up_to", "a distance with its unit is wanted (1m, 150cm, 6ft)"),
    ),
    "both kinds of distance": (
        with_rule("distance: {up_to: 1m, under: 2m}"),
        (14, "rules[near].distance", "write up_to or under, one of them"),
    ),
    "lag of an encounter": (
        with_rule("distance: {up_to: 1m}", "lag: 2h"),
        (15, "rules[near].lag", "only stays (presence, event, occupancy) leave air behind"),
    ),
    "zone of a link": (
        with_rule("relation: household", "zone: same"),
        (15, "rules[near].zone", "only presence and event have zones"),
    ),
    "yes in place of true": (
        with_rule("evidence: encounter", "physical: yes"),
        (15, "rules[near].physical", "true or false is wanted"),
    ),
    "unknown meaning of unknown": (
        with_rule("ventilation: {is: poor, if_unknown: mach}"),
        (14, "rules[near].ventilation.if_unknown", "write one of: match"),
    ),
    "condition that wants nothing": (
        with_rule("ventilation: {if_unknown: match}"),
        (14, "rules[near].ventilation", "the field 'is' is missing"),
    ),
    "unknown role": (
        with_rule("contact_role: nurse"),
        (14, "rules[near].contact_role", "'nurse' is not a role; write one of:"),
    ),
    "unknown certainty": (
        with_rule("accepts: [denied]"),
        (14, "rules[near].accepts[1]", "write one of: assumed"),
    ),
    "exemption that states nothing": (
        with_rule("unless: [{id: mask}]"),
        (14, "rules[near].unless[mask]", "an exemption states at least one of"),
    ),
    "two exemptions of one name": (
        with_rule("unless: [{id: mask, masks: both}, {id: mask, doses: 2}]"),
        (14, "rules[near].unless", "two exemptions have the same id"),
    ),
    "protective equipment without links": (
        with_rule("unless: [{id: ppe, ppe: true}]"),
        (14, "rules[near].unless", "ppe is known of links only"),
    ),
    "distance apart without encounters": (
        with_rule("unless: [{id: apart, apart: 3ft}]"),
        (14, "rules[near].unless", "apart is known of encounters only"),
    ),
    "seats read from stays": (
        with_rule("seat: {rows: 3}", "evidence: presence"),
        (15, "rules[near].evidence", "evidence is ride"),
    ),
    "unknown field of a seat": (
        with_rule("seat: {row: 3}"),
        (14, "rules[near].seat", "there is no field 'row' here; write one of: rows"),
    ),
    "two rules of one name": (
        with_top("  - {id: near, class: general, priority: 2}"),
        (14, "rules[near]", "another rule has the same id"),
    ),
    "no rules": (
        SMALL[: SMALL.index("rules:")] + "rules: []\n",
        (10, "rules", "a list of 1 to 200 rules is wanted"),
    ),
}
