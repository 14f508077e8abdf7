"""Until when somebody is followed: what the approved lists say of them, by their protocols."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from ringfence.errors import NotFound, Text
from ringfence.lake import Home
from ringfence.protocols.catalogue import named
from ringfence.protocols.model import Outcome, Protocol
from ringfence.records.vocabularies import MEASURE_KINDS
from ringfence.trace import words
from ringfence.trace.measures import ordered
from ringfence_server.tasks.models import FollowUp, Link
from ringfence_server.tracing.models import Contact

Key = TypeVar("Key", int, str)


@dataclass(frozen=True)
class Measured:
    """`rule`: as a person is told. `samples`: days of tests, in order. `steps`: the measures, those
    of the list that ends first before those of others. `draft`: of a protocol that is one.
    """

    release_date: date
    rule: Text
    samples: tuple[date, ...]
    steps: tuple[Text, ...] = ()
    draft: bool = False


def measured(home: Home, follow_ups: Sequence[FollowUp]) -> dict[int, Measured]:
    """By follow-up; of whom no approved list gives a date, nothing. The latest of several cases
    counts. Nothing that binds follows from a provisional list.
    """
    links = Link.objects.filter(
        follow_up__in=[one.pk for one in follow_ups],
        until__isnull=True,
        run__isnull=False,
        provisional=False,
    ).select_related("run")
    lists: dict[tuple[int, str], tuple[int, str]] = {}
    for link in links:
        assert link.run is not None
        lists[link.run.pk, link.listed_as] = (link.follow_up_id, link.run.protocol)
    return measured_by(home, lists)


def measured_by(
    home: Home, lists: Mapping[tuple[int, str], tuple[Key, str]]
) -> dict[Key, Measured]:
    """`lists`: by run and the number under which it lists somebody, who that is, and the run's
    protocol.
    """
    contacts = Contact.objects.filter(
        run__in={run for run, _ in lists},
        person__in={person for _, person in lists},
        release_date__isnull=False,
    )
    contacts = (
        contacts.select_related("run")
        .only("run__draft", "run", "person", "outcome", "last_exposure", "release_date")
        .order_by("pk")
    )
    protocols: dict[str, Protocol | None] = {}
    found: defaultdict[Key, list[Measured]] = defaultdict(list)
    for one in contacts:
        if (one.run_id, one.person) not in lists:
            continue
        key, protocol = lists[one.run_id, one.person]
        if protocol not in protocols:
            protocols[protocol] = _protocol(home, protocol)
        found[key].append(_measured(one, protocol, protocols[protocol], home.zone))
    return {key: _latest(each) for key, each in found.items()}


def _latest(several: Iterable[Measured]) -> Measured:
    """The last date, with every measure and every day of tests that any of them asks for."""
    ranked = sorted(several, key=lambda one: one.release_date)
    return replace(
        ranked[-1],
        samples=tuple(sorted({day for one in ranked for day in one.samples})),
        steps=tuple(dict.fromkeys(step for one in ranked for step in one.steps)),
        draft=any(one.draft for one in ranked),
    )


def _protocol(home: Home, name: str) -> Protocol | None:
    """None: it was taken away since; the date that it gave stays."""
    try:
        return named(name, home.protocols).protocol if name else None
    except NotFound:
        return None


def _measured(one: Contact, name: str, protocol: Protocol | None, zone: str) -> Measured:
    assert one.release_date is not None
    outcome = Outcome(one.outcome)
    said, draft = words.CLASS_SHORT[outcome], one.run.draft
    if protocol is None:
        rule = Text(f"{name}, {said.en}", f"{name}，{said.zh}")
        return Measured(one.release_date, rule, (), draft=draft)
    ordered_ = ordered(protocol, outcome, one.last_exposure, zone)
    spans = [(MEASURE_KINDS[step.measure.kind], step.measure.days, step.until) for step in ordered_]
    steps = tuple(
        Text(f"{kind.en} {days} d until {until}", f"{kind.zh}{days}天至{until}")
        for kind, days, until in spans
    )
    samples = tuple(day for step in ordered_ for day in step.tests)
    en, zh = ", ".join(step.en for step in steps), "、".join(step.zh for step in steps)
    rule = Text(f"{name}, {said.en}: {en}", f"{name}，{said.zh}：{zh}")
    return Measured(one.release_date, rule, samples, steps, draft)
