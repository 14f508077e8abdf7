"""Reading a file of another city: a hand-over, which somebody here answers, or a receipt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from ringfence.errors import DataError, UsageError
from ringfence.lake import Home
from ringfence.operations.hand_over import (
    HAND_OVER,
    MOST_BYTES,
    RECEIPT,
    Answer,
    Header,
    Opened,
    Person,
    Receipt,
    open_file,
    peek,
    read_hand_over,
    write_file,
)
from ringfence.operations.hand_over import HandOver as Content
from ringfence_server.access import Acting
from ringfence_server.cases.diseases import diseases
from ringfence_server.cases.persons import checked, person_of
from ringfence_server.cases.records import owe_records
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.deployment.here import deployment
from ringfence_server.hand_overs import queries
from ringfence_server.hand_overs.answering import check_answers, take_receipt
from ringfence_server.hand_overs.models import HandOver, Partner, Received, ReceivedPerson
from ringfence_server.hand_overs.partners import keys_here
from ringfence_server.hand_overs.refusals import (
    another_of_this_number,
    answered_before,
    for_another,
    no_hand_over,
    read_before,
    unknown_sender,
)
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import within
from ringfence_server.outbox import auditing
from ringfence_server.outbox.sealing import seal, unseal
from ringfence_server.tasks.handing import ANSWER_WITHIN, take_in
from ringfence_server.tasks.keeping import alone

RECEIPT_VALID_FOR = timedelta(days=7)
PURPOSE = "received hand-over"


def read(*, home: Home, file: bytes, by: Acting, at: datetime) -> HandOver | Received:
    """The hand-over that a receipt answers, or what was received. Refused: the file has no effect.
    Done: it had it already.
    """
    if len(file) > MOST_BYTES:
        file = b""
    header = peek(file)
    partner = _partner(by, header)
    opened = open_file(
        file,
        own=keys_here(home),
        sender=partner.keys,
        former=_former(partner),
        now=queries.latest_known(at),
    )
    if header.kind == RECEIPT:
        return take_receipt(opened, by=by, at=at)
    return _take(home, opened, partner, by, at)


def _partner(by: Acting, header: Header) -> Partner:
    """Of a city that the account's own units, or those above them, know."""
    rows = Partner.objects.select_related("unit").filter(code=header.sender, state="confirmed")
    found = rows.filter(unit=header.receiver).first()
    if found is None:
        raise for_another() if rows.exists() else unknown_sender()
    if not within(Partner.objects.filter(pk=found.pk), queries.units_of(by)).exists():
        raise for_another()
    return found


def _former(partner: Partner) -> frozenset[bytes]:
    rows = Partner.objects.filter(unit=partner.unit_id, code=partner.code, state="ended")
    return frozenset(bytes(key) for key in rows.values_list("sign_key", flat=True))


def _take(home: Home, opened: Opened, partner: Partner, by: Acting, at: datetime) -> Received:
    header = opened.header
    assert header.kind == HAND_OVER
    told = read_hand_over(opened.content)
    if told.disease not in diseases(home):
        raise DataError(
            "there is no protocol here for the disease of this hand-over: nothing was read",
            "本地没有该病种的防控方案：未读取任何内容",
        )
    with transaction.atomic():
        alone()
        before = Received.objects.filter(sender=header.sender, number=header.number).first()
        if before is not None:
            raise (
                read_before(before.at)
                if before.digest == opened.digest
                else another_of_this_number()
            )
        made = Received.objects.create(
            partner=partner,
            unit=partner.unit,
            sender=header.sender,
            number=header.number,
            digest=opened.digest,
            disease=told.disease,
            by=by.user,
            at=at,
            due_at=at + ANSWER_WITHIN,
        )
        made.sealed = seal(deployment().secret, PURPOSE, str(made.pk), opened.content)
        made.save(update_fields=["sealed"])
        ReceivedPerson.objects.bulk_create(
            ReceivedPerson(received=made, ref=one.ref) for one in told.people
        )
        _told("hand_over.received", made, by, at, people=str(len(told.people)))
    return made


def content_of(one: Received) -> Content | None:
    """What it says; None once it is answered: then the vault has it."""
    return None if one.sealed is None else read_hand_over(_unsealed(one))


def _unsealed(one: Received) -> Any:
    return unseal(deployment().secret, PURPOSE, str(one.pk), bytes(one.sealed or b""))


