"""Lists of persons handed down, each under a case within reach: taken in, sent on, answered.

Who the persons are is shown to nobody here. A list says of a person whether the home knows it, so
that each look has the right, the case and the legal basis, and is in the audit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from ringfence.errors import UsageError
from ringfence.lake import Home
from ringfence.operations import lists
from ringfence.operations.lists import STAGES, Done, Funnel, Person, ReceivedList
from ringfence.operations.lists.answering import give_answer
from ringfence_server.access import Acting
from ringfence_server.agencies.actions import check_reach
from ringfence_server.agencies.queries import list_of
from ringfence_server.imports.actions import Wanted, begin
from ringfence_server.imports.models import Import
from ringfence_server.tracing.queries import traced_here

CHECK = "list.check"
ANSWER = "list.answer"
_LANGUAGES = ("en", "zh")


def begin_list(*, home: Home, wanted: Wanted, by: Acting, at: datetime) -> Import:
    """The file is sent as those of the lake are. NotFound: no such case within reach. UserError: it
    cannot be a list.
    """
    assert wanted.listed is not None
    check_reach(home, wanted.listed.case, CHECK, by=by, at=at)
    return begin(home=home, wanted=wanted, by=by, at=at)


def persons_at(home: Home, name: str, stage: str, *, by: Acting, at: datetime) -> list[Person]:
    """By their numbers on the list. Under which number the home knows somebody is told of cases and
    contacts within reach alone.
    """
    found = list_of(home, by, name, CHECK)
    if stage not in STAGES:
        words = ", ".join(STAGES)
        raise UsageError(f"a stage is one of: {words}", f"阶段只能是：{words}")
    persons = lists.persons_at(home, found.name, stage, by=by.user.username, now=at)
    told = traced_here(by, {subject for one in persons for subject in one.known})
    return [
        replace(one, known=tuple(subject for subject in one.known if subject in told))
        for one in persons
    ]


def check(*, home: Home, name: str, by: Acting, at: datetime) -> Funnel:
    found = list_of(home, by, name, CHECK)
    return lists.check_list(home, found.name, by=by.user.username, now=at)


def send(
    *,
    home: Home,
    name: str,
    unit: str,
    division: str | None,
    persons: Iterable[int],
    by: Acting,
    at: datetime,
) -> Done:
    found = list_of(home, by, name, CHECK)
    return lists.send(
        home,
        found.name,
        unit,
        division=division,
        persons=persons,
        by=by.user.username,
        now=at,
    )


def record(*, home: Home, name: str, outcomes: Mapping[int, str], by: Acting, at: datetime) -> Done:
    found = list_of(home, by, name, CHECK)
    return lists.record(home, found.name, outcomes, by=by.user.username, now=at)


def withdraw(*, home: Home, name: str, reason: str, by: Acting, at: datetime) -> ReceivedList:
    found = list_of(home, by, name, CHECK)
    return lists.withdraw(home, found.name, reason, by=by.user.username, now=at)


def sign_off(*, home: Home, name: str, interim: bool, by: Acting, at: datetime) -> int:
    """How many persons are pending."""
    found = list_of(home, by, name, ANSWER)
    return lists.sign_off(home, found.name, interim=interim, by=by.user.username, now=at)


def answer(
    *, home: Home, name: str, language: str, by: Acting, at: datetime
) -> tuple[ReceivedList, bytes]:
    """What was signed off, as the sender gets it: rows and results. Not its own references: a form
    may have taken them from any column, names too. It is in the audit before it is told.
    """
    found = list_of(home, by, name, ANSWER)
    if language not in _LANGUAGES:
        raise UsageError("the language is zh or en", "语言只能是 zh 或 en")
    kept: list[bytes] = []
    given = give_answer(
        home,
        found.name,
        kept.append,
        language=language,
        by=by.user.username,
        now=at,
        referring=False,
    )
    (content,) = kept
    return given, content
