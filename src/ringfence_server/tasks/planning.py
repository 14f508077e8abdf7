"""What a list means as work, compared with what is open already. Nothing here reads or writes."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from ringfence_server.tasks.kinds import Book

RULE = "rule"
CASE = "case"
"""The end of a follow-up whose person is a case: nothing is made of it while it is."""
HANDED_OVER = "handed_over"
"""Another city follows the person, and is told of cases by whoever found them."""


@dataclass(frozen=True)
class Listed:
    """A contact as a run lists it. `unit`: responsible; `assumed`: no source says so. `is_case`: by
    any of the person's numbers, of the disease: followed as that, never as a contact. `at_site`:
    a measure at a site is running or ahead; else no order is made.
    """

    person: str
    outcome: str
    provisional: bool
    unit: str
    assumed: bool
    is_case: bool = False
    at_site: bool = False


@dataclass(frozen=True)
class Rests:
    """That a follow-up rests on a case. `run` None: somebody named the person. `case` None: another
    city did, in a hand-over. `at_site`: as of `Listed`.
    """

    key: int
    case: int | None
    run: int | None
    outcome: str
    provisional: bool
    since: datetime
    at_site: bool = False


@dataclass(frozen=True)
class Work:
    """A task that is open, or that was closed at that time. `reported`: open, and done."""

    key: int
    kind: str
    origin: str
    closed_at: datetime | None = None
    reported: bool = False


@dataclass(frozen=True)
class Standing:
    """A follow-up as it stands."""

    key: int
    person: str
    unit: str
    assumed: bool
    end: str
    rests: tuple[Rests, ...] = ()
    work: tuple[Work, ...] = ()


@dataclass(frozen=True)
class Change:
    """What follows for one person. `follow_up` None: one is begun. `rests`: the row of this case
    that is there. `listed` None: the case lists the person no more. `closes`: what is let go and
    was reported. `measures`: kinds that the measures begin. `end`: as it is afterwards.
    """

    person: str
    unit: str
    assumed: bool
    follow_up: int | None
    rests: int | None
    listed: Listed | None
    makes: tuple[str, ...]
    withdraws: tuple[int, ...]
    closes: tuple[int, ...]
    was: str
    end: str
    cases: int
    measures: tuple[str, ...] = ()

    @property
    def quiet(self) -> bool:
        """Nobody has anything more or less to do."""
        lets_go = self.withdraws or self.closes
        makes = self.makes or self.measures
        return not makes and not lets_go and self.was == self.end


@dataclass(frozen=True)
class Plan:
    changes: tuple[Change, ...] = ()
    open_before: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)

    def measured(self, of: Mapping[str, tuple[str, ...]]) -> Plan:
        """With the kinds that the measures begin, by person."""
        changes = [replace(one, measures=of.get(one.person, ())) for one in self.changes]
        kinds = Counter(self.kinds)
        kinds.update(kind for one in changes for kind in one.measures)
        return Plan(tuple(changes), self.open_before, dict(kinds))

    @property
    def digest(self) -> str:
        """Changes when anything does that an approval would do."""
        told = json.dumps([asdict(one) for one in self.changes], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:32]


def plan(
    case: int,
    listed: Sequence[Listed],
    standing: Iterable[Standing],
    book: Book,
    now: datetime,
    *,
    named_too: bool = False,
) -> Plan:
    """`standing`: of everybody listed, and of everybody who rests on this case. `named_too`: also
    those whom somebody named are let go where the list has them not: the case itself is gone.
    """
    there = {one.person: one for one in standing}
    changes = [_listed(case, one, there.get(one.person), book, now) for one in listed]
    among = {one.person for one in listed}
    for one in there.values():
        own = _of_case(one, case)
        if own is not None and one.person not in among and (named_too or own.run is not None):
            changes.append(_dropped(one, own, book))
    counted: dict[str, int] = {}
    for change in changes:
        for kind in change.makes:
            counted[kind] = counted.get(kind, 0) + 1
    before = sum(work.closed_at is None for one in there.values() for work in one.work)
    return Plan(tuple(sorted(changes, key=lambda one: one.person)), before, counted)


def _listed(case: int, one: Listed, stands: Standing | None, book: Book, now: datetime) -> Change:
    own = None if stands is None else _of_case(stands, case)
    since = own.since if own is not None else now
    key = own.key if own is not None else 0
    others = tuple(r for r in stands.rests if r.case != case) if stands is not None else ()
    own_rests = Rests(key, case, 0, one.outcome, one.provisional, since, one.at_site)
    rests = (*others, own_rests)
    return _change(book, person=one.person, listed=one, stands=stands, own=own, rests=rests)


def _dropped(stands: Standing, own: Rests, book: Book) -> Change:
    rests = tuple(one for one in stands.rests if one.case != own.case)
    return _change(book, person=stands.person, listed=None, stands=stands, own=own, rests=rests)


def _change(
    book: Book,
    *,
    person: str,
    listed: Listed | None,
    stands: Standing | None,
    own: Rests | None,
    rests: Sequence[Rests],
) -> Change:
    work = stands.work if stands is not None else ()
    at_work = [one for one in work if one.closed_at is None]
    needed, wanted = _needed(rests, work, book)
    needed -= {one.kind for one in at_work}
    was = stands.end if stands is not None else ""
    is_case = listed is not None and listed.is_case and was != HANDED_OVER
    if is_case:
        wanted.clear()
    if is_case or was == CASE:
        needed.clear()
    makes = tuple(kind for kind in book.kinds if kind in needed)
    gone = sorted(
        (one.key, one.reported)
        for one in at_work
        if is_case or not rests or (one.origin == RULE and one.kind not in wanted)
    )
    left = len(at_work) - len(gone) + len(makes)
    unit = stands.unit if stands is not None else listed.unit if listed is not None else ""
    assumed = stands.assumed if stands is not None else listed is not None and listed.assumed
    return Change(
        person=person,
        unit=unit,
        assumed=assumed,
        follow_up=stands.key if stands is not None else None,
        rests=own.key if own is not None else None,
        listed=listed,
        makes=makes,
        withdraws=tuple(key for key, reported in gone if not reported),
        closes=tuple(key for key, reported in gone if reported),
        was=was,
        end="" if left else CASE if is_case else was or ("closed" if rests else "dropped"),
        cases=len({one.case for one in rests}),
    )


def _needed(rests: Sequence[Rests], work: Sequence[Work], book: Book) -> tuple[set[str], set[str]]:
    """Kinds still to be done, and all that are wanted. What was closed before a case came counts
    not for it.
    """
    needed, wanted = set(), set()
    for one in rests:
        for kind in book.wanted(one.outcome, binds=one.at_site and not one.provisional):
            wanted.add(kind)
            done = (w.closed_at for w in work if w.kind == kind and w.closed_at is not None)
            if not any(at >= one.since for at in done):
                needed.add(kind)
    return needed, wanted


def _of_case(one: Standing, case: int) -> Rests | None:
    return next((rests for rests in one.rests if rests.case == case), None)
