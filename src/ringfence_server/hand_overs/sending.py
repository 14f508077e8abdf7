"""Handing contacts over: previewed, then given out once, to another city or to another unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from ringfence.errors import DataError, NotFound, UsageError
from ringfence.lake import Home
from ringfence.operations.checks import check_words
from ringfence.operations.hand_over import HAND_OVER, Header, Person, digest_of, write_file
from ringfence.operations.hand_over import HandOver as Content
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.cases.once import begin_once, end_once
from ringfence_server.deployment.here import deployment
from ringfence_server.hand_overs.gathering import Candidate, candidates, digest_of_people, people
from ringfence_server.hand_overs.models import Handed, HandOver, Partner
from ringfence_server.hand_overs.partners import in_use, keys_here
from ringfence_server.hand_overs.queries import case_to_hand_over, destinations, given
from ringfence_server.hand_overs.refusals import (
    answered_before,
    changed_since,
    file_erased,
    no_hand_over,
)
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox import auditing
from ringfence_server.tasks.handing import ANSWER_WITHIN, come_back, give
from ringfence_server.tasks.keeping import alone

VALID_FOR = timedelta(hours=72)
"""So long another city may read the file."""


@dataclass(frozen=True)
class To:
    """Another city, or another unit of this tree."""

    partner: Partner | None = None
    unit: Unit | None = None

    @property
    def key(self) -> str:
        if self.partner is not None:
            return f"city-{self.partner.pk}"
        return f"unit-{self.unit.pk if self.unit else ''}"

    @property
    def code(self) -> str:
        return self.partner.code if self.partner is not None else str(self.unit and self.unit.pk)

    def name(self, language: str) -> str:
        named = self.partner or self.unit
        return named.name(language) if named is not None else ""


@dataclass(frozen=True)
class Preview:
    """Exactly what would go. `people` empty where it goes to a unit: nothing leaves the server."""

    case: Case
    to: To
    chosen: tuple[Candidate, ...]
    people: tuple[Person, ...]
    digest: str


def choices(case: Case) -> list[To]:
    """Where contacts of this case may go."""
    cities = [To(partner=one) for one in in_use(case.unit)]
    return cities + [To(unit=one) for one in destinations(case)]


def preview(
    *, home: Home, case: int, to: str, refs: Sequence[str], by: Acting, at: datetime
) -> Preview:
    """`refs`: numbers of the people. NotFound: no such case within reach. UsageError: nobody is
    chosen, or no such destination. DataError: of somebody nothing is known by which to find them.
    """
    held = case_to_hand_over(by, case)
    goal = next((one for one in choices(held) if one.key == to), None)
    if goal is None:
        raise UsageError("choose where it goes", "请选择移交去向")
    wanted = set(refs)
    chosen = tuple(one for one in candidates(held) if one.follow_up.person in wanted)
    if not chosen:
        raise UsageError("choose whom to hand over", "请选择要移交的人员")
    if len(chosen) != len(wanted):
        raise changed_since()
    told: tuple[Person, ...] = ()
    if goal.partner is not None:
        about = [_revealed(held, goal, one) for one in chosen]
        auditing.shown_all(home, "hand_over.reveal", by=by.user.username, at=at, about=about)
        told = people(home, [one.follow_up for one in chosen], at)
        nameless = sum(not one.identity for one in told)
        if nameless:
            raise DataError(
                f"of {nameless} people no source tells who they are: another city could not find"
                " them; leave them out, or have them verified here first",
                f"有 {nameless} 人没有任何身份信息，其他城市无法查找：请勿勾选，或先在本地核实",
            )
    seen = told or tuple(Person(one.follow_up.person, {}) for one in chosen)
    digest = digest_of_people(deployment().secret, goal.key, seen)
    return Preview(held, goal, chosen, told, digest)


def _revealed(case: Case, to: To, one: Candidate) -> dict[str, str]:
    """What the audit is told, durably, before anything is read of who somebody is."""
    return {
        "case": case.number,
        "subject": one.follow_up.person,
        "purpose": f"hand-over to {to.code}",
    }


def send(
    *,
    home: Home,
    case: int,
    to: str,
    refs: Sequence[str],
    digest: str,
    token: str,
    by: Acting,
    at: datetime,
) -> HandOver:
    """All of the preview with this digest, once. The same form again has the same answer.

    Done: what would go now is something else. Overtaken: somebody is being handed over already.
    """
    held = case_to_hand_over(by, case)
    with transaction.atomic():
        content = {"case": case, "to": to, "refs": sorted(refs), "digest": digest}
        once = begin_once(token, content, by=by, at=at)
        if once.answer is not None:
            return HandOver.objects.get(pk=once.answer["hand_over"])
        alone()
        seen = preview(home=home, case=case, to=to, refs=refs, by=by, at=at)
        if seen.digest != digest:
            raise changed_since()
        made = _written(home, held, seen, by, at)
        end_once(once, {"hand_over": made.pk})
    return made


def _written(home: Home, case: Case, seen: Preview, by: Acting, at: datetime) -> HandOver:
    partner, unit = seen.to.partner, seen.to.unit
    made = HandOver.objects.create(
        number=f"new {by.user.pk} {at.isoformat()}",
        case=case,
        unit=case.unit,
        partner=partner,
        to_unit=unit,
        by=by.user,
        at=at,
        due_at=at + ANSWER_WITHIN,
    )
    sender = partner.unit_id if partner is not None else case.unit_id
    made.number = f"{sender}-{at:%Y%m%dT%H%M%S}-{made.pk}"
    if partner is not None:
        made.expires_at = (at + VALID_FOR).replace(microsecond=0)
        made.file = _file(home, made, partner, seen, at)
        made.digest = digest_of(bytes(made.file))
    made.save()
    keys = [one.follow_up.pk for one in seen.chosen]
    Handed.objects.bulk_create(
        Handed(hand_over=made, follow_up=one.follow_up, ref=one.follow_up.person)
        for one in seen.chosen
    )
    give(keys, number=made.number, by=by, at=at)
    told("hand_over.sent", made, by=by, at=at, people=str(len(keys)))
    return made


def _file(home: Home, made: HandOver, partner: Partner, seen: Preview, at: datetime) -> bytes:
    assert made.expires_at is not None
    header = Header(HAND_OVER, made.number, partner.unit_id, partner.code, at, made.expires_at)
    content = Content(made.case.disease, seen.people).as_json()
    return write_file(header, content, own=keys_here(home), receiver=partner.keys)


def take_back(*, hand_over: int, reason: str, by: Acting, at: datetime) -> HandOver:
    """Nobody answered, or it was a mistake: it is work here again. Done: somebody answered."""
    with transaction.atomic():
        alone()
        found = given(by).filter(pk=hand_over).first()
        if found is None:
            raise no_hand_over()
        found = HandOver.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if found.state == "taken_back":
            return found
        if found.state != "waiting":
            raise answered_before()
        check_words("reason", "理由", reason)
        people_of = Handed.objects.filter(hand_over=found)
        keys = list(people_of.values_list("follow_up", flat=True))
        come_back(keys, by=by, at=at, reason=reason.strip())
        people_of.update(answer="taken_back")
        found.state, found.reason = "taken_back", reason.strip()
        found.answered_by, found.answered_at = by.user, at
        found.save()
        told("hand_over.taken_back", found, by=by, at=at, people=str(len(keys)))
    return found


def file_of(*, hand_over: HandOver) -> bytes:
    """As it was made: as often as it is fetched, the same. NotFound: it went to a unit, or was
    erased.
    """
    if hand_over.file is None and hand_over.digest:
        raise file_erased()
    if hand_over.file is None:
        raise NotFound("this hand-over has no file", "该移交没有文件")
    return bytes(hand_over.file)


def told(act: str, one: HandOver, *, by: Acting, at: datetime, **more: str) -> None:
    to = one.partner.code if one.partner is not None else str(one.to_unit_id)
    about = {"hand_over": one.number, "case": one.case.number, "to": to, **more}
    auditing.told(act, by=by.user.username, at=at, about=about)
