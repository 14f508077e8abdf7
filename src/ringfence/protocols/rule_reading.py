"""One rule of a protocol file → model.Rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ringfence.protocols import quantities as q
from ringfence.protocols.exemption_reading import exemption
from ringfence.protocols.fields import Section, Value, one_of, several
from ringfence.protocols.model import (
    Condition,
    Exemption,
    Fact,
    IfUnknown,
    Is,
    Minutes,
    Near,
    OneOf,
    Outcome,
    Rule,
    SameZone,
)
from ringfence.protocols.ride_reading import RIDDEN, ride
from ringfence.protocols.rule_checks import check_evidence, check_relations
from ringfence.records.vocabularies import (
    RELATIONS,
    ROLES,
    VENTILATIONS,
    Setting,
)

EVIDENCE = ("presence", "event", "occupancy", "encounter", "link", "ride")
PRIORITIES = (1, 9)

RULE_FIELDS = (
    "id",
    "title",
    "order",
    "class",
    "priority",
    "evidence",
    "setting",
    "relation",
    "zone",
    "ventilation",
    "distance",
    "physical",
    "indoor",
    "case",
    "case_role",
    "contact_role",
    "minutes",
    "lag",
    "accepts",
    "unless",
    "seat",
    "vehicle",
    "trip",
    "source",
)
_SETTINGS = tuple(setting.value for setting in Setting)
_MEASURED = ("distance", "physical")

if_unknown = one_of([word.value for word in IfUnknown], "what unknown means", "“未知”的处理方式")
outcome = one_of([word.value for word in Outcome], "a class of contacts", "接触者类别")


def rule(value: Value, unknown: IfUnknown) -> Rule:
    """A rule; `unknown` is what its conditions mean where a fact is not known."""
    section = value.section(*RULE_FIELDS)
    kind = Outcome(section.need("class", outcome, Outcome.CLOSE.value))
    order = section.get("order", q.whole(1, 2), 2 if kind is Outcome.SECOND else 1)
    if kind is Outcome.SECOND and order != 2:
        section.note(
            "contacts of class second have order 2", "second 类接触者的 order 为 2", "order"
        )
    relations = section.get("relation", several(one_of(tuple(RELATIONS), "a relation", "关系")), ())
    evidence = _evidence(section, bool(relations))
    found = Rule(
        id=section.need("id", q.name, ""),
        order=order,
        outcome=kind,
        priority=section.need("priority", q.whole(*PRIORITIES), 1),
        evidence=evidence,
        conditions=_conditions(section, evidence, unknown),
        relations=relations,
        minutes=section.get("minutes", _minutes, None),
        lag_minutes=section.get("lag", q.duration, 0),
        exemptions=section.get("unless", _exemptions, ()),
        accepts_assumed=bool(section.get("accepts", several(_assumed), ())),
        ride=ride(section),
        title=section.get("title", q.both_languages, None),
        source=section.get("source", q.words, None),
    )
    check_evidence(section, found)
    check_relations(section, found)
    return found


def _evidence(section: Section, related: bool) -> tuple[str, ...]:
    if "evidence" in section:
        return section.get(
            "evidence", several(one_of(EVIDENCE, "a kind of record", "记录类型")), ()
        )
    if any(name in section for name in RIDDEN):
        return ("ride",)
    if related:
        return ("link",)
    encounter = "setting" in section and _words_of(section.field("setting")) == ["encounter"]
    if encounter or any(name in section for name in _MEASURED):
        return ("encounter",)
    return ("presence", "event", "occupancy")


def _words_of(value: Value) -> list[str]:
    """The words of a condition as written, before they are checked."""
    if value.is_section:
        section = value.open_section()
        return _words_of(section.field("is")) if "is" in section else []
    return [item.text() for item in value.items() if not item.is_list and not item.is_section]


def _conditions(
    section: Section, evidence: Sequence[str], unknown: IfUnknown
) -> tuple[Condition, ...]:
    def among(fact: Fact, words: Sequence[str], en: str, zh: str) -> Callable[[Value], Condition]:
        def read(value: Value) -> Condition:
            plain, otherwise = _parts(value, unknown)
            return OneOf(fact, several(one_of(words, en, zh))(plain), otherwise)

        return read

    def whether(fact: Fact) -> Callable[[Value], Condition]:
        def read(value: Value) -> Condition:
            plain, otherwise = _parts(value, unknown)
            return Is(fact, q.truth(plain), otherwise)

        return read

    def of_case(value: Value) -> Condition:
        plain, otherwise = _parts(value, unknown)
        word = one_of(("symptomatic", "asymptomatic"), "a class of cases", "病例类别")(plain)
        return Is(Fact.SYMPTOMATIC, word == "symptomatic", otherwise)

    roles = tuple(ROLES)
    readers: tuple[tuple[str, Callable[[Value], Condition]], ...] = (
        ("setting", among(Fact.SETTING, _SETTINGS, "a setting", "场景")),
        ("ventilation", among(Fact.VENTILATION, tuple(VENTILATIONS), "a ventilation", "通风情况")),
        ("distance", lambda value: _near(value, unknown)),
        ("physical", whether(Fact.PHYSICAL)),
        ("indoor", whether(Fact.INDOOR)),
        ("case", of_case),
        ("case_role", among(Fact.CASE_ROLE, roles, "a role", "身份")),
        ("contact_role", among(Fact.CONTACT_ROLE, roles, "a role", "身份")),
    )
    read = [section.get(name, reader, None) for name, reader in readers]
    return (*_zone(section, evidence, unknown), *(found for found in read if found is not None))


def _zone(section: Section, evidence: Sequence[str], unknown: IfUnknown) -> tuple[Condition, ...]:
    stays = "presence" in evidence or "event" in evidence

    def read(value: Value) -> tuple[Condition, ...]:
        plain, otherwise = _parts(value, unknown)
        if one_of(("same", "any"), "a rule for zones", "分区规则")(plain) == "any":
            return ()
        if not stays:
            raise value.refused(
                "only presence and event have zones", "只有 presence 和 event 记录有分区"
            )
        return (SameZone(otherwise),)

    return section.get("zone", read, (SameZone(unknown),) if stays else ())


def _parts(value: Value, unknown: IfUnknown) -> tuple[Value, IfUnknown]:
    """What is wanted, and what unknown means: `poor`, or {is: poor, if_unknown: match}."""
    if not value.is_section:
        return value, unknown
    section = value.section("is", "if_unknown")
    otherwise = IfUnknown(section.get("if_unknown", if_unknown, unknown.value))
    if "is" not in section:
        raise value.refused("the field 'is' is missing", "缺少字段“is”")
    return section.field("is"), otherwise


def _near(value: Value, unknown: IfUnknown) -> Condition:
    section = value.section("up_to", "under", "if_unknown")
    if ("up_to" in section) == ("under" in section):
        raise value.refused("write up_to or under, one of them", "应填写 up_to 或 under 之一")
    strict = "under" in section
    metres = section.get("under" if strict else "up_to", q.distance, 0.0)
    return Near(metres, strict, IfUnknown(section.get("if_unknown", if_unknown, unknown.value)))


def _minutes(value: Value) -> Minutes:
    section = value.section("at_least", "more_than", "within")
    if ("at_least" in section) == ("more_than" in section):
        raise value.refused(
            "write at_least or more_than, one of them", "应填写 at_least 或 more_than 之一"
        )
    strict = "more_than" in section
    least = section.get("more_than" if strict else "at_least", q.minutes, 1.0)
    within = section.get("within", q.duration, None)
    if not strict and least <= 0:
        section.note("at_least 0 minutes asks for nothing", "at_least 0 分钟没有意义", "at_least")
    if within is not None and (within <= 0 or within < least):
        section.note(
            "the time within which minutes add up is shorter than the minutes",
            "累计时段短于所要求的分钟数",
            "within",
        )
    return Minutes(least, strict, None if within is None else within / 60)


def _assumed(value: Value) -> str:
    return one_of(("assumed",), "a certainty that a rule can accept", "规则可接受的证据等级")(value)


def _exemptions(value: Value) -> tuple[Exemption, ...]:
    found = value.each(exemption)
    if len({item.id for item in found}) < len(found):
        raise value.refused("two exemptions have the same id", "豁免条件的 id 重复")
    return found
