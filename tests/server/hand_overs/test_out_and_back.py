"""Contacts go to another city once, and stay ours until its receipt says that it has them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from tests.server.cases.town import DAY, Town, token
from tests.server.hand_overs.elsewhere import City, gives, keys_of, known
from tests.server.homes import NOON, told_of
from tests.server.tasks.loop import approved, task, traced

from ringfence.errors import DataError, NotAllowed, NotFound, StorageError, UsageError, UserError
from ringfence.lake import Home
from ringfence.operations.hand_over import Answer, Refused, key_file, read_hand_over
from ringfence_server.access import Acting
from ringfence_server.cases.actions import withdraw
from ringfence_server.cases.models import Case
from ringfence_server.hand_overs import actions
from ringfence_server.hand_overs.gathering import candidates
from ringfence_server.hand_overs.models import Handed, HandOver
from ringfence_server.hand_overs.refusals import Done
from ringfence_server.outbox.models import AuditRow
from ringfence_server.tasks.assigning import last_state, send
from ringfence_server.tasks.escalating import escalate
from ringfence_server.tasks.models import Escalation, FollowUp, Task, TaskState
from ringfence_server.tasks.queries import lost
from ringfence_server.tasks.working import step
from ringfence_server.tracing.models import Contact

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def states(person: str) -> set[str]:
    rows = Task.objects.filter(follow_up__person=person).exclude(state="withdrawn")
    return set(rows.values_list("state", flat=True))


def end_of(person: str) -> str:
    return FollowUp.objects.get(person=person).end


def test_what_goes_is_what_was_seen_and_no_more(
    home: Home, listed: Case, city: City, chief: Acting
) -> None:
    to = f"city-{city.partner.pk}"
    seen = actions.preview(home=home, case=listed.pk, to=to, refs=["p2"], by=chief, at=NOON)
    assert HandOver.objects.count() == 0
    made = gives(home, listed, city, chief, ("p2",))
    opened = city.opens(home, bytes(made.file or b""))
    told = read_hand_over(opened.content)
    assert told.people == seen.people
    (person,) = told.people
    assert person.ref == "p2"
    assert dict(person.identity) == {"name": "王小明", "phone": "+8613800138000"}
    (exposed,) = person.exposures
    contact = Contact.objects.get(person="p2", run__case=listed)
    assert (exposed.outcome, exposed.rules) == ("close", tuple(contact.rules))
    assert (exposed.last, exposed.release) == (contact.last_exposure, contact.release_date)
    text = str(opened.content)
    for secret in ("C1", "p1", "p3", "Karaoke", "李娜", "翠苑小区"):
        assert secret not in text
    (row,) = AuditRow.objects.filter(act="hand_over.sent")
    assert row.about["people"] == "1"
    _, second = told_of(home, "hand_over.reveal")[-2:]
    assert dict(second.about) == {"case": "C1", "subject": "p2", "purpose": "hand-over to 4403"}
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM hand_overs_handover t")
        assert "王小明" not in cursor.fetchone()[0]


def test_it_stays_open_work_until_the_receipt(
    home: Home, listed: Case, city: City, chief: Acting, worker: Acting
) -> None:
    step(number=task("p2", "notify").pk, to="accepted", by=worker, at=NOON)
    made = gives(home, listed, city, chief)
    assert states("p2") == states("p3") == {"handed_over"}
    assert Task.objects.get(pk=task("p2", "notify").pk).account is None
    assert list(lost()) == []
    assert candidates(listed) == []
    Task.objects.exclude(pk=task("p2", "notify").pk).update(next_at=None)
    assert escalate(at=NOON + 4 * HOUR).reminded == 1
    assert escalate(at=NOON + 8 * HOUR).told == 1
    assert Escalation.objects.filter(unit__isnull=False).count() == 1
    with pytest.raises(UserError):
        one = task("p2", "notify")
        send(number=one.pk, seen=last_state(one), by=chief, at=NOON)
    with pytest.raises(UserError):
        step(number=task("p2", "notify").pk, to="accepted", by=worker, at=NOON)
    opened = city.opens(home, bytes(made.file or b""))
    receipt = city.answers(home, opened, {"p2": "", "p3": ""}, at=NOON + HOUR)
    done = actions.read(home=home, file=receipt, by=chief, at=NOON + 2 * HOUR)
    assert isinstance(done, HandOver) and done.state == "answered"
    assert states("p2") == {"closed"} and end_of("p2") == end_of("p3") == "handed_over"
    assert list(lost()) == []
    again = approved(home, traced(home, chief), chief, NOON + DAY)
    assert again.figures["made"] == 0
    assert end_of("p2") == "handed_over"


def test_refused_in_part_falls_back_into_our_work(
    home: Home, listed: Case, city: City, chief: Acting, worker: Acting
) -> None:
    made = gives(home, listed, city, chief)
    opened = city.opens(home, bytes(made.file or b""))
    why = {"p2": "nobody of this name lives here", "p3": ""}
    receipt = city.answers(home, opened, why)
    actions.read(home=home, file=receipt, by=chief, at=NOON + 5 * HOUR)
    assert states("p2") == {"dispatched"} and states("p3") == {"closed"}
    back = task("p2", "notify")
    assert (back.due_at, end_of("p2"), end_of("p3")) == (NOON + 13 * HOUR, "", "handed_over")
    last = TaskState.objects.filter(task=back).order_by("-pk")[0]
    assert last.reason == "nobody of this name lives here"
    assert step(number=back.pk, to="accepted", by=worker, at=NOON).account == worker.user
    assert {one.ref: one.answer for one in Handed.objects.all()} == {
        "p2": "refused",
        "p3": "accepted",
    }
    assert gives(home, listed, city, chief, ("p2",)).state == "waiting"


def test_a_reason_with_a_number_is_not_kept(
    home: Home, listed: Case, city: City, chief: Acting
) -> None:
    made = gives(home, listed, city, chief, ("p2",))
    opened = city.opens(home, bytes(made.file or b""))
    receipt = city.answers(home, opened, {"p2": "call 13800138000"})
    actions.read(home=home, file=receipt, by=chief, at=NOON)
    assert "13800138000" not in Handed.objects.get().reason
    assert states("p2") == {"dispatched"}


def _unchanged(made: HandOver) -> None:
    assert HandOver.objects.get(pk=made.pk).state == "waiting"
    assert states("p2") == states("p3") == {"handed_over"}
    assert Handed.objects.filter(answer="").count() == 2


def test_a_receipt_that_does_not_fit_has_no_effect(
    home: Home, listed: Case, city: City, chief: Acting, town: Town
) -> None:
    made = gives(home, listed, city, chief)
    opened = city.opens(home, bytes(made.file or b""))
    both = {"p2": "", "p3": ""}
    good = city.answers(home, opened, both)
    altered = bytearray(good)
    altered[len(altered) // 2] ^= 1
    stranger = City(keys_of(9), city.partner)
    unknown = City(keys_of(9), city.partner, code="3302")
    for file, message in (
        (bytes(altered), "altered"),
        (stranger.answers(home, opened, both), "not known of this city"),
        (unknown.answers(home, opened, both), "no city of this code"),
        (city.answers(home, opened, both, digest="0" * 64), "another file"),
        (city.answers(home, opened, {"p2": ""}), "another file"),
        (city.answers(home, opened, {**both, "p9": ""}), "another file"),
        (city.answers(home, opened, both, at=NOON - 8 * DAY), "expired"),
        (city.answers(home, opened, both, at=NOON + 2 * DAY), "future"),
        (b"", "no file"),
        (bytes(made.file or b""), "no city of this code|another jurisdiction"),
    ):
        with pytest.raises(Refused, match=message):
            actions.read(home=home, file=file, by=chief, at=NOON)
        _unchanged(made)
    for file, by in (
        (city.answers(home, opened, both, number="0001-x"), chief),
        (good, town.staff("far", "supervisor", "000102")),
    ):
        with pytest.raises((NotFound, Refused)):
            actions.read(home=home, file=file, by=by, at=NOON)
        _unchanged(made)
    actions.read(home=home, file=good, by=chief, at=NOON)
    for _ in range(2):
        with pytest.raises(Done, match="answered already"):
            actions.read(home=home, file=good, by=chief, at=NOON)
    assert AuditRow.objects.filter(act="hand_over.receipt").count() == 1


def test_a_changed_key(home: Home, listed: Case, city: City, chief: Acting, town: Town) -> None:
    made = gives(home, listed, city, chief)
    opened = city.opens(home, bytes(made.file or b""))
    changed = known(home, town, seed=21)
    old = city.answers(home, opened, {"p2": "", "p3": ""})
    with pytest.raises(Refused, match="uses no more"):
        actions.read(home=home, file=old, by=chief, at=NOON)
    _unchanged(made)
    new = changed.answers(home, opened, {"p2": "", "p3": ""})
    assert actions.read(home=home, file=new, by=chief, at=NOON).state == "answered"


@pytest.mark.parametrize("hours", [-48, 48])
def test_a_wrong_clock_makes_nothing_valid_again(
    home: Home, listed: Case, city: City, chief: Acting, hours: int
) -> None:
    """A receipt that expired an hour ago, by a clock that lost two days since."""
    made = gives(home, listed, city, chief)
    opened = city.opens(home, bytes(made.file or b""))
    receipt = city.answers(home, opened, {"p2": "", "p3": ""}, at=NOON - 7 * DAY - HOUR)
    with pytest.raises(Refused, match="expired"):
        actions.read(home=home, file=receipt, by=chief, at=NOON + hours * HOUR)
    _unchanged(made)


def test_taken_back_it_is_ours_again(home: Home, listed: Case, city: City, chief: Acting) -> None:
    made = gives(home, listed, city, chief)
    opened = city.opens(home, bytes(made.file or b""))
    with pytest.raises(UserError):
        actions.take_back(hand_over=made.pk, reason="call 13800138000", by=chief, at=NOON)
    for _ in range(2):
        actions.take_back(hand_over=made.pk, reason="they live here", by=chief, at=NOON)
    assert states("p2") == states("p3") == {"dispatched"}
    assert AuditRow.objects.filter(act="hand_over.taken_back").count() == 1
    receipt = city.answers(home, opened, {"p2": "", "p3": ""})
    with pytest.raises(Done, match="taken back"):
        actions.read(home=home, file=receipt, by=chief, at=NOON)
    assert states("p2") == {"dispatched"}


def test_a_case_that_is_gone_withdraws_and_a_late_receipt_changes_nothing(
    home: Home, listed: Case, city: City, chief: Acting
) -> None:
    made = gives(home, listed, city, chief)
    opened = city.opens(home, bytes(made.file or b""))
    withdraw(home=home, number="C1", reason="mixed up", by=chief, at=NOON)
    assert states("p2") == set() and end_of("p2") == "dropped"
    receipt = city.answers(home, opened, {"p2": "", "p3": "unknown"})
    actions.read(home=home, file=receipt, by=chief, at=NOON)
    assert states("p2") == states("p3") == set()
    assert end_of("p2") == end_of("p3") == "dropped"


def test_nobody_goes_who_cannot_be_found_or_is_not_chosen(
    home: Home, run: object, chief: Acting, city: City, town: Town
) -> None:
    case = Case.objects.get(number="C1")
    approved(home, run, chief)  # type: ignore[arg-type]
    to = f"city-{city.partner.pk}"

    def look(refs: list[str], to: str = to, by: Acting = chief) -> object:
        return actions.preview(home=home, case=case.pk, to=to, refs=refs, by=by, at=NOON)

    with pytest.raises(DataError, match="no source tells"):
        look(["p2", "p3"])
    with pytest.raises(UsageError):
        look([])
    with pytest.raises(UsageError):
        look(["stranger"])
    with pytest.raises(Done):
        look(["p2", "stranger"])
    with pytest.raises(UsageError):
        look(["p2"], to="city-999")
    with pytest.raises(NotFound):
        look(["p2"], by=town.neighbour)
    with pytest.raises(NotAllowed):
        look(["p2"], by=town.staff("analyst", "data_analyst", "0001"))
    assert HandOver.objects.count() == 0


def test_a_stale_preview_sends_nothing(
    home: Home, listed: Case, city: City, chief: Acting, tmp_path: Path
) -> None:
    to = f"city-{city.partner.pk}"
    seen = actions.preview(home=home, case=listed.pk, to=to, refs=["p2"], by=chief, at=NOON)
    Contact.objects.filter(person="p2").update(release_date=NOON.date())
    with pytest.raises(Done, match="look again"):
        actions.send(
            home=home,
            case=listed.pk,
            to=to,
            refs=["p2"],
            digest=seen.digest,
            token=token(),
            by=chief,
            at=NOON,
        )
    assert HandOver.objects.count() == 0 and states("p2") == {"dispatched"}


def test_lost_keys_are_told_and_never_made_anew(
    home: Home, listed: Case, city: City, chief: Acting
) -> None:
    gives(home, listed, city, chief, ("p2",))
    key_file(home).unlink()
    with pytest.raises(StorageError, match="restore"):
        gives(home, listed, city, chief, ("p3",))
    assert HandOver.objects.count() == 1 and states("p3") == {"dispatched"}


def test_to_another_unit_of_the_same_server(
    home: Home, listed: Case, chief: Acting, town: Town
) -> None:
    seen = actions.preview(
        home=home, case=listed.pk, to="unit-000102", refs=["p2", "p3"], by=chief, at=NOON
    )
    assert seen.people == () and told_of(home, "hand_over.reveal") == []
    made = actions.send(
        home=home,
        case=listed.pk,
        to="unit-000102",
        refs=["p2", "p3"],
        digest=seen.digest,
        token=token(),
        by=chief,
        at=NOON,
    )
    assert made.file is None
    answers = {"p2": Answer("p2", "accepted"), "p3": Answer("p3", "refused", "not ours")}
    unit = town.unit("000102")

    def answered(by: Acting, told: dict[str, Answer]) -> HandOver:
        return actions.answer_offer(hand_over=made.pk, answers=told, unit=unit, by=by, at=NOON)

    with pytest.raises(NotFound):
        answered(town.staff("elsewhere", "supervisor", "000101"), answers)
    with pytest.raises(UsageError):
        answered(town.neighbour, {"p2": answers["p2"]})
    with pytest.raises(UsageError):
        answered(town.neighbour, answers | {"p3": Answer("p3", "refused", " ")})
    assert states("p2") == {"handed_over"} and list(lost()) == []
    answered(town.neighbour, answers)
    with pytest.raises(Done):
        answered(town.neighbour, answers)
    p2, p3 = FollowUp.objects.get(person="p2"), FollowUp.objects.get(person="p3")
    assert (p2.unit_id, p2.end, p2.district) == ("000102", "", "000102")
    assert states("p2") == states("p3") == {"dispatched"}
    assert {one.unit_id for one in p2.tasks.all()} == {"000102"}
    assert {one.unit_id for one in p3.tasks.all()} == {"000101"}
    assert list(lost()) == []
