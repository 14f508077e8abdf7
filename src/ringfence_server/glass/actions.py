"""Opening, ending and reviewing: each is one transaction with its row of the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from ringfence.errors import NotAllowed, NotFound, Text
from ringfence.operations.checks import check_words
from ringfence_server.access import Acting
from ringfence_server.accounts.models import User
from ringfence_server.accounts.second_factor import shown_again
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import anywhere, owned
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.glass import refusals
from ringfence_server.glass.models import Missed, Opening, Review
from ringfence_server.glass.queries import OPEN, may_review, opening_of
from ringfence_server.glass.rules import rules
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox.auditing import told


@dataclass(frozen=True)
class Found:
    """`opening` None: the account sees this case anyway."""

    case: Case
    opening: Opening | None


def open_case(
    *, number: str, purpose: str, reason: str, code: str, by: Acting, at: datetime
) -> Found:
    """For reading, until some hours later. A case that the account has open stays as it is.

    `code`: of the second factor, used up by this. NotFound: no case has this number; such asking is
    counted. NotAllowed: too many are open, were not justified, or were no number of a case.
    """
    if not by.may(OPEN):
        raise NotAllowed("you may not open cases in an emergency", "您没有紧急查看权限")
    if purpose not in rules().purposes:
        raise FieldErrors({"purpose": Text("choose one of the list", "请从列表中选择")})
    check_words("reason", "理由", reason)
    if not shown_again(by.user, code):
        wrong = Text(
            "this code is wrong, or was used before: wait for the next one",
            "验证码错误或已使用：请等待下一个",
        )
        raise FieldErrors({"code": wrong})
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.user.pk)
        _check_missed(by, at)
        case = anywhere(number.strip())
        if case is not None:
            return _opened(case, purpose, reason.strip(), by, at)
        Missed.objects.create(by=by.user, at=at)
        told("glass.missed", by=by.user.username, at=at, about={})
    raise NotFound("there is no such case", "没有此病例")


def _check_missed(by: Acting, at: datetime) -> None:
    lately = Missed.objects.filter(by=by.user, at__gt=at - rules().missed)
    if lately.count() >= rules().most_missed:
        raise refusals.too_many_missed()
    bad = Review.objects.filter(
        opening__by=by.user, justified=False, at__gt=at - rules().unjustified
    )
    if bad.count() >= rules().most_unjustified:
        raise refusals.not_justified_before(rules().most_unjustified)


def _opened(case: Case, purpose: str, reason: str, by: Acting, at: datetime) -> Found:
    if owned(by).filter(pk=case.pk).exists():
        return Found(case, None)
    live = Opening.objects.filter(by=by.user, at__lte=at, until__gt=at)
    there = live.filter(case=case).first()
    if there is not None:
        return Found(case, there)
    if live.count() >= rules().most_open:
        raise refusals.too_many_open(rules().most_open)
    made = Opening.objects.create(
        case=case,
        unit=case.owner,
        came_from=by.user.unit,
        first=_first(case.owner, by.user.unit),
        purpose=purpose,
        reason=reason,
        by=by.user,
        at=at,
        until=at + rules().open_for,
    )
    about = {"owner": case.owner_id, "purpose": purpose, "reason": reason}
    told("glass.opened", by=by.user.username, at=at, about={**_about(made), **about})
    return Found(case, made)


def _first(owner: Unit, came_from: Unit) -> Unit:
    return owner.parent if owner == came_from and owner.parent is not None else owner


def end_own(*, opening: int, by: Acting, at: datetime) -> Opening:
    """By who opened it: there is no need of it any more. NotFound: nothing of theirs is open."""
    with transaction.atomic():
        held = _held(opening)
        if held is None or held.by_id != by.user.pk or held.until <= at:
            raise NotFound("this is not open any more", "该病例已不在查看中")
        _end(held, by, at)
    return held


def stop(*, opening: int, by: Acting, at: datetime) -> Opening:
    """By who reviews cases of this unit; of one that has ended, nothing."""
    opening_of(by, opening)
    with transaction.atomic():
        held = _held(opening)
        assert held is not None
        if held.until > at:
            _end(held, by, at)
    return held


def review(*, opening: int, justified: bool, reason: str, by: Acting, at: datetime) -> Review:
    """One of each opening; one that is still open ends with it.

    NotAllowed: by who opened it, or somebody of the same unit. Reviewed: somebody was quicker.
    """
    if not may_review(by, opening_of(by, opening)):
        raise NotAllowed(
            "an opening is reviewed by the auditor, or by somebody of another unit than who opened"
            " it",
            "紧急查看须由审计员，或与查看者不同单位的人员复核",
        )
    check_words("reason", "理由", reason)
    with transaction.atomic():
        held = _held(opening)
        assert held is not None
        if Review.objects.filter(opening=held).exists():
            raise refusals.Reviewed
        if held.until > at:
            _end(held, by, at)
        made = Review.objects.create(
            opening=held, justified=justified, reason=reason.strip(), by=by.user, at=at
        )
        about = {"found": "justified" if justified else "not justified", "reason": made.reason}
        told("glass.reviewed", by=by.user.username, at=at, about={**_about(held), **about})
    return made


def _held(key: int) -> Opening | None:
    rows = Opening.objects.select_for_update(of=("self",)).select_related("case")
    return rows.filter(pk=key).first()


def _end(held: Opening, by: Acting, at: datetime) -> None:
    held.until, held.ended_by = max(at, held.at), by.user
    held.save(update_fields=["until", "ended_by"])
    told("glass.ended", by=by.user.username, at=at, about=_about(held))


def _about(opening: Opening) -> dict[str, str]:
    return {"case": opening.case.number, "opening": str(opening.pk)}
