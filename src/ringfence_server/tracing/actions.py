"""Asking for a trace: one act, for whoever may trace this case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from procrastinate.exceptions import AlreadyEnqueued

from ringfence.errors import NotAllowed
from ringfence_server.access import Acting
from ringfence_server.accounts.models import User
from ringfence_server.cases.changing import PROGRAM
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import case_of, number_of
from ringfence_server.outbox import auditing
from ringfence_server.tracing import jobs
from ringfence_server.tracing.models import Run

RIGHT = "trace.run"


def ask(*, case: int, by: Acting, at: datetime) -> Run:
    """A run of this case; the one under way, where there is one: a second click asks for nothing.

    NotFound: no such case within reach. NotAllowed: without the right; or nothing stands behind the
    case, no laboratory record and not the signatures for a suspected one.
    """
    return _ask(case_of(by, number_of(by, case), RIGHT), by.user, at, {})


def ask_after(*, case: Case, because: str, at: datetime) -> Run:
    """The same by the program itself: whoever reported something need not have the right to trace,
    and asked for nothing. `because`: what of, as the audit is told.
    """
    return _ask(case, None, at, {"because": because})


def _ask(case: Case, by: User | None, at: datetime, why: Mapping[str, str]) -> Run:
    check_traceable(case, at)
    try:
        with transaction.atomic():
            run = Run.objects.create(case=case, asked_by=by, asked_at=at)
            about = {"case": case.number, "run": str(run.pk), **why}
            auditing.told("trace.asked", by=by.username if by else PROGRAM, at=at, about=about)
            priority = jobs.WAITED_FOR if by else jobs.AFTERWARDS
            jobs.trace.configure(priority=priority, lock=_one_of(run)).defer(run=run.pk)
    except IntegrityError:
        run = Run.objects.filter(case=case).order_by("-id")[0]
        if by is not None and run.state == "waiting" and run.asked_by is None:
            _hurry(run)
    return run


def _hurry(run: Run) -> None:
    """Somebody waits now for what the program asked: a second job, of which one finds it done."""
    try:
        with transaction.atomic():
            key = _one_of(run)
            hurried = jobs.trace.configure(priority=jobs.WAITED_FOR, lock=key, queueing_lock=key)
            hurried.defer(run=run.pk)
    except AlreadyEnqueued:
        return


def _one_of(run: Run) -> str:
    return f"trace {run.pk}"


def check_traceable(case: Case, at: datetime) -> None:
    """NotAllowed: see `ask`."""
    until = case.provisional_until
    if not case.may_be_traced or (case.state == "provisional" and until and until <= at):
        raise NotAllowed(
            "a trace needs a positive laboratory record, or a suspected case that a clinician and "
            "a supervisor signed for in the last 48 hours",
            "追踪需要阳性实验室结果；疑似病例须经临床医生与主管签署，且在 48 小时之内",
        )
