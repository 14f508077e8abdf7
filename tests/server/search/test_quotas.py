"""Searches among people are counted; another account raises the quota, for 72 hours."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connections, transaction
from tests.server.cases.town import Town, settled
from tests.server.homes import NOON, told_of

from ringfence.errors import DataError, NotAllowed, NotFound, UserError
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.outbox import auditing
from ringfence_server.outbox.models import AuditRow
from ringfence_server.search.allowing import spent
from ringfence_server.search.asking import OverQuota, ask
from ringfence_server.search.models import Asked, Raise
from ringfence_server.search.overseeing import searchers
from ringfence_server.search.quotas import quotas
from ringfence_server.search.raising import ask_for, decide, raises, waiting
from ringfence_server.search.typed import read

HOUR = timedelta(hours=1)


def _ask(home: Home, by: Acting, at: datetime = NOON, text: str = "张伟") -> int:
    return len(ask(home=home, typed=read(text, home, at), by=by, at=at))


def _spend(by: Acting, times: int, at: datetime = NOON) -> None:
    rows = [Asked(account=by.user, at=at, kinds="name", digest="x") for _ in range(times)]
    Asked.objects.bulk_create(rows)


def test_an_hour_and_a_day_are_counted(home: Home, town: Town, detective: Acting) -> None:
    usual = quotas().usual
    _spend(detective, usual.hour - 1)
    _ask(home, detective)
    with pytest.raises(OverQuota):
        _ask(home, detective)
    assert _ask(home, detective, NOON + HOUR) == 0, "an hour later it is free again"
    _spend(detective, usual.day - usual.hour - 1, NOON + 2 * HOUR)
    with pytest.raises(OverQuota):
        _ask(home, detective, NOON + 4 * HOUR)
    assert _ask(home, detective, NOON + timedelta(hours=24)) == 0
    seen = AuditRow.objects.filter(act="search.refused")
    assert seen.count() == 2
    assert spent(town.staff("second", "investigator", "000101").user, NOON).left == usual.hour


def test_what_stands_in_the_audit(home: Home, people: Mapping[str, str], detective: Acting) -> None:
    assert _ask(home, detective, text="000101 19850312 2156") == 1
    assert _ask(home, detective, text="zhang wei") == 2
    auditing.drain(home)
    first, second = told_of(home, "search.people")
    assert first.by == "detective"
    assert (first.about["kinds"], first.about["hits"]) == ("id_number", "1")
    assert (second.about["kinds"], second.about["hits"]) == ("name/pinyin", "2")
    told = " ".join(f"{one.about}" for one in (first, second))
    assert all(word not in told for word in ("000101", "zhang", "张"))
    assert first.about["query"] != second.about["query"]


@pytest.mark.django_db(transaction=True)
def test_twenty_at_once_before_the_last_one(home: Home) -> None:
    """Exactly one passes."""
    town = settled()
    by = town.staff("detective", "investigator", "000101")
    _spend(by, quotas().usual.hour - 1)

    def one(_: int) -> bool:
        try:
            _ask(home, by)
        except OverQuota:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(20) as pool:
        passed = list(pool.map(one, range(20)))
    assert passed.count(True) == 1
    assert Asked.objects.filter(refused=True).count() == 19


def test_another_account_raises_it_for_72_hours(home: Home, town: Town, detective: Acting) -> None:
    made = ask_for(reason="outbreak at the market, many call back", by=detective, at=NOON)
    with pytest.raises(DataError):
        ask_for(reason="again", by=detective, at=NOON)
    assert spent(detective.user, NOON).allowed == quotas().usual, "asking raises nothing"
    boss = town.staff("boss", "supervisor", "0001")
    assert [one.pk for one in waiting(boss)] == [made.pk]
    decide(key=made.pk, grant=True, by=boss, at=NOON)
    _spend(detective, quotas().usual.hour)
    assert _ask(home, detective) == 0
    later = NOON + timedelta(hours=72)
    _spend(detective, quotas().usual.hour, later)
    with pytest.raises(OverQuota):
        _ask(home, detective, later)
    with pytest.raises(NotFound):
        decide(key=made.pk, grant=True, by=boss, at=NOON)
    acts = list(AuditRow.objects.values_list("act", "by").order_by("pk"))
    assert ("search.raise.asked", "detective") in acts
    assert ("search.raise.granted", "boss") in acts
    auditor = town.staff("auditor", "auditor", "0001")
    assert [one.pk for one in raises(auditor)] == [made.pk]
    (row,) = searchers(auditor, NOON)
    assert (row.account.username, row.raised) == ("detective", True)


def test_nobody_raises_their_own_or_from_elsewhere(town: Town, detective: Acting) -> None:
    town.staff("detective", "supervisor", "0001")
    both = town.staff("detective", "investigator", "000101")
    made = ask_for(reason="many calls", by=both, at=NOON)
    with pytest.raises(NotAllowed):
        decide(key=made.pk, grant=True, by=both, at=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Raise.objects.filter(pk=made.pk).update(
            decided_by=both.user, decided_at=NOON, until=NOON + HOUR
        )
    with pytest.raises(NotFound):
        decide(key=made.pk, grant=True, by=town.neighbour, at=NOON)
    assert Raise.objects.get(pk=made.pk).until is None


@pytest.mark.parametrize("reason", ["", "  ", "张三 13800138000", "x" * 501, "a\0b"])
def test_reasons_that_are_refused(town: Town, detective: Acting, reason: str) -> None:
    with pytest.raises(UserError):
        ask_for(reason=reason, by=detective, at=NOON)
    assert not Raise.objects.exists()


def test_without_the_right_nothing_is_asked(home: Home, town: Town) -> None:
    with pytest.raises(NotAllowed):
        _ask(home, town.chief)
    assert not Asked.objects.exists()
