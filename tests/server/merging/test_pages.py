"""The pages of identity questions: looked at, previewed, decided once, undone."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.server.cases.browsers import TOKEN, Browser
from tests.server.cases.town import Town
from tests.server.homes import NOON
from tests.server.merging.test_settling import acts, follow_up
from tests.server.tasks.loop import client_of

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.merging.models import Decision, Question
from ringfence_server.merging.settling import run_decision

pytestmark = pytest.mark.django_db
REASON = "the ward rang"
_DIGEST = re.compile(r'name="digest" value="([^"]+)"')


@pytest.fixture
def browser(analyst: Acting) -> Browser:
    return Browser(analyst)


def confirmed(page: str, **sent: Any) -> dict[str, Any]:
    token, digest = TOKEN.search(page), _DIGEST.search(page)
    assert token is not None
    assert digest is not None
    return {"step": "send", "token": token[1], "digest": digest[1], "reason": REASON, **sent}


def merged(home: Home, browser: Browser, question: Question) -> Decision:
    sent: dict[str, Any] = {"kind": "merge", "number": ["p1", "lab-77"], "reason": REASON}
    page = browser.post("identity_question", question.pk, status=200, **sent)
    browser.post("identity_question", question.pk, **confirmed(page, **sent))
    made = Decision.objects.get()
    run_decision(home, made.pk, clock=lambda: NOON)
    return Decision.objects.get()


def test_a_question_is_looked_at_previewed_and_decided(
    home: Home, question: Question, browser: Browser
) -> None:
    assert "lab-77, p1" in browser.get("identity_questions")
    assert "numbers may be one person" in browser.get("inbox")
    page = browser.get("identity_question", question.pk)
    assert "names are far from each other" in page
    assert "neither case nor contact" in page
    assert "李大成" not in page
    assert "000101199001011012" not in page
    sent: dict[str, Any] = {"kind": "merge", "number": ["p1", "lab-77"], "reason": REASON}
    preview = browser.post("identity_question", question.pk, status=200, **sent)
    assert "traced anew at once" in preview
    assert "C1" in preview
    assert acts(home) == []
    assert Decision.objects.count() == 0
    twice = confirmed(preview, **sent)
    for _ in range(2):
        browser.post("identity_question", question.pk, **twice)
    made = Decision.objects.get()
    assert "Waiting for the worker" in browser.get("identity_decision", made.pk)
    run_decision(home, made.pk, clock=lambda: NOON)
    assert "lab-77, p1" in browser.get("identity_decision", made.pk)
    assert len(acts(home)) == 1


def test_what_changed_since_the_preview_is_looked_at_again(
    home: Home, town: Town, question: Question, browser: Browser, outbreak: Case
) -> None:
    sent: dict[str, Any] = {"kind": "merge", "number": ["p1", "lab-77"], "reason": REASON}
    page = browser.post("identity_question", question.pk, status=200, **sent)
    follow_up(town, "lab-77", "000101")
    answer = browser.post("identity_question", question.pk, status=409, **confirmed(page, **sent))
    assert "look at it again" in answer
    assert Decision.objects.count() == 0
    again = browser.post("identity_question", question.pk, status=200, **sent)
    assert "A contact is a case then" in again


def test_another_content_with_the_same_form_is_refused(
    question: Question, browser: Browser
) -> None:
    sent: dict[str, Any] = {"kind": "merge", "number": ["p1", "lab-77"], "reason": REASON}
    page = browser.post("identity_question", question.pk, status=200, **sent)
    first = confirmed(page, **sent)
    browser.post("identity_question", question.pk, **first)
    browser.post("identity_question", question.pk, status=422, **{**first, "reason": "other"})
    assert Decision.objects.count() == 1


def test_what_is_left_as_it_is_waits_no_more_until_it_changes(
    home: Home, question: Question, browser: Browser
) -> None:
    sent: dict[str, Any] = {"kind": "left", "reason": REASON}
    page = browser.post("identity_question", question.pk, status=200, **sent)
    browser.post("identity_question", question.pk, **confirmed(page, **sent))
    assert "left as it is" in browser.get("identity_questions")
    assert "numbers may be one person" not in browser.get("inbox")
    Question.objects.update(kinds=["name", "birth_date"])
    assert "left as it is" not in browser.get("identity_questions").split("Decided")[0]
    assert acts(home) == []


def test_an_act_is_undone_in_two_looks(home: Home, question: Question, browser: Browser) -> None:
    made = merged(home, browser, question)
    browser.get("identity_undo", made.pk)
    page = browser.post("identity_undo", made.pk, status=200, reason=REASON)
    assert "counts no more" in page
    browser.post("identity_undo", made.pk, **confirmed(page, kind="undo"))
    undo = Decision.objects.get(kind="undo")
    run_decision(home, undo.pk, clock=lambda: NOON)
    assert [act.kind for act in acts(home)] == ["merge", "undo"]
    assert "Undo</a>" not in browser.get("identity_decision", made.pk)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"kind": "merge"},
        {"kind": "merge", "number": ["p1", "lab-77"]},
        {"kind": "merge", "number": ["p1", "lab-77"], "reason": "13800138000"},
        {"kind": "merge", "number": ["p1"], "reason": REASON},
        {"kind": "merge", "number": ["p1", "p9"], "reason": REASON},
        {"kind": "merge", "number": ["p1", "<b>"], "reason": REASON},
        {"kind": "undo", "number": ["p1"], "reason": REASON},
        {"kind": "link", "number": ["p1", "lab-77"], "reason": REASON},
        {"kind": "left"},
        {"kind": "split", "number": ["p1", "lab-77"], "reason": REASON},
    ],
)
def test_a_form_that_cannot_be_meant_is_shown_again(
    question: Question, browser: Browser, sent: dict[str, Any]
) -> None:
    page = browser.post("identity_question", question.pk, status=400, **sent)
    assert 'role="alert"' in page
    assert Decision.objects.count() == 0


def test_questions_and_decisions_of_elsewhere_are_not_there(
    home: Home, town: Town, question: Question, browser: Browser
) -> None:
    made = merged(home, browser, question)
    far = Browser(town.staff("far", "data_analyst", "000102"))
    assert "lab-77" not in far.get("identity_questions")
    far.get("identity_question", question.pk, status=404)
    far.get("identity_decision", made.pk, status=404)
    far.get("identity_undo", made.pk, status=404)
    far.post("identity_undo", made.pk, status=404, reason=REASON)
    assert client_of(town.doctor).get("/identity/").status_code == 403
