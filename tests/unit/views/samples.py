"""Traces made by hand, so that the views can be looked at without a lake."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from ringfence.engines.snapshot import Batch
from ringfence.errors import Text
from ringfence.protocols.model import (
    Anchor,
    EndTerm,
    Fact,
    IfUnknown,
    Measure,
    OneOf,
    Outcome,
    Protocol,
    Rule,
    Source,
)
from ringfence.trace import words
from ringfence.trace.result import (
    Contact,
    Evidence,
    OrderedMeasure,
    RecordRow,
    ReviewItem,
    Trace,
    TracedCase,
    Venue,
)

ZONE = "Asia/Shanghai"
REGISTER = "1a2b3c4d" + "0" * 56
INTERVIEW = "9f8e7d6c" + "1" * 56
SENSORS = "5566aabb" + "2" * 56
MIDNIGHT = datetime(2022, 6, 30, 16, tzinfo=UTC)  # 1 July 2022 in Shanghai
HOUR = timedelta(hours=1)

BATCHES = {
    batch: Batch(batch, sequence, table, source, file_name, MIDNIGHT + timedelta(days=7))
    for sequence, (batch, table, source, file_name) in enumerate(
        [
            (REGISTER, "presence", "register", "presence.csv"),
            (INTERVIEW, "link", "interview", "link.csv"),
            (SENSORS, "encounter", "sensors", "encounter.parquet"),
        ],
        start=1,
    )
}

_TITLES = {
    "household": Text("Lives in the same household", "同住"),
    "table": Text("Ate at the same table", "同桌就餐"),
    "enclosed": Text("Same poorly ventilated space", "同处通风不良的密闭空间"),
    "near": Text("Within 1 m for 15 minutes", "1 米内接触满 15 分钟"),
    "payment": Text("Paid in the same shop around that time", "同一时段在同一商店支付"),
    "shared": Text("Shared transport, life or work", "共同交通、生活或工作"),
    "second": Text("Lives or works with a close contact", "与密接者共同居住或工作"),
}


def _rule(rule: str, order: int, outcome: Outcome, priority: int, evidence: str) -> Rule:
    return Rule(rule, order, outcome, priority, (evidence,), title=_TITLES[rule])


PROTOCOL = Protocol(
    id="covid-test",
    version=3,
    title=Text("COVID-19, test edition", "新冠病毒感染防控方案（测试版）"),
    disease="covid-19",
    jurisdiction="CN",
    valid_from=date(2022, 6, 28),
    valid_to=None,
    source=Source("National Health Commission", "2022-71", date(2022, 6, 28)),
    anchors=(Anchor("symptomatic", "onset", -2, (EndTerm("isolated"),)),),
    rules=(
        _rule("household", 1, Outcome.CLOSE, 1, "link"),
        _rule("table", 1, Outcome.CLOSE, 2, "link"),
        Rule(
            "enclosed",
            1,
            Outcome.CLOSE,
            3,
            ("presence",),
            conditions=(OneOf(Fact.VENTILATION, ("poor",), IfUnknown.REVIEW),),
            title=_TITLES["enclosed"],
        ),
        _rule("near", 1, Outcome.CLOSE, 3, "encounter"),
        _rule("payment", 1, Outcome.GENERAL, 6, "event"),
        _rule("shared", 1, Outcome.GENERAL, 7, "presence"),
        _rule("second", 2, Outcome.SECOND, 9, "presence"),
    ),
    digest="0" * 64,
)
DRAFT = Protocol(
    **{
        **{name: getattr(PROTOCOL, name) for name in PROTOCOL.__dataclass_fields__},
        "source": Source(note="press copy"),
    }
)


def a_case(number: int = 1, *, confirmed: bool = True) -> TracedCase:
    return TracedCase(
        case=f"C{number:03}",
        subject=f"S-{number:04}",
        disease="covid-19",
        classification="confirmed" if confirmed else "suspected",
        provisional=not confirmed,
        jurisdiction="310000",
        anchor="onset",
        start=MIDNIGHT,
        end=MIDNIGHT + timedelta(days=5, hours=9.5),
        open_ended=False,
    )


def some_evidence(
    rule: str = "enclosed",
    *,
    case: str = "C001",
    via: str | None = None,
    start: datetime = MIDNIGHT + 20 * HOUR,
    minutes: float = 70,
    place: str | None = "ktv-blue",
    row: int = 7,
) -> Evidence:
    kind = next(r for r in PROTOCOL.rules if r.id == rule).evidence[0]
    focus = "via" if via else "case"
    rows = {
        "presence": (
            RecordRow(focus, "register", REGISTER, row),
            RecordRow("contact", "register", REGISTER, row + 100),
        ),
        "event": (
            RecordRow(focus, "register", REGISTER, row),
            RecordRow("contact", "register", REGISTER, row + 200),
        ),
        "link": (RecordRow("contact", "interview", INTERVIEW, row),),
        "encounter": (RecordRow("contact", "sensors", SENSORS, row),),
    }[kind]
    settings = {
        "household": "household",
        "table": "dining",
        "near": "encounter",
        "payment": "retail",
        "shared": "work",
        "second": "household",
        "enclosed": "entertainment",
    }
    placed = kind in {"presence", "event"}
    return Evidence(
        case=case,
        via=via,
        kind=kind,
        setting=settings[rule] if place != "somewhere" else None,
        place=place if placed else None,
        zone="room-3" if placed and rule == "enclosed" else None,
        start=start,
        end=MIDNIGHT + timedelta(days=5) if kind == "link" else start + timedelta(minutes=minutes),
        minutes=None if kind == "link" else minutes,
        rule=rule,
        certainty={"event": "assumed", "link": "declared", "encounter": "measured"}.get(
            kind, "recorded"
        ),
        rows=rows,
    )


def a_contact(
    person: str,
    *evidence: Evidence,
    provisional: bool = False,
    flags: tuple[str, ...] = (),
    subjects: tuple[str, ...] = (),
) -> Contact:
    rules = [PROTOCOL.rule(piece.rule) for piece in evidence]
    best = min(rules, key=lambda rule: (rule.order, rule.priority))
    last = max(piece.end for piece in evidence)
    day = (last + timedelta(hours=8)).date()
    path: list[str] = []
    for case in dict.fromkeys(piece.case for piece in evidence):
        via = next((piece.via for piece in evidence if piece.case == case and piece.via), None)
        path += [case, via, person] if via else [case, person]
    measures: tuple[OrderedMeasure, ...] = ()
    if best.outcome is not Outcome.GENERAL:
        days = 7
        measures = (
            OrderedMeasure(
                Measure("home" if best.order == 2 else "facility", days, (1, 4, 7)),
                day,
                day + timedelta(days=days),
                tuple(day + timedelta(days=after) for after in (1, 4, 7)),
            ),
        )
    return Contact(
        person=person,
        subjects=subjects or (person,),
        cases=tuple(dict.fromkeys(piece.case for piece in evidence)),
        order=best.order,
        outcome=best.outcome,
        priority=best.priority,
        provisional=provisional,
        path=tuple(path),
        first_exposure=min(piece.start for piece in evidence),
        last_exposure=last,
        minutes=sum(piece.minutes or 0 for piece in evidence),
        settings=tuple(sorted({piece.setting for piece in evidence if piece.setting})),
        rules=tuple(dict.fromkeys(piece.rule for piece in evidence)),
        flags=flags,
        measures=measures,
        release_date=measures[-1].until if measures else None,
        evidence=evidence,
    )


def a_review(
    fact: str = "ventilation", people: tuple[str, ...] = ("S-0301", "S-0302"), number: int = 1
) -> ReviewItem:
    place = "teahouse-5" if fact in {"ventilation", "dwell", "zone"} else None
    return ReviewItem(
        id=f"q{number}-{fact}",
        fact=fact,
        question=words.question(fact, place=place, case="C001"),
        place=place,
        start=MIDNIGHT + 30 * HOUR if place else None,
        end=MIDNIGHT + 32 * HOUR if place else None,
        people=people,
        cases=("C001",),
    )


def a_venue() -> Venue:
    return Venue(
        "C001",
        None,
        "market-east",
        "retail",
        None,
        MIDNIGHT + 33 * HOUR,
        MIDNIGHT + 35 * HOUR,
        1312,
        200,
    )


def a_trace(
    *contacts: Contact,
    cases: tuple[TracedCase, ...] = (),
    protocol: Protocol = PROTOCOL,
    review: tuple[ReviewItem, ...] = (),
    venues: tuple[Venue, ...] = (),
    warnings: tuple[Text, ...] = (),
    zone: str = ZONE,
) -> Trace:
    return Trace(
        protocol=protocol,
        as_of=MIDNIGHT + timedelta(days=8),
        zone=zone,
        lake_sequence=12,
        engine="sql",
        warnings=warnings,
        cases=cases or (a_case(),),
        contacts=contacts,
        review=review,
        venues=venues,
    )


def small() -> Trace:
    """One close contact, found by a stay and an encounter."""
    return a_trace(
        a_contact("S-0012", some_evidence(), some_evidence("near", minutes=22.5, row=9)),
        review=(a_review(),),
    )


def forty() -> Trace:
    """Forty people, every feature once: two cases, both rings, links, flags, review, a crowd."""
    rules = ("household", "table", "enclosed", "near", "payment", "shared")
    contacts = []
    for number in range(26):
        rule = rules[number % len(rules)]
        case = "C002" if number % 5 == 4 else "C001"
        start = MIDNIGHT + timedelta(hours=5.25 * number % 120)
        pieces = [
            some_evidence(rule, case=case, start=start, minutes=15 + 13 * number, row=number + 2)
        ]
        if number % 7 == 3:
            pieces.append(
                some_evidence(
                    "enclosed", case="C002", start=start + 26 * HOUR, minutes=48, row=number + 60
                )
            )
        contacts.append(
            a_contact(
                f"S-{number + 10:04}",
                *pieces,
                provisional=case == "C002",
                flags=("known_case",)
                if number == 2
                else ("masks_unknown",)
                if number % 9 == 4
                else (),
                subjects=(f"S-{number + 10:04}", f"tel-{number}") if number == 7 else (),
            )
        )
    vias = [contact for contact in contacts if contact.outcome is Outcome.CLOSE]
    for number in range(14):
        via = vias[number * number % len(vias)]
        contacts.append(
            a_contact(
                f"S-{number + 100:04}",
                some_evidence(
                    "second",
                    case=via.cases[0],
                    via=via.person,
                    start=via.first_exposure + (3 + number) * HOUR,
                    minutes=40 + 31 * number,
                    place=f"home-{number}",
                    row=number + 40,
                ),
                provisional=via.cases[0] == "C002",
            )
        )
    return a_trace(
        *contacts,
        cases=(a_case(1), a_case(2, confirmed=False)),
        protocol=DRAFT,
        review=(
            a_review(),
            a_review("dwell", ("S-0310", "S-0311", "S-0312", "S-0313"), 2),
            a_review("anchor", (), 3),
        ),
        venues=(a_venue(),),
        warnings=(
            words.warning("draft", protocol="covid-test"),
            words.warning("provisional", case="C002"),
            words.warning("place_kind", place="teahouse-5", source="register"),
        ),
    )


def many(count: int) -> Trace:
    """`count` contacts, three in ten in ring 1."""
    rules = ("enclosed", "near", "shared", "household")
    first = max(1, count * 3 // 10)
    contacts = [
        a_contact(
            f"S-{number:06}",
            some_evidence(
                rules[number % 4],
                case=f"C{number % 3 + 1:03}",
                start=MIDNIGHT + timedelta(minutes=number * 37 % 7000),
                minutes=10 + number % 300,
                row=number + 2,
            ),
        )
        for number in range(first)
    ]
    vias = [contact for contact in contacts if contact.outcome is Outcome.CLOSE]
    for number in range(first, count):
        via = vias[number * number % 97 % len(vias)]
        contacts.append(
            a_contact(
                f"S-{number:06}",
                some_evidence(
                    "second",
                    case=via.cases[0],
                    via=via.person,
                    start=via.first_exposure + (1 + number % 50) * HOUR,
                    minutes=5 + number % 500,
                    place=f"home-{number}",
                    row=number + 2,
                ),
            )
        )
    return a_trace(*contacts, cases=tuple(a_case(number) for number in (1, 2, 3)))
