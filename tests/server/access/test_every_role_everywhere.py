"""Every page, for every role, about what is at its own unit, below it and elsewhere.

What is expected follows from the roles' file and from what each view needs; an address of a new
kind of thing fails until an example of it is given here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse
from tests.server.access.addresses import ADDRESSES, PAGES
from tests.server.cases.examples import case_at
from tests.server.follow_ups.examples import watched_at
from tests.server.glass.examples import opening_of
from tests.server.hand_overs.examples import hand_over_at, partner_at, received_at
from tests.server.homes import new_home
from tests.server.merging.examples import decision_at, question_at
from tests.server.search.examples import alert_at, canary_at, hit_at, raise_at
from tests.server.tasks.examples import task_at
from tests.server.tracing.examples import run_of
from tests.server.tree import OPERATOR, browser, loaded, person

from ringfence_server.access import need_of
from ringfence_server.accounts import actions
from ringfence_server.accounts.models import User
from ringfence_server.accounts.roles import roles
from ringfence_server.cases.models import Case
from ringfence_server.deployment.here import deployment, now
from ringfence_server.imports.models import Import
from ringfence_server.narratives.models import Narrative
from ringfence_server.outbox.models import Delivery

HELD_AT = "4401"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, settings: LazySettings) -> None:
    settings.RINGFENCE = replace(deployment(), home=new_home(tmp_path).root)


PLACES = {"own": "4401", "below": "440103001", "unrelated": "440303"}
REACHED = {"own", "below"}


def _account(at: str) -> dict[str, Any]:
    return {"number": User.objects.get(username=f"somebody.{at}").pk}


def _appointment(at: str) -> dict[str, Any]:
    held = User.objects.get(username=f"somebody.{at}").appointments.get()
    return {**_account(at), "appointment": held.pk}


def _team(at: str) -> str:
    return HELD_AT if at in (PLACES["own"], PLACES["below"]) else at


def _case(at: str) -> dict[str, Any]:
    return {"case": case_at(at, _team(at)).pk}


def _cluster(at: str) -> dict[str, Any]:
    case = Case.objects.get(pk=_case(at)["case"])
    return {"cluster": case.memberships.get().cluster_id}


def _narrative(at: str) -> int:
    """One whose words were erased."""
    case = Case.objects.get(pk=_case(at)["case"])
    known = Narrative.objects.filter(case=case).first()
    user = User.objects.order_by("pk")[0]
    made = known or Narrative.objects.create(case=case, sealed=b"", events=0, by=user, at=now())
    return made.pk


def _assignment(at: str) -> dict[str, Any]:
    case = Case.objects.get(pk=_case(at)["case"])
    return {"assignment": case.assignments.get().pk}


def _import(at: str) -> dict[str, Any]:
    """Each is its sender's alone, wherever that is."""
    other = User.objects.get(username=f"somebody.{at}")
    made, _ = Import.objects.get_or_create(
        by=other,
        digest="0" * 64,
        table="place",
        defaults={"size": 1, "file": "f", "begun_at": now(), "moved_at": now()},
    )
    return {"file": made.pk}


def _run(at: str) -> dict[str, Any]:
    case = Case.objects.get(pk=_case(at)["case"])
    return {"run": run_of(case, User.objects.get(username=f"somebody.{at}")).pk}


def _opening(at: str) -> dict[str, Any]:
    case = Case.objects.get(pk=_case(at)["case"])
    return {"opening": opening_of(case, User.objects.get(username=f"somebody.{at}")).pk}


def _delivery(at: str) -> dict[str, Any]:
    made, _ = Delivery.objects.get_or_create(
        key=f"C-{at}/1/case",
        defaults={
            "table": "case",
            "rows": [{"case": f"C-{at}"}],
            "by": f"somebody.{at}",
            "created_at": now(),
            "fault": {"en": "refused", "zh": "拒绝"},
        },
    )
    return {"delivery": made.pk}


# By the names in a route: an example of it at a unit. What lies elsewhere must answer 404.
EXAMPLES: dict[frozenset[str], Callable[[str], dict[str, Any]]] = {
    frozenset({"number"}): _account,
    frozenset({"number", "appointment"}): _appointment,
    frozenset({"number", "act"}): lambda at: {**_account(at), "act": "lock"},
    frozenset({"case"}): _case,
    frozenset({"case", "version"}): lambda at: {**_case(at), "version": 1},
    frozenset({"case", "narrative"}): lambda at: {**_case(at), "narrative": _narrative(at)},
    frozenset({"cluster"}): _cluster,
    frozenset({"cluster", "case"}): lambda at: {**_cluster(at), **_case(at)},
    frozenset({"assignment"}): _assignment,
    frozenset({"file"}): _import,
    frozenset({"wanted"}): lambda _: {"wanted": "R1"},
    frozenset({"handed"}): lambda _: {"handed": "L1"},
    frozenset({"batch"}): lambda _: {"batch": "0" * 64},
    frozenset({"run"}): _run,
    frozenset({"run", "rank"}): lambda at: {**_run(at), "rank": 0},
    frozenset({"opening"}): _opening,
    frozenset({"delivery"}): _delivery,
    frozenset({"task"}): lambda at: {"task": task_at(at).pk},
    frozenset({"hit"}): lambda at: {"hit": hit_at(at, Case.objects.get(pk=_case(at)["case"]))},
    frozenset({"asked"}): lambda at: {"asked": raise_at(at).pk},
    frozenset({"canary"}): lambda at: {"canary": canary_at(at).pk},
    frozenset({"alert"}): lambda at: {"alert": alert_at(at).pk},
    frozenset({"token"}): lambda _: {"token": 0},
    frozenset({"follow_up"}): lambda at: {"follow_up": watched_at(at).pk},
    frozenset({"hand_over"}): lambda at: {"hand_over": hand_over_at(at, _team(at)).pk},
    frozenset({"received"}): lambda at: {"received": received_at(at).pk},
    frozenset({"question"}): lambda at: {"question": question_at(at).pk},
    frozenset({"decision"}): lambda at: {"decision": decision_at(at).pk},
    frozenset({"partner"}): lambda at: {"partner": partner_at(at).pk},
}
# Addresses that name their unit in what is sent.
SAID: dict[str, Callable[[str], dict[str, str]]] = {
    name: lambda at: {"at": at}
    for name in ("units", "add_unit", "rename_unit", "move_unit", "remove_unit")
}


