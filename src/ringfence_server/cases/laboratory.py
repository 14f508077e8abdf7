"""Laboratory results: only with a positive one is a case confirmed, and traced without a limit."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from ringfence.errors import DataError, NotAllowed, Text
from ringfence.lake import Home
from ringfence.records.vocabularies import TEST_RESULTS
from ringfence_server.access import Acting
from ringfence_server.cases.changing import Done, changed, held
from ringfence_server.cases.models import Case, LaboratoryResult
from ringfence_server.cases.moments import When
from ringfence_server.cases.once import begin_once, end_once
from ringfence_server.cases.records import case_row, owe_records, test_row
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.cases.words import OPEN

RIGHT = "case.write"


def record_result(
    *,
    home: Home,
    number: str,
    sampled: When,
    result: str,
    token: str,
    by: Acting,
    at: datetime,
    seen: int | None = None,
) -> Done:
    if result not in TEST_RESULTS:
        raise FieldErrors({"result": Text("choose one of the list", "请从列表中选择")})
    with transaction.atomic():
        once = begin_once(token, {"case": number, "at": sampled, "is": result}, by=by, at=at)
        if once.answer is not None:
            return Done(number)
        case = held(by, number, RIGHT, seen)
        notices = keep_result(home, case, sampled, result, by=by, at=at)
        end_once(once, {"number": number})
    return Done(number, notices)


def keep_result(
    home: Home, case: Case, sampled: When, result: str, *, by: Acting, at: datetime
) -> tuple[Text, ...]:
    """Within the transaction of an act on a case that is held."""
    if case.state not in OPEN:
        raise NotAllowed(
            "the case was discarded or withdrawn: reclassify it first",
            "病例已排除或撤销：请先订正分类",
        )
    try:
        with transaction.atomic():
            LaboratoryResult.objects.create(
                case=case,
                sampled_at=sampled.at,
                sampled_precision=sampled.precision,
                result=result,
                by=by.user,
                at=at,
            )
    except IntegrityError:
        raise DataError("there is a result of this sample already", "该采样已有检测结果") from None
    before = {"classification": case.classification, "state": case.state}
    if result == "positive":
        confirm(case, sampled)
    after = {"classification": case.classification, "state": case.state, "result": result}
    change, notices = changed(case, "laboratory", by=by, at=at, before=before, after=after)
    key = f"{case.number}/{change.pk}"
    row = test_row(case.subject, sampled, result, home.zone)
    owe_records(home, key, "test", [row], by=by, at=at)
    if before["classification"] != case.classification:
        owe_records(home, key, "case", [case_row(case)], by=by, at=at)
    return notices


def confirm(case: Case, sampled: When) -> None:
    """A positive result stands behind the case from now on; its first sample is its own."""
    case.classification, case.state = "confirmed", "traceable"
    case.provisional_until = None
    if case.sampled_at is None or sampled.at < case.sampled_at:
        case.sampled_at, case.sampled_precision = sampled.at, sampled.precision
    case.save()