def answer(
    *,
    home: Home,
    received: int,
    answers: Mapping[str, Answer],
    unit: Unit,
    by: Acting,
    at: datetime,
) -> Received:
    """Each of them accepted, to be verified by `unit`, or refused; and the receipt that says so.
    The same answer again has no effect. Done: another was given.
    """
    with transaction.atomic():
        alone()
        seen = queries.received_of(by, received)
        held = Received.objects.select_for_update(of=("self",)).get(pk=seen.pk)
        people = {one.ref: one for one in ReceivedPerson.objects.filter(received=held)}
        if people.keys() != answers.keys():
            raise UsageError("answer for each of them", "请逐人答复")
        if held.state != "waiting":
            if all(people[ref].answer == one.answer for ref, one in answers.items()):
                return held
            raise answered_before()
        check_answers(answers.values())
        if not by.may(queries.RIGHT, unit):
            raise no_hand_over()
        _take_in(home, held, people, answers, unit=unit, by=by, at=at)
        held.receipt = _receipt(home, held, answers, at)
        held.state, held.answered_by, held.answered_at = "answered", by.user, at
        held.sealed = None
        held.save()
        accepted = sum(one.answer == "accepted" for one in answers.values())
        counts = {"accepted": str(accepted), "refused": str(len(answers) - accepted)}
        _told("hand_over.taken_in", held, by, at, **counts)
    return held


def _take_in(
    home: Home,
    held: Received,
    people: Mapping[str, ReceivedPerson],
    answers: Mapping[str, Answer],
    *,
    unit: Unit,
    by: Acting,
    at: datetime,
) -> None:
    """To the vault by sealed delivery, and a task to verify each."""
    told = read_hand_over(_unsealed(held))
    coming = [one for one in told.people if answers[one.ref].answer == "accepted"]
    identity = [_checked(home, one, at) for one in coming]
    subjects = [
        person_of(home, fields, f"hand-over {held.pk}/{one.ref}"[:64], at).subject
        for one, fields in zip(coming, identity, strict=True)
    ]
    rows = [{"subject": subject} for subject in subjects]
    owe_records(home, f"received/{held.pk}", "subject", rows, by=by, at=at, identity=identity)
    for one, subject in zip(coming, subjects, strict=True):
        number = f"{held.sender}/{held.number}"
        people[one.ref].follow_up = take_in(
            subject, disease=held.disease, unit=unit, received=number, by=by, at=at
        )
    for ref, row in people.items():
        row.answer, row.reason = answers[ref].answer, answers[ref].reason.strip()
    ReceivedPerson.objects.bulk_update(people.values(), ["answer", "reason", "follow_up"])


def _checked(home: Home, one: Person, at: datetime) -> dict[str, str]:
    """DataError: the vault would not take it; which person and which fields, never the values."""
    try:
        return checked(home, one.identity, at)
    except FieldErrors as refused:
        raise DataError(
            f"{one.ref}: what the other city says of who it is cannot be taken"
            f" ({', '.join(refused.fields)}): refuse this person, and say so",
            f"{one.ref}：对方提供的身份信息无法采用（{'、'.join(refused.fields)}）：请退回此人并说明",
        ) from None


def _current(held: Received) -> Partner:
    """With the keys that the other city has now."""
    rows = Partner.objects.filter(unit=held.unit_id, code=held.sender, state="confirmed")
    found = rows.first()
    if found is None:
        raise unknown_sender()
    return found


def _receipt(home: Home, held: Received, answers: Mapping[str, Answer], at: datetime) -> bytes:
    partner = _current(held)
    until = (at + RECEIPT_VALID_FOR).replace(microsecond=0)
    header = Header(RECEIPT, held.number, partner.unit_id, partner.code, at, until)
    refused = [
        Answer(one.ref, one.answer, one.reason.strip() if one.answer == "refused" else "")
        for one in answers.values()
    ]
    content = Receipt(held.number, held.digest, tuple(refused)).as_json()
    return write_file(header, content, own=keys_here(home), receiver=partner.keys)


def _told(act: str, one: Received, by: Acting, at: datetime, **more: str) -> None:
    about = {"hand_over": one.number, "from": one.sender, **more}
    auditing.told(act, by=by.user.username, at=at, about=about)
