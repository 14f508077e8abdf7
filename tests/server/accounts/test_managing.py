"""Acts on accounts: by whom, on whom, and what the audit says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.server.tree import AT, OPERATOR, loaded, person, unit

from ringfence.errors import NotAllowed, NotFound, UserError
from ringfence_server.access import Acting, acting_of
from ringfence_server.accounts import actions, lockout
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.accounts.roles import kept_apart, roles
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tree() -> None:
    loaded()


def _administrator(at: str = "4401", username: str = "guan") -> Acting:
    return acting_of(person(username, "administrator", at), AT)


def _told(act: str) -> dict[str, Any]:
    row = AuditRow.objects.get(act=act)
    return {"by": row.by, **row.about}


def test_a_role_is_given_and_ended() -> None:
    by, who = _administrator(), person("wang", None, "440103")
    given = actions.appoint(user=who, role="investigator", unit="440103", by=by, at=AT)
    assert acting_of(who, AT).may("case.read", unit("440103001"))
    assert _told("account.appoint") == {
        "by": "guan",
        "account": "wang",
        "role": "investigator",
        "unit": "440103",
    }
    actions.end_appointment(appointment=given, by=by, at=AT)
    assert not acting_of(who, AT).grants
    assert _told("account.end_role")["role"] == "investigator"
    with pytest.raises(NotFound):
        actions.end_appointment(appointment=given, by=by, at=AT)


ACTS: dict[str, Callable[[User, Acting], object]] = {
    "appoint": lambda user, by: actions.appoint(
        user=user, role="grid_worker", unit="440103", by=by, at=AT
    ),
    "end": lambda user, by: actions.end_appointment(
        appointment=user.appointments.get(), by=by, at=AT
    ),
    "deactivate": lambda user, by: actions.deactivate(user=user, by=by, at=AT),
    "reactivate": lambda user, by: actions.reactivate(user=user, by=by, at=AT),
    "password": lambda user, by: actions.reset_password(user=user, by=by, at=AT, draw=lambda: "x"),
    "factor": lambda user, by: actions.reset_second_factor(user=user, by=by, at=AT),
    "lock": lambda user, by: actions.lift_lock(user=user, by=by, at=AT),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("where", ["44", "4403", "440303"])
def test_accounts_above_and_outside_are_not_there(act: str, where: str) -> None:
    by, who = _administrator(), person("wang", "supervisor", where)
    before = User.objects.values().get(pk=who.pk)
    with pytest.raises(NotFound):
        ACTS[act](who, by)
    assert User.objects.values().get(pk=who.pk) == before
    assert not AuditRow.objects.exclude(act="unit.load").exists()


@pytest.mark.parametrize("act", sorted(ACTS.keys() - {"end"}))
def test_nobody_does_it_to_himself(act: str) -> None:
    by = _administrator()
    with pytest.raises(NotAllowed):
        ACTS[act](by.user, by)


@pytest.mark.parametrize("act", ["password", "factor", "reactivate"])
def test_a_role_outside_is_not_taken_over(act: str) -> None:
    by, who = _administrator(), person("wang", "supervisor", "44", home="440103")
    with pytest.raises(NotAllowed):
        ACTS[act](who, by)
    with pytest.raises(NotFound):
        ACTS["end"](who, by)
    ACTS["deactivate"](who, by)


@pytest.mark.parametrize("role", ["auditor", "investigator"])
def test_without_the_right_nothing(role: str) -> None:
    by, who = acting_of(person("li", role, "CN"), AT), person("wang", None, "440103")
    for act in ACTS.keys() - {"end"}:
        with pytest.raises(NotFound):
            ACTS[act](who, by)


def test_no_role_outside_ones_own_unit_and_none_that_is_not() -> None:
    by, who = _administrator(), person("wang", None, "440103")
    for role, where in (
        ("investigator", "44"),
        ("investigator", "4403"),
        ("investigator", "nowhere"),
        ("emperor", "4401"),
    ):
        with pytest.raises(NotFound):
            actions.appoint(user=who, role=role, unit=where, by=by, at=AT)
    assert not who.appointments.exists()


def test_roles_kept_apart_are_not_held_together() -> None:
    by, who = _administrator(), person("wang", "investigator", "440103")
    for role in ("administrator", "auditor"):
        with pytest.raises(NotAllowed):
            actions.appoint(user=who, role=role, unit="440104", by=by, at=AT)
    with pytest.raises(NotAllowed, match="holds this role there"):
        actions.appoint(user=who, role="investigator", unit="440103", by=by, at=AT)
    actions.appoint(user=who, role="supervisor", unit="440104", by=by, at=AT)
    other = person("zhao", "administrator", "440103")
    for role in roles().keys() - {"administrator"}:
        with pytest.raises(NotAllowed):
            actions.appoint(user=other, role=role, unit="440103", by=by, at=AT)


def test_who_gives_rights_and_who_watches_has_no_other() -> None:
    """Of every role there is, also those to come."""
    known = roles().values()
    alone = [role for role in known if role.rights & {"account.manage", "audit.read"}]
    assert {role.key for role in alone} == {"administrator", "auditor"}
    for role in alone:
        assert all(kept_apart(role, other) for other in known if other != role)


def test_deactivated_and_back() -> None:
    by, who = _administrator(), person("wang", "investigator", "440103")
    before = who.get_session_auth_hash()
    ACTS["deactivate"](who, by)
    who.refresh_from_db()
    assert not who.is_active
    ACTS["reactivate"](who, by)
    who.refresh_from_db()
    assert who.is_active
    assert who.get_session_auth_hash() != before
    assert (
        _told("account.deactivate")
        == _told("account.reactivate")
        == {
            "by": "guan",
            "account": "wang",
        }
    )


def test_a_new_password() -> None:
    by, who = _administrator(), person("wang", "investigator", "440103")
    password = actions.reset_password(user=who, by=by, at=AT, draw=lambda: "abcd-efgh-jkmn-pqrs")
    who.refresh_from_db()
    assert who.check_password(password)
    assert who.first_password
    assert who.first_password_until == AT + timedelta(days=7)
    assert password not in str(AuditRow.objects.values_list("about"))


def test_a_lock_is_lifted() -> None:
    by, who = _administrator(), person("wang", "investigator", "440103")
    for _ in range(lockout.MOST):
        attempt = lockout.begin("wang", AT)
        assert attempt is not None
        lockout.wrong(attempt, who, AT, "password")
    assert lockout.begin("wang", AT) is None
    assert lockout.locked("wang", AT)
    ACTS["lock"](who, by)
    assert lockout.begin("wang", AT) is not None
    assert [row.by for row in AuditRow.objects.filter(act="account.lock")] == ["wang"]


def test_a_lock_ends_by_itself() -> None:
    for _ in range(lockout.MOST):
        assert lockout.begin("wang", AT) is not None
    assert lockout.begin("wang", AT + timedelta(minutes=14)) is None
    assert lockout.begin("wang", AT + timedelta(minutes=15)) is not None


def test_the_operator_makes_the_first_administrator() -> None:
    fields = {"username": "guan", "name": "关", "role": "administrator", "unit": "CN"}
    made = actions.make_account(fields=fields, by=OPERATOR, at=AT, draw=lambda: "a-first-one")
    assert acting_of(made.user, AT).may("account.manage", unit("440303"))
    assert Appointment.objects.get().role == "administrator"
    assert _told("account.make")["by"] == "machine:root"
    assert "a-first-one" not in repr(made)


def test_an_account_is_made_within_ones_own_unit() -> None:
    by = _administrator()
    told = {"username": "wang", "name": "王", "role": "investigator", "unit": "440103"}

    def make(**fields: str) -> User:
        made = actions.make_account(fields={**told, **fields}, by=by, at=AT, draw=lambda: "a-b-c")
        return made.user

    user = make(language="en")
    assert (user.language, user.city, user.first_password) == ("en", "4401", True)
    for wrong in (
        {"username": "wang"},
        {"username": "Wang"},
        {"username": "w"},
        {"username": "王小明"},
        {"username": "a b"},
        {"username": "=wang"},
        {"username": "wang\u200b"},
        {"username": "w" * 33},
        {"username": "a:b"},
        {"username": "li", "name": ""},
        {"username": "li", "name": "李\u202e"},
        {"username": "li", "name": "李\u200b"},
        {"username": "li", "name": "=1+1"},
        {"username": "li", "name": "李" * 65},
        {"username": "li", "name": "李\0"},
        {"username": "li", "role": "emperor"},
        {"username": "li", "unit": "4403"},
        {"username": "li", "unit": "44"},
        {"username": "li", "unit": "nowhere"},
        {"username": "li", "language": "fr"},
    ):
        with pytest.raises(UserError):
            make(**wrong)
    assert User.objects.count() == 2
