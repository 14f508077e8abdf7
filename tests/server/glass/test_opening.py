"""A case that is not one's own is opened: for reading, for a while, and never unseen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.server.cases.town import Town, enter
from tests.server.glass.codes import code_of
from tests.server.homes import NOON, told_of

from ringfence.errors import DataError, NotAllowed, NotFound, UsageError
from ringfence.lake import Home
from ringfence_server.access import Acting, acting_of
from ringfence_server.accounts import lockout
from ringfence_server.accounts.models import Appointment
from ringfence_server.cases import actions as on_cases
from ringfence_server.cases.changing import last_change
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import case_of, owned, visible
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.glass import actions
from ringfence_server.glass.models import Missed, Opening
from ringfence_server.glass.rules import read_rules, rules
from ringfence_server.outbox import auditing
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
END = NOON + 4 * HOUR


def opens(by: Acting, number: str = "C-1", at: datetime = NOON, **said: Any) -> actions.Found:
    told = {"purpose": "danger", "reason": "no answer by telephone", **said}
    if "code" not in told:
        told["code"] = code_of(by)
    return actions.open_case(number=number, by=by, at=at, **told)


def later(by: Acting, at: datetime) -> Acting:
    return acting_of(by.user, at)


def test_it_can_be_read_and_nothing_else(town: Town, case: Case) -> None:
    by = town.neighbour
    with pytest.raises(NotFound):
        case_of(by, case.number)
    assert opens(by).opening is not None
    by = later(by, NOON)
    assert case_of(by, case.number) == case
    assert not owned(by).exists()
    rights = {right for grant in by.grants for right in grant.role.rights} - {"case.read"}
    for right in rights:
        assert not visible(by, right).exists(), right
        with pytest.raises(NotAllowed):
            case_of(by, case.number, right)


@pytest.mark.parametrize(
    ("at", "reads"),
    [
        (NOON - timedelta(microseconds=1), False),
        (NOON, True),
        (END - timedelta(microseconds=1), True),
        (END, False),
    ],
    ids=["before", "at once", "last moment", "its end"],
)
def test_it_ends_at_the_very_moment(town: Town, case: Case, at: datetime, reads: bool) -> None:
    opens(town.neighbour)
    assert visible(later(town.neighbour, at)).exists() is reads


def test_it_ends_with_the_role(town: Town, case: Case) -> None:
    by = town.neighbour
    opens(by)
    Appointment.objects.filter(user=by.user).update(until=NOON + HOUR)
    assert visible(later(by, NOON)).exists()
    gone = later(by, NOON + HOUR)
    assert not gone.opened
    assert not visible(gone).exists()


def test_only_by_the_roles_that_may(home: Home, town: Town, case: Case) -> None:
    for role in ("auditor", "administrator", "grid_worker", "data_analyst"):
        by = town.staff(f"a-{role}", role, "000102")
        with pytest.raises(NotAllowed):
            opens(by)
    for role in ("investigator", "clinician", "supervisor"):
        by = town.staff(f"a-{role}", role, "000102")
        assert opens(by).opening is not None


def test_what_is_ones_own_needs_no_opening(town: Town, case: Case) -> None:
    assert opens(town.chief).opening is None
    assert not Opening.objects.exists()


def test_an_investigator_without_assignment_in_the_own_district(town: Town, case: Case) -> None:
    """The review then begins with the unit above."""
    made = opens(town.detective).opening
    assert made is not None
    assert (made.unit_id, made.came_from_id, made.first_id) == ("000101", "000101", "0001")


def test_a_number_that_is_none_is_said_so_and_counted(home: Home, town: Town, case: Case) -> None:
    by = town.neighbour
    for number in ("nowhere", "' OR 1=1 --", "a\0b", "%", "../x"):
        with pytest.raises(NotFound) as nowhere:
            opens(by, number)
        assert number not in str(nowhere.value)
    assert Missed.objects.count() == 5
    with pytest.raises(NotAllowed):
        opens(by)
    auditing.drain(home)
    assert [dict(one.about).keys() for one in told_of(home, "glass.missed")] == [{"row"}] * 5
    assert opens(by, at=NOON + timedelta(hours=24)).opening is not None, "a day later"


def test_a_code_is_good_once_and_wrong_ones_lock(town: Town, case: Case) -> None:
    by = town.neighbour
    code = code_of(by)
    opens(by, code=code)
    for wrong in (code, "000000", "", "一二三四五六"):
        with pytest.raises(FieldErrors) as refused:
            opens(by, code=wrong)
        assert "code" in refused.value.fields
    assert lockout.MOST == 5
    with pytest.raises(FieldErrors):
        opens(by, code="1")
    with pytest.raises(NotAllowed, match="too many"):
        opens(by, code=code_of(by))


def test_without_a_second_factor_nothing_opens(town: Town, case: Case) -> None:
    with pytest.raises(FieldErrors):
        opens(town.neighbour, code="123456")
    assert not Opening.objects.exists()


@pytest.mark.parametrize(
    "reason",
    [
        "",
        "  ",
        "call 13800138000",
        "１３８００１３８０００",
        "000101199001011012",
        "a\0b",
        "x\u202ey",
    ],
    ids=["none", "blank", "telephone", "full width", "document", "NUL", "turned"],
)
def test_a_reason_is_words_without_a_number_of_a_person(
    town: Town, case: Case, reason: str
) -> None:
    """Before the code is used up."""
    code = code_of(town.neighbour)
    with pytest.raises((UsageError, DataError, NotAllowed)) as refused:
        opens(town.neighbour, reason=reason, code=code)
    assert "138001" not in str(refused.value)
    assert not Opening.objects.exists()
    assert opens(town.neighbour, code=code).opening is not None


def test_a_purpose_is_of_the_list(town: Town, case: Case) -> None:
    with pytest.raises(FieldErrors):
        opens(town.neighbour, purpose="curiosity")


def test_open_twice_is_open_once(town: Town, case: Case) -> None:
    first, second = opens(town.neighbour), opens(town.neighbour, at=NOON + HOUR)
    assert first.opening == second.opening
    assert second.opening is not None
    assert second.opening.until == END, "asked again, it does not last longer"


def test_only_some_at_a_time(home: Home, town: Town, case: Case) -> None:
    for number in ("C-2", "C-3"):
        enter(
            home, town, by=town.staff("chief-101", "supervisor", "000101"), number=number, person={}
        )
    by = town.neighbour
    opens(by, "C-1")
    opens(by, "C-2")
    with pytest.raises(NotAllowed):
        opens(by, "C-3")
    made = Opening.objects.get(case__number="C-1")
    actions.end_own(opening=made.pk, by=by, at=NOON + HOUR)
    assert opens(by, "C-3", at=NOON + HOUR).opening is not None
    assert opens(by, "C-1", at=END).opening != made, "opened anew"


def test_who_opened_it_may_end_it(town: Town, case: Case) -> None:
    made = opens(town.neighbour).opening
    assert made is not None
    with pytest.raises(NotFound):
        actions.end_own(opening=made.pk, by=town.detective, at=NOON)
    actions.end_own(opening=made.pk, by=town.neighbour, at=NOON + HOUR)
    assert not visible(later(town.neighbour, NOON + HOUR)).exists()
    for key in (made.pk, 0, 10**17):
        with pytest.raises(NotFound):
            actions.end_own(opening=key, by=town.neighbour, at=NOON + 2 * HOUR)


def test_a_case_that_is_withdrawn_while_open_stays_readable_and_no_more(
    home: Home, town: Town, case: Case
) -> None:
    opens(town.neighbour)
    chief = town.chief
    on_cases.withdraw(
        home=home, number=case.number, reason="mixed up", by=chief, at=NOON, seen=last_change(case)
    )
    by = later(town.neighbour, NOON + HOUR)
    assert case_of(by, case.number).state == "withdrawn"
    assert opens(town.detective).opening is not None, "one that was withdrawn before, too"


def test_the_audit_says_who_opened_what_for_what(home: Home, town: Town, case: Case) -> None:
    made = opens(town.neighbour).opening
    assert made is not None
    auditing.drain(home)
    (row,) = told_of(home, "glass.opened")
    assert row.by == "neighbour"
    assert dict(row.about) == {
        "case": "C-1",
        "opening": str(made.pk),
        "owner": "000101",
        "purpose": "danger",
        "reason": "no answer by telephone",
        "row": str(AuditRow.objects.get(act="glass.opened").pk),
    }


def test_the_rules_are_data_and_are_checked() -> None:
    assert rules().open_for == 4 * HOUR
    whole = (
        "{hours: 4, review_hours: 24, most_open: 2, most_unjustified: 2, unjustified_days: 90,"
        " most_missed: 5, missed_hours: 24, purposes: {danger: {en: a, zh: b}}}"
    )
    assert read_rules(whole).most_open == 2
    for old, new in (
        ("hours: 4,", "hours: 25,"),
        ("hours: 4,", "hours: 0,"),
        ("most_open: 2", "most_open: yes"),
        ("{danger: {en: a, zh: b}}", "{}"),
        (" most_missed: 5,", ""),
    ):
        with pytest.raises(DataError):
            read_rules(whole.replace(old, new, 1))
