"""Answering a question of a trace: what was found out of a place becomes a source record.

Questions about a place have one answer for everybody; those about people are for whoever asks them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from ringfence.engines.sql import SqlEngine
from ringfence.errors import DataError, NotFound, Text, UsageError
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.protocols.model import Fact
from ringfence.records.vocabularies import PLACE_KINDS, VENTILATIONS
from ringfence_server.access import Acting
from ringfence_server.cases.queries import case_of
from ringfence_server.cases.records import owe_records
from ringfence_server.deployment.here import deployment
from ringfence_server.outbox import auditing
from ringfence_server.outbox.delivering import SOURCE, deliver
from ringfence_server.tracing.answers import answer_of
from ringfence_server.tracing.models import Answer, Run
from ringfence_server.tracing.queries import run_of

RIGHT = "review.answer"
ANSWERS: Mapping[str, Mapping[str, Text]] = {
    Fact.VENTILATION: VENTILATIONS,
    Fact.SETTING: {kind: terms for kind, (_, terms) in PLACE_KINDS.items()},
}
"""By fact, the words that answer it."""
_COLUMN = {Fact.VENTILATION: "ventilation", Fact.SETTING: "kind"}


class Answered(DataError):
    """Somebody answered otherwise in the meantime."""

    status = 409


def answer(*, home: Home, run: int, question: str, word: str, by: Acting, at: datetime) -> Answer:
    """The answer, owed to the home. The same one given again has no effect.

    NotFound: no such question within reach. NotAllowed: without the right. UsageError: it cannot be
    answered here, or not with this word. Answered: there is another answer.
    """
    found = run_of(by, run)
    case_of(by, found.case.number, RIGHT)
    if not question:
        raise UsageError("no question was named", "未指明问题")
    item = _item(found, question)
    if item["place"] is None or word not in ANSWERS.get(item["fact"], {}):
        raise UsageError("this question has no such answer", "此问题没有该答案")
    deliver(home, secret=deployment().secret, at=at)
    row = _described(home, item["place"], at) | {_COLUMN[item["fact"]]: word}
    if "kind" not in row:
        raise UsageError("say first what kind of place it is", "请先回答该场所的类型")
    with transaction.atomic():
        given, new = Answer.objects.get_or_create(
            run=found, question=question, defaults={"word": word, "by": by.user, "at": at}
        )
        if not new and given.word != word:
            raise Answered(
                "this question was answered otherwise already: trace again, then answer anew",
                "此问题已有不同答案：请重新追踪后再作答",
            )
        if new:
            owe_records(home, f"answer/{found.pk}/{question}", "place", [row], by=by, at=at)
            about = {"case": found.case.number, "run": str(run), "question": question, "word": word}
            auditing.told("review.answered", by=by.user.username, at=at, about=about)
    return given


def _item(run: Run, question: str) -> Mapping[str, Any]:
    item: Mapping[str, Any] | None = next(
        (one for one in answer_of(run)["review"] if one["id"] == question), None
    )
    if item is None:
        raise NotFound("this trace asks no such question", "此次追踪没有该问题")
    return item


def _described(home: Home, place: str, at: datetime) -> dict[str, str]:
    """The place as it was answered before; else by its kind and name, as others tell it."""
    rows = SqlEngine(snapshot(home, at)).rows("place", "place", [place]).to_pylist()
    rows.sort(key=lambda row: (row["source"] != SOURCE, row["source"]))
    told = {"place": place, "name": ""}
    for name in ("kind", "name"):
        known = [row[name] for row in rows if row[name]]
        told |= {name: known[0]} if known else {}
    own = rows[0] if rows and rows[0]["source"] == SOURCE else {}
    return told | ({"ventilation": own["ventilation"]} if own.get("ventilation") else {})
