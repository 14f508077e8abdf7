"""Looking for people: counted, audited and watched before anything is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from ringfence.errors import NotAllowed, NotFound
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.canaries import queries as canaries
from ringfence_server.canaries.actions import alarm
from ringfence_server.canaries.models import Canary
from ringfence_server.deployment.here import deployment
from ringfence_server.outbox import auditing
from ringfence_server.search.allowing import one_at_a_time, spent
from ringfence_server.search.digests import digest_of
from ringfence_server.search.models import Asked
from ringfence_server.search.people import RIGHT, Hits, find
from ringfence_server.search.typed import Typed

Found = TypeVar("Found")


class OverQuota(NotAllowed):
    """Nothing was looked for."""

    status = 429

    def __init__(self) -> None:
        super().__init__(
            "you have looked for people as often as you may: wait, or ask for a higher quota",
            "人员查询次数已达限额：请稍后再试，或申请提高限额",
        )


@dataclass(frozen=True)
class Answer:
    """`canaries`: those within reach, each with the kind that meant it; a page shows them like
    everybody else.
    """

    hits: Hits
    canaries: tuple[tuple[Canary, str], ...] = ()

    def __len__(self) -> int:
        return len(self.hits) + len(self.canaries)


def ask(*, home: Home, typed: Typed, by: Acting, at: datetime) -> Answer:
    """OverQuota: refused, and that is told to the audit too. NotAllowed: without the right."""
    if not by.may(RIGHT):
        raise NotAllowed("you may not look for people", "您没有查询人员的权限")
    digest = digest_of(deployment().secret, typed.text)
    with transaction.atomic():
        one_at_a_time(by.user)
        answer = _found(home, typed, by, at) if spent(by.user, at).left else None
        Asked.objects.create(
            account=by.user,
            at=at,
            kinds=typed.kinds,
            digest=digest,
            hits=len(answer) if answer else 0,
            refused=answer is None,
        )
        about = {"kinds": typed.kinds, "query": digest}
        if answer is not None:
            about["hits"] = str(len(answer))
        act = "search.refused" if answer is None else "search.people"
        auditing.told(act, by=by.user.username, at=at, about=about)
    if answer is None:
        raise OverQuota
    return answer


def counted(*, text: str, kinds: str, find: Callable[[], Found], by: Acting, at: datetime) -> Found:
    """A look for somebody that is no search by who it is: it spends of the same quota, and is told
    to the audit, whether or not it finds. OverQuota: nothing was looked for. NotFound: `find`'s.
    """
    digest = digest_of(deployment().secret, text)
    missing: NotFound | None = None
    found: Found | None = None
    with transaction.atomic():
        one_at_a_time(by.user)
        refused = not spent(by.user, at).left
        if not refused:
            try:
                found = find()
            except NotFound as none:
                missing = none
        hits = int(found is not None)
        Asked.objects.create(
            account=by.user, at=at, kinds=kinds, digest=digest, hits=hits, refused=refused
        )
        about = {"kinds": kinds, "query": digest, **({} if refused else {"hits": str(hits)})}
        act = "search.refused" if refused else "search.people"
        auditing.told(act, by=by.user.username, at=at, about=about)
    if refused:
        raise OverQuota
    if found is None:
        raise missing or NotFound("there is no such person", "没有此人员")
    return found


def _found(home: Home, typed: Typed, by: Acting, at: datetime) -> Answer:
    """An alarm for every canary that is meant, wherever it is; shown is what is within reach."""
    meant = canaries.sought(typed.forms)
    alarm([one for one, _ in meant], "search", by=by, at=at)
    hits = find(home, typed.forms, by=by, at=at)
    return Answer(hits, tuple(one for one in meant if by.may(RIGHT, one[0].unit)))


def told_of_things(typed: Typed, hits: int, *, by: Acting, at: datetime) -> None:
    """That somebody looked for something that is nobody: its row of the audit."""
    about = {"kinds": "words", "hits": str(hits)}
    about["query"] = digest_of(deployment().secret, typed.text)
    with transaction.atomic():
        auditing.told("search.asked", by=by.user.username, at=at, about=about)
