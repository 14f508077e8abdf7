"""What the other side answers: a receipt of another city, or the word of another unit's supervisor.

Who is accepted is followed up there; who is refused falls back into our work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ringfence.errors import UsageError, UserError
from ringfence.operations.checks import check_words
from ringfence.operations.hand_over import Answer, Opened, read_receipt
from ringfence_server.access import Acting
from ringfence_server.hand_overs import queries
from ringfence_server.hand_overs.models import Handed, HandOver
from ringfence_server.hand_overs.refusals import (
    answered_before,
    no_hand_over,
    of_another_file,
    taken_back_before,
)
from ringfence_server.hand_overs.sending import told
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.tasks.handing import come_back, go_elsewhere, go_to_unit
from ringfence_server.tasks.keeping import alone

_WITHHELD = "the reason given holds a person's number"


@dataclass(frozen=True)
class Counted:
    accepted: int
    refused: int


def take_receipt(opened: Opened, *, by: Acting, at: datetime) -> HandOver:
    """Of a file that was opened as a receipt of that sender. NotFound: of no hand-over within
    reach. Done: it was answered, or taken back. Refused: of another file, or other people.
    """
    receipt = read_receipt(opened.content)
    with transaction.atomic():
        alone()
        found = queries.given(by).filter(
            number=receipt.of,
            partner__code=opened.header.sender,
            partner__unit=opened.header.receiver,
        )
        held = _waiting(found.values_list("pk", flat=True).first(), receipt.digest)
        people = {one.ref: one for one in Handed.objects.filter(hand_over=held)}
        if people.keys() != {one.ref for one in receipt.people}:
            raise of_another_file()
        counted = _settle(held, people, receipt.people, by=by, at=at)
        held.answered_by, held.answered_at, held.state = by.user, at, "answered"
        held.save()
        _told("hand_over.receipt", held, counted, by, at)
    return held


def answer_offer(
    *, hand_over: int, answers: Mapping[str, Answer], unit: Unit, by: Acting, at: datetime
) -> HandOver:
    """A unit's supervisor accepts or refuses each of them. `unit`: which has them from now on."""
    with transaction.atomic():
        alone()
        found = queries.offered(by).filter(pk=hand_over).first()
        held = _waiting(found.pk if found is not None else None, "")
        people = {one.ref: one for one in Handed.objects.filter(hand_over=held)}
        if people.keys() != answers.keys():
            raise UsageError("answer for each of them", "请逐人答复")
        check_answers(answers.values())
        if not by.may(queries.RIGHT, unit):
            raise no_hand_over()
        counted = _settle(held, people, list(answers.values()), by=by, at=at, unit=unit)
        held.answered_by, held.answered_at, held.state = by.user, at, "answered"
        held.save()
        _told("hand_over.answered", held, counted, by, at)
    return held


def check_answers(answers: Iterable[Answer]) -> None:
    """UsageError, DataError: none of the words, or a refusal without a reason that names nobody."""
    for one in answers:
        if one.answer not in ("accepted", "refused"):
            raise UsageError("answer for each of them", "请逐人答复")
        if one.answer == "refused":
            check_words("reason", "理由", one.reason)


def _waiting(key: int | None, digest: str) -> HandOver:
    if key is None:
        raise no_hand_over()
    held = HandOver.objects.select_for_update(of=("self",)).get(pk=key)
    if held.digest != digest:
        raise of_another_file()
    if held.state == "taken_back":
        raise taken_back_before()
    if held.state != "waiting":
        raise answered_before()
    return held


def _settle(
    held: HandOver,
    people: Mapping[str, Handed],
    answers: Sequence[Answer],
    *,
    by: Acting,
    at: datetime,
    unit: Unit | None = None,
) -> Counted:
    accepted = [people[one.ref].follow_up_id for one in answers if one.answer == "accepted"]
    if unit is None:
        go_elsewhere(accepted, by=by, at=at, number=held.number)
    else:
        go_to_unit(accepted, unit, by=by, at=at, reason=held.number)
    for one in answers:
        row = people[one.ref]
        row.answer, row.reason = one.answer, _reason(one)
        if one.answer == "refused":
            come_back([row.follow_up_id], by=by, at=at, reason=row.reason)
    Handed.objects.bulk_update(people.values(), ["answer", "reason"])
    return Counted(len(accepted), len(answers) - len(accepted))


def _reason(one: Answer) -> str:
    """What another city wrote may hold a number: then it is not kept in the open."""
    if one.answer != "refused":
        return ""
    try:
        check_words("reason", "理由", one.reason)
    except UserError:
        return _WITHHELD
    return one.reason.strip()


def _told(act: str, held: HandOver, counted: Counted, by: Acting, at: datetime) -> None:
    told(
        act,
        held,
        by=by,
        at=at,
        accepted=str(counted.accepted),
        refused=str(counted.refused),
    )
