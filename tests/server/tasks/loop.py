"""Steps of the loop, as tests take them."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import is_mfa_enabled
from django.test import Client
from tests.server.cases.town import SECRET
from tests.server.homes import NOON

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.outbox.delivering import deliver
from ringfence_server.tasks.approving import approve, preview
from ringfence_server.tasks.models import Approval, Task
from ringfence_server.tracing import actions
from ringfence_server.tracing.models import Run
from ringfence_server.tracing.running import run_trace


def traced(home: Home, by: Acting, case: str = "C1", at: datetime = NOON) -> Run:
    asked = actions.ask(case=Case.objects.get(number=case).pk, by=by, at=at)
    assert deliver(home, secret=SECRET, at=at).refused == 0
    run_trace(home, asked.pk, now=at)
    return Run.objects.get(pk=asked.pk)


def approved(home: Home, run: Run, by: Acting, at: datetime = NOON) -> Approval:
    seen = preview(home=home, run=run.pk, by=by, at=at)
    return approve(home=home, run=run.pk, digest=seen.digest, by=by, at=at)


def task(person: str, kind: str) -> Task:
    return Task.objects.filter(follow_up__person=person, kind=kind).order_by("-pk")[0]


def client_of(acting: Acting, language: str = "en") -> Client:
    """Of somebody who signed in."""
    with_second_factor(acting)
    client = Client(headers={"accept-language": language})
    client.force_login(acting.user, "ringfence_server.accounts.signing_in.Backend")
    return client


def with_second_factor(acting: Acting) -> None:
    """Where the role asks for one."""
    if acting.needs_second_factor and not is_mfa_enabled(acting.user):
        TOTP.activate(acting.user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
