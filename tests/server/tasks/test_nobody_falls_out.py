"""Whatever is done in whatever order, each contact of an approved list has a task or an end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.server.cases.town import DAY, Town, settled
from tests.server.homes import NOON

from ringfence.errors import UserError
from ringfence.lake import Home
from ringfence_server.cases.actions import reclassify, withdraw
from ringfence_server.cases.models import Case, LaboratoryResult
from ringfence_server.follow_ups import actions as follow_ups
from ringfence_server.follow_ups.days import wanted
from ringfence_server.follow_ups.watching import local_day
from ringfence_server.tasks import actions, handing, keeping
from ringfence_server.tasks.assigning import last_state
from ringfence_server.tasks.counting import count_lost, fallen
from ringfence_server.tasks.kinds import book
from ringfence_server.tasks.models import Exposure, FollowUp, Link, Task
from ringfence_server.tasks.queries import lost
from ringfence_server.tasks.reporting import Report
from ringfence_server.tasks.words import OPEN
from ringfence_server.tracing.models import Contact, Run

pytestmark = pytest.mark.django_db
PEOPLE = ("a", "b", "s-C1")
"""The last is the person of a case."""
CASES = ("C1", "C2")
GRID = "000101001001001"
RELEASE = (NOON + 3 * DAY).date()
"""Of whoever is a close contact: soon, so that days are lived until then."""
_tokens = count(1)
_LISTS = st.dictionaries(
    st.sampled_from(PEOPLE),
    st.tuples(st.sampled_from(["close", "general", "second"]), st.booleans()),
)


def case_of(number: str, town: Town) -> Case:
    made = Case.objects.create(
        number=number,
        disease="covid-19",
        subject=f"s-{number}",
        unit=town.unit("000101"),
        owner=town.unit("000101"),
        classification="confirmed",
        state="traceable",
        listed_at=NOON,
        at=NOON,
    )
    LaboratoryResult.objects.create(
        case=made, sampled_at=NOON, sampled_precision="day", result="positive", at=NOON
    )
    return made


def run_of(case: Case, listed: dict[str, tuple[str, bool]], by: int) -> Run:
    """As a worker would have written it, with an answer that tells of nobody else."""
    run = Run.objects.create(case=case, asked_by_id=by, asked_at=NOON, state="done", ended_at=NOON)
    Contact.objects.bulk_create(
        Contact(
            run=run,
            rank=rank,
            person=person,
            order=1,
            outcome=outcome,
            provisional=provisional,
            first_exposure=NOON,
            last_exposure=NOON,
            subjects=[person],
            rules=[],
            why=[],
            release_date=RELEASE if outcome == "close" else None,
        )
        for rank, (person, (outcome, provisional)) in enumerate(listed.items())
    )
    return run


class Loop(RuleBasedStateMachine):
    home: Home

    @initialize()
    def begins(self) -> None:
        self.begun = transaction.atomic()
        self.begun.__enter__()
        self.town = settled()
        self.at = NOON
        self.chief = self.town.chief
        self.worker = self.town.staff("worker", "grid_worker", "0001")
        for number in CASES:
            case_of(number, self.town)

    def teardown(self) -> None:
        if hasattr(self, "begun"):
            transaction.set_rollback(True)
            self.begun.__exit__(None, None, None)

    @rule(number=st.sampled_from(CASES), listed=_LISTS)
    def traced(self, number: str, listed: dict[str, tuple[str, bool]]) -> None:
        case = Case.objects.get(number=number)
        run = run_of(case, listed, self.chief.user.pk)
        assert run.state == "done"

    @rule(number=st.sampled_from(CASES))
    def approved(self, number: str) -> None:
        run = Run.objects.filter(case__number=number, state="done").order_by("-pk").first()
        if run is None:
            return
        self._tries(lambda: self._approve(run.pk))

    def _approve(self, run: int) -> None:
        seen = actions.preview(home=self.home, run=run, by=self.chief, at=self.at)
        digest = seen.digest
        actions.approve(home=self.home, run=run, digest=digest, by=self.chief, at=self.at)

    @rule(which=st.integers(0, 20), to=st.sampled_from(["accepted", "refused", "on_the_way"]))
    def stepped(self, which: int, to: str) -> None:
        if (task := self._task(which)) is not None:
            self._tries(
                lambda: actions.step(
                    number=task.pk, to=to, by=self.worker, at=self.at, reason="busy"
                )
            )

    @rule(which=st.integers(0, 20), end=st.integers(0, 3), names=st.booleans())
    def reported(self, which: int, end: int, names: bool) -> None:
        task = self._task(which, "accepted", "on_the_way")
        if task is None:
            return
        words = list(book().kinds[task.kind].ends)
        others = []
        if names:
            asked, _ = Exposure.objects.get_or_create(
                follow_up=task.follow_up,
                case=Case.objects.order_by("pk")[0],
                subject=task.follow_up.person,
                place="K",
                start=NOON - DAY,
                defaults={"label": "K", "end": NOON},
            )
            others = [(asked.pk, {"name": "李娜", "phone": "13900139000"})]
        told = Report(words[end % len(words)], others=others)
        token = f"loop-{next(_tokens)}"
        self._tries(
            lambda: actions.report(
                home=self.home, number=task.pk, told=told, token=token, by=self.worker, at=self.at
            )
        )

    @rule(which=st.integers(0, 20), act=st.sampled_from(["check", "close", "send", "check"]))
    def looked_at(self, which: int, act: str) -> None:
        task = self._task(which, "feedback", "verified", "refused")
        if task is None:
            return
        does = {"check": actions.check, "close": actions.close, "send": actions.send}[act]
        seen = last_state(task)
        self._tries(lambda: does(number=task.pk, seen=seen, by=self.chief, at=self.at))

    @rule(which=st.integers(0, 20))
    def added(self, which: int) -> None:
        if (task := self._task(which)) is not None:
            self._tries(
                lambda: actions.add(
                    home=self.home, number=task.pk, kind="sample", by=self.chief, at=self.at
                )
            )

    @rule(days=st.integers(1, 3))
    def days_pass(self, days: int) -> None:
        self.at += days * DAY
        follow_ups.make_days(self.home, at=self.at)
        today = local_day(self.home, self.at)
        for one in Task.objects.filter(kind="release", state="dispatched"):
            told = one.follow_up.tasks.filter(day__isnull=False).exclude(state="withdrawn")
            made = list(told.values_list("kind", "day"))
            assert len(set(made)) == len(made)
            assert set(wanted(one.follow_up.watch, today)) <= set(made)

    @rule(which=st.integers(0, 20))
    def released(self, which: int) -> None:
        tasks = list(Task.objects.filter(kind="release", state="dispatched").order_by("pk"))
        if not tasks:
            return
        one = tasks[which % len(tasks)]
        seen, key = last_state(one), one.follow_up_id
        self._tries(
            lambda: follow_ups.release(
                home=self.home, follow_up=key, seen=seen, by=self.chief, at=self.at
            )
        )
        done = FollowUp.objects.get(pk=key)
        if done.end == "released":
            assert local_day(self.home, self.at) >= done.watch.release_date
            assert not done.tasks.filter(state__in=OPEN).exists()

    @rule(which=st.integers(0, 20))
    def given_up(self, which: int) -> None:
        tasks = list(Task.objects.filter(day__isnull=False, state__in=OPEN).order_by("pk"))
        if not tasks:
            return
        one = tasks[which % len(tasks)]
        seen = last_state(one)
        self._tries(
            lambda: follow_ups.give_up(
                home=self.home, task=one.pk, seen=seen, reason="late", by=self.chief, at=self.at
            )
        )

    @rule(which=st.integers(0, 20))
    def handed_over(self, which: int) -> None:
        if (task := self._task(which)) is not None:
            self._tries(lambda: self._give(task.follow_up_id))

    def _give(self, key: int) -> None:
        keeping.alone()
        handing.give([key], number="H1", by=self.chief, at=self.at)

    @rule(which=st.integers(0, 20), accepted=st.booleans())
    def hand_over_answered(self, which: int, accepted: bool) -> None:
        task = self._task(which, "handed_over")
        if task is None:
            return
        with transaction.atomic():
            keeping.alone()
            if accepted:
                handing.go_elsewhere([task.follow_up_id], by=self.chief, at=self.at, number="H1")
            else:
                handing.come_back([task.follow_up_id], by=self.chief, at=self.at, reason="no")

    @rule(number=st.sampled_from(CASES), act=st.sampled_from(["withdraw", "discarded"]))
    def case_gone(self, number: str, act: str) -> None:
        given: dict[str, Any] = {
            "number": number,
            "reason": "mixed up",
            "by": self.chief,
            "at": self.at,
        }
        if act == "withdraw":
            self._tries(lambda: withdraw(home=self.home, **given))
        else:
            self._tries(lambda: reclassify(home=self.home, classification=act, **given))

    @rule(number=st.sampled_from(CASES))
    def case_back(self, number: str) -> None:
        given: dict[str, Any] = {
            "number": number,
            "reason": "it is one",
            "by": self.chief,
            "at": self.at,
        }
        self._tries(lambda: reclassify(home=self.home, classification="confirmed", **given))

    @invariant()
    def nobody_fell_out(self) -> None:
        if not hasattr(self, "town"):
            return
        self.at += timedelta(minutes=1)
        assert list(lost()) == []
        for gone in Task.objects.filter(kind="release", state="closed"):
            given = gone.states.filter(state="handed_over").exists()
            assert gone.outcome == "released" or given
        cases = Case.objects.filter(state="traceable").values("subject")
        for own in Task.objects.filter(follow_up__person__in=cases, state__in=OPEN):
            raise AssertionError(f"{own.kind} of a case as of a contact")
        for one in FollowUp.objects.all():
            at_work = one.tasks.filter(state__in=OPEN).count()
            assert bool(at_work) != bool(one.end)
            if at_work:
                assert Link.objects.filter(follow_up=one, until__isnull=True).exists()

    def _task(self, which: int, *states: str) -> Task | None:
        tasks = list(Task.objects.filter(state__in=states or OPEN).order_by("pk"))
        return tasks[which % len(tasks)] if tasks else None

    def _tries(self, act: Callable[[], object]) -> None:
        """What is refused leaves nothing behind."""
        try:
            with transaction.atomic():
                act()
        except UserError:
            return


def test_nobody_falls_out(home: Home) -> None:
    Loop.home = home
    run_state_machine_as_test(
        Loop,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_who_was_lost_is_counted_and_listed(home: Home, town: Town) -> None:
    chief = town.chief
    run = run_of(case_of("C1", town), {"a": ("close", False), "b": ("close", False)}, chief.user.pk)
    seen = actions.preview(home=home, run=run.pk, by=chief, at=NOON)
    actions.approve(home=home, run=run.pk, digest=seen.digest, by=chief, at=NOON)
    assert count_lost(at=NOON) == 0
    Task.objects.filter(follow_up__person="a").update(state="closed")
    Link.objects.filter(follow_up__person="b").update(listed_as="somebody else")
    assert {one.person for one in lost()} == {"a", "b"}
    assert count_lost(at=NOON) == fallen(chief) == 2
    assert fallen(town.neighbour) == 0
