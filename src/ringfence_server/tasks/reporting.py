"""What a worker reports of a task: a record of the lake, each once, with its certainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from ringfence.errors import Text, UserError
from ringfence.lake import Home
from ringfence.operations.checks import check_words
from ringfence.sources.keys import check_key, check_printable
from ringfence.sources.reasons import RefusedError
from ringfence_server.access import Acting
from ringfence_server.cases.actions import When
from ringfence_server.cases.moments import read_when
from ringfence_server.cases.once import begin_once, end_once
from ringfence_server.cases.records import owe_records
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.deployment.here import deployment
from ringfence_server.outbox.sealing import seal
from ringfence_server.tasks import jobs
from ringfence_server.tasks.asked_about import AskedAbout, asked_about
from ringfence_server.tasks.kinds import kind_of
from ringfence_server.tasks.models import Exposure, Feedback, Task
from ringfence_server.tasks.moving import end_if_done, moved, refusal
from ringfence_server.tasks.naming import Naming, name
from ringfence_server.tasks.queries import of_worker, worked
from ringfence_server.tasks.refusals import taken
from ringfence_server.tasks.words import IN_HAND

PURPOSE = "feedback"
WAS_THERE = {"yes": "declared", "no": "denied"}
SYMPTOMS: dict[str, Text] = {
    "fever": Text("fever", "发热"),
    "cough": Text("cough", "咳嗽"),
    "sore throat": Text("sore throat", "咽痛"),
    "diarrhoea": Text("diarrhoea", "腹泻"),
    "rash": Text("rash", "皮疹"),
}
_CHOOSE = Text("choose one of the list", "请从列表中选择")
_BACKWARDS = Text("it ends before it begins", "结束早于开始")
_MINUTES = Text("write the time of day as well", "请填写具体时刻")


@dataclass(frozen=True)
class Said:
    """Of one exposure: `was_there` yes, no, or empty where it was not asked. Times as typed; left
    empty, those that were asked about. With one of them typed, it is said of the whole stay.
    """

    exposure: int
    was_there: str = ""
    zone: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class Report:
    """`outcome`: a word of the task's kind. `symptoms`: words, since that day as typed. `others`:
    who else was there, as typed, at which exposure.
    """

    outcome: str
    said: Sequence[Said] = ()
    symptoms: Sequence[str] = ()
    since: str = ""
    others: Sequence[tuple[int, Mapping[str, str]]] = ()
    note: str = field(default="", repr=False)


def report(*, home: Home, number: int, told: Report, token: str, by: Acting, at: datetime) -> Task:
    """The task, reported. The same form again has no effect and the same answer.

    FieldErrors: what cannot be taken, nothing is kept. SentBefore: this form came with another
    content. Overtaken: it is no longer this account's.
    """
    with transaction.atomic():
        once = begin_once(token, {"task": number, **asdict(told)}, by=by, at=at)
        if once.answer is not None:
            return Task.objects.get(pk=once.answer["task"])
        task = _in_hand(by, number)
        exposures = _asked(task)
        _check(task, told, exposures)
        made = Feedback.objects.create(
            task=task, outcome=told.outcome, sealed=b"", by=by.user, at=at
        )
        made.sealed = seal(deployment().secret, PURPOSE, str(made.pk), _kept(told))
        made.save(update_fields=["sealed"])
        key = f"feedback/{made.pk}"
        whole = {one.pk: stay for stay in asked_about(exposures.values()) for one in stay.exposures}
        stays = [_stay(home, one, whole[one.exposure], at) for one in told.said]
        owe_records(home, key, "presence", [row for row in stays if row], by=by, at=at)
        owe_records(home, key, "symptom", _symptoms(home, task, told, at), by=by, at=at)
        if told.others:
            naming = Naming(home, task, key, token, by, at)
            name(naming, [(whole[exposure], fields) for exposure, fields in told.others])
        end = kind_of(task.kind).ends[told.outcome]
        ill = end.ill or bool(told.symptoms)
        also: dict[str, Any] = {"outcome": told.outcome, "symptoms": ill}
        done = moved(task, "feedback", by=by, at=at, next_at=None, **also)
        if end.closes and not ill:
            done = moved(done, "verified", by=by, at=at)
            done = moved(done, "closed", by=by, at=at)
            end_if_done(done.follow_up_id, at)
        end_once(once, {"task": done.pk})
        jobs.ask_after_commit()
    return done


def _in_hand(by: Acting, number: int) -> Task:
    task = of_worker(by).filter(pk=number).first() or worked(by, number)
    if task.account_id not in (None, by.user.pk):
        raise taken()
    if task.state not in IN_HAND:
        raise refusal(task, by)
    return task


def _asked(task: Task) -> dict[int, Exposure]:
    return {one.pk: one for one in Exposure.objects.filter(follow_up=task.follow_up_id)}


def _check(task: Task, told: Report, exposures: Mapping[int, Exposure]) -> None:
    wrong: dict[str, Text] = {}
    if told.outcome not in kind_of(task.kind).ends:
        wrong["outcome"] = _CHOOSE
    if any(word not in SYMPTOMS for word in told.symptoms):
        wrong["symptoms"] = _CHOOSE
    for one in told.said:
        if one.exposure not in exposures or one.was_there not in ("", *WAS_THERE):
            wrong["said"] = _CHOOSE
    for one in (one for one in told.said if one.zone):
        try:
            check_printable(one.zone)
            check_key(one.zone, identity_shapes=True)
        except RefusedError as refused:
            wrong[f"zone-{one.exposure}"] = refused.reason
    if told.note.strip():
        try:
            check_words("note", "备注", told.note.replace("\r", "").replace("\n", " "))
        except UserError as refused:
            wrong["note"] = refused.text
    if any(exposure not in exposures for exposure, _ in told.others):
        wrong["others"] = _CHOOSE
    if wrong:
        raise FieldErrors(wrong)


def _stay(home: Home, one: Said, whole: AskedAbout, at: datetime) -> dict[str, str] | None:
    """A denial is of the time that was asked about; what was declared may have its own times."""
    if not one.was_there:
        return None
    (asked,) = (each for each in whole.exposures if each.pk == one.exposure)
    start, end = asked.start, asked.end
    if one.was_there == "yes" and (one.start or one.end):
        start = _moment(f"start-{one.exposure}", one.start, home.zone, at) or whole.start
        end = _moment(f"end-{one.exposure}", one.end, home.zone, at) or whole.end
    if end <= start:
        raise FieldErrors({f"end-{one.exposure}": _BACKWARDS})
    row = {
        "subject": asked.subject,
        "place": asked.place,
        "start": When(start, "instant").written(home.zone),
        "end": When(end, "instant").written(home.zone),
        "certainty": WAS_THERE[one.was_there],
    }
    zone = one.zone.strip() or asked.zone
    return row | ({"zone": zone} if zone else {})


def _moment(field_: str, text: str, zone: str, at: datetime) -> datetime | None:
    when = read_when(field_, text.replace("T", " "), zone, at)
    if when is not None and when.precision == "day":
        raise FieldErrors({field_: _MINUTES})
    return None if when is None else when.at


def _symptoms(home: Home, task: Task, told: Report, at: datetime) -> list[dict[str, str]]:
    since = read_when("since", told.since, home.zone, at) or When(at, "day")
    person = task.follow_up.subjects[0]
    return [
        {"subject": person, "kind": word, "start": since.written(home.zone)}
        for word in told.symptoms
    ]


def _kept(told: Report) -> dict[str, object]:
    """Without identity: it is in the vault."""
    return {**asdict(told), "others": [exposure for exposure, _ in told.others]}