PLAIN = [one for one in PAGES if not one.pattern.converters]
WITH_EXAMPLE = [one for one in PAGES if one.pattern.converters]
NEEDING = [one for one in PLAIN if (need := need_of(one.callback)) is not None and need.right]
# Not ready where the home of the tests is none: that is its answer.
NOT_READY = {"ready"}


def _tried(signed_in: Client, url: str, method: str, said: dict[str, str]) -> HttpResponse:
    """What became of it is undone, its session too: the next begins as this did."""
    client = Client(raise_request_exception=False)
    client.cookies = deepcopy(signed_in.cookies)
    with transaction.atomic():
        answer: HttpResponse = getattr(client, method)(url, said)
        transaction.set_rollback(True)
    return answer


def _somebodies() -> None:
    for at in PLACES.values():
        person(f"somebody.{at}", "grid_worker", at)


def _requests() -> Iterator[tuple[URLPattern, str | None, str, dict[str, str]]]:
    """Address, place of the example, and what is asked for."""
    for one in PLAIN:
        yield one, None, reverse(str(one.name)), {}
        for place, at in PLACES.items() if one.name in SAID else ():
            yield one, place, reverse(str(one.name)), SAID[str(one.name)](at)
    for one in WITH_EXAMPLE:
        names = frozenset(one.pattern.converters)
        assert names in EXAMPLES, f"give an example of {sorted(names)} for {one.name}"
        for place, at in PLACES.items():
            yield one, place, reverse(str(one.name), kwargs=EXAMPLES[names](at)), {}


def _wrong(address: URLPattern, status: int, right: bool, place: str | None) -> str | None:
    """`right`: the role gives what the view needs. `place`: of the example; None: there is none."""
    need = need_of(address.callback)
    assert need is not None
    if status >= 500 and address.name not in NOT_READY:
        return "a fault"
    if need.who != "right":
        return "refused" if status == 403 else None
    if not right:
        return None if status == 403 else "let in"
    if place is not None and place not in REACHED:
        return None if status in {404, 405} else "shown from elsewhere"
    return "not found" if status == 404 and place is not None else None


def test_every_address_has_a_name() -> None:
    """Or it could not be tried here."""
    assert all(one.name for one in ADDRESSES)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*roles(), None])
def test_only_what_a_role_gives_and_only_where(role: str | None) -> None:
    loaded()
    _somebodies()
    user = person("reader", role, HELD_AT)
    rights = roles()[role].rights if role is not None else frozenset()
    wrong, signed_in = [], browser(user)
    for method, (address, place, url, said) in product(("get", "post"), list(_requests())):
        need = need_of(address.callback)
        right = need is not None and need.right in rights
        status = _tried(signed_in, url, method, said).status_code
        if (fault := _wrong(address, status, right, place)) is not None:
            wrong.append(f"{method} {url} ({address.name}, {place}): {status}, {fault}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_without_an_account_everything_leads_to_signing_in() -> None:
    loaded()
    _somebodies()
    client = Client()
    for method, address in product(("get", "post"), [*PLAIN, *WITH_EXAMPLE]):
        need = need_of(address.callback)
        if need is None or need.who == "all":
            continue
        names = frozenset(address.pattern.converters)
        kwargs = EXAMPLES[names](HELD_AT) if names else {}
        answer = getattr(client, method)(reverse(str(address.name), kwargs=kwargs))
        assert answer.status_code == 302, address.name
        assert answer.headers["Location"].startswith("/account/sign-in/"), address.name


@pytest.mark.django_db
@pytest.mark.parametrize("address", NEEDING, ids=lambda one: str(one.name))
def test_a_right_is_lost_at_once(address: URLPattern) -> None:
    """In an open session, at the next request, and with the account itself too."""
    loaded()
    need = need_of(address.callback)
    assert need is not None
    giving = [key for key, role in roles().items() if need.right in role.rights]
    assert giving, f"no role gives {need.right}"
    user = person("reader", giving[0], HELD_AT)
    client, url = browser(user), reverse(str(address.name))
    assert client.get(url).status_code in {200, 302, 405}
    held = user.appointments.get()
    actions.end_appointment(appointment=held, by=OPERATOR, at=now())
    assert client.get(url).status_code == 403
    actions.deactivate(user=user, by=OPERATOR, at=now())
    assert client.get(url).status_code == 302
