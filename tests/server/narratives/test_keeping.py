"""What is kept of a narrative: sealed, decided on once, sealed anew, erased in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from tests.server.cases.town import SECRET
from tests.server.narratives.conftest import cells_of, decide, only, pasted

from ringfence.lake import Home
from ringfence_server.cases.models import Case
from ringfence_server.deployment.here import deployment, now
from ringfence_server.narratives.keeping import opened
from ringfence_server.narratives.purging import erase_narratives
from ringfence_server.narratives.resealing import reseal
from ringfence_server.outbox.models import Delivery
from ringfence_server.outbox.sealing import Secrets

pytestmark = pytest.mark.django_db


def test_two_who_decide_at_once_make_it_evidence_once(outbreak: Case, writer: Client) -> None:
    at = pasted(writer, outbreak)
    sent = {**cells_of(writer.get(at).content.decode()), "e1-decision": "accepted"}
    assert writer.post(at, sent).status_code == 302
    made = Delivery.objects.count()
    answer = writer.post(at, sent, follow=True)
    assert "somebody decided on this narrative" in answer.content.decode()
    assert (Delivery.objects.count(), only().accepted) == (made, 1)


def test_what_was_accepted_stays_so(outbreak: Case, writer: Client) -> None:
    at = pasted(writer, outbreak)
    decide(writer, at, e1_decision="accepted")
    page = cells_of(writer.get(at).content.decode())
    writer.post(at, {**page, "e1-decision": "left"})
    kept = opened(only())
    assert kept is not None
    assert kept.decisions[1].state == "accepted"


def test_it_opens_under_the_new_secret_alone(home: Home, outbreak: Case, writer: Client) -> None:
    pasted(writer, outbreak)
    before = opened(only())
    assert reseal(Secrets(SECRET, "another secret of the tests")) == 1
    told = replace(deployment(), secret="another secret of the tests")
    with override_settings(RINGFENCE=told):
        assert opened(only()) == before


def test_its_words_go_when_the_case_is_over(outbreak: Case, writer: Client) -> None:
    at = pasted(writer, outbreak)
    later = now() + timedelta(days=29)
    assert erase_narratives(later, {outbreak.number}) == 0
    assert erase_narratives(later, set()) == 1
    assert opened(only()) is None
    assert "were erased" in writer.get(at).content.decode()
