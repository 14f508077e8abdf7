"""Numbers that become one person, or several, while people are followed up: no work is lost, and
none is done twice.
"""

from __future__ import annotations

import pytest
from tests.server.homes import NOON
from tests.server.tasks.loop import approved, traced

from ringfence import identity
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.follow_ups.measuring import measured
from ringfence_server.tasks.approving import preview
from ringfence_server.tasks.models import FollowUp, Link, Task
from ringfence_server.tasks.queries import lost
from ringfence_server.tracing.models import Contact, Run

pytestmark = pytest.mark.django_db


def merged(home: Home, *subjects: str) -> int:
    return identity.merge(home, subjects, reason="one person", by="analyst", now=NOON).act


def states() -> dict[int, str]:
    return dict(Task.objects.values_list("pk", "state"))


def test_who_is_listed_by_another_number_now_is_followed_on(
    home: Home, run: Run, chief: Acting
) -> None:
    approved(home, run, chief)
    before, until = states(), measured(home, [FollowUp.objects.get(person="p2")])
    merged(home, "p2", "a1")
    again = traced(home, chief)
    assert set(Contact.objects.filter(run=again).values_list("person", flat=True)) == {"a1", "p3"}
    seen = preview(home=home, run=again.pk, by=chief, at=NOON)
    assert all(change.quiet for change in seen.plan.changes)
    approved(home, again, chief)
    assert states() == before
    one = FollowUp.objects.get(person="p2")
    assert (one.subjects, one.end) == (["a1", "p2"], "")
    assert Link.objects.get(follow_up=one, until__isnull=True).listed_as == "a1"
    assert FollowUp.objects.count() == 2
    assert not lost().exists()
    assert measured(home, [one]) == until


def test_apart_again_each_is_followed_as_listed(home: Home, run: Run, chief: Acting) -> None:
    approved(home, run, chief)
    act = merged(home, "p2", "a1")
    approved(home, traced(home, chief), chief)
    before = states()
    identity.undo(home, act, reason="two people", by="analyst", now=NOON)
    approved(home, traced(home, chief), chief)
    assert states() == before
    assert FollowUp.objects.get(person="p2").subjects == ["p2"]
    assert not lost().exists()


def test_two_who_are_followed_up_and_turn_out_one_are_one_after_the_next_list(
    home: Home, run: Run, chief: Acting
) -> None:
    approved(home, run, chief)
    merged(home, "p2", "p3")
    again = traced(home, chief)
    assert Contact.objects.filter(run=again).count() == 1
    approved(home, again, chief)
    stays, goes = FollowUp.objects.get(person="p2"), FollowUp.objects.get(person="p3")
    assert (stays.end, goes.end) == ("", "dropped")
    assert not Task.objects.filter(follow_up=goes).exclude(state="withdrawn").exists()
    kinds = Task.objects.filter(follow_up=stays).exclude(state="withdrawn")
    assert sorted(kinds.values_list("kind", flat=True)) == ["bring", "notify", "release"]
    assert not lost().exists()
