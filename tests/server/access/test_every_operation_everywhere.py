"""Every operation of the API, for every role, about what is at its own unit, below and elsewhere.

As with pages, what is expected follows from the roles' file and from what each operation needs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, reverse
from tests.server.access.addresses import FOR_PROGRAMS
from tests.server.access.test_every_role_everywhere import (
    EXAMPLES,
    HELD_AT,
    PLACES,
    REACHED,
    _somebodies,
)
from tests.server.api.programs import new_key, token_for
from tests.server.homes import new_home
from tests.server.tasks.loop import with_second_factor
from tests.server.tree import OPERATOR, loaded, person

from ringfence_server.access import Acting, Need, acting_of
from ringfence_server.accounts import actions
from ringfence_server.accounts.roles import roles
from ringfence_server.api.actions import digest_of, draw
from ringfence_server.api.door import ways_of
from ringfence_server.api.models import Token
from ringfence_server.api.scopes import NEVER, SCOPES
from ringfence_server.deployment.here import deployment, now

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
OPERATIONS = [
    (one, method, need) for one in FOR_PROGRAMS for method, need in ways_of(one.callback).items()
]


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, settings: LazySettings) -> None:
    settings.RINGFENCE = replace(deployment(), home=new_home(tmp_path).root)


def _url(address: URLPattern, at: str) -> str:
    names = frozenset(address.pattern.converters)
    assert not names or names in EXAMPLES, f"give an example of {sorted(names)}"
    return reverse(f"api:{address.name}", kwargs=EXAMPLES[names](at) if names else {})


def _status(secret: str, method: str, url: str) -> int:
    """What became of it is undone: the next begins as this did."""
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": new_key()}
    with transaction.atomic():
        client = Client(raise_request_exception=False)
        sent = json.dumps({}) if method != "GET" else ""
        answer = client.generic(method, url, sent, "application/json", headers=headers)
        transaction.set_rollback(True)
    return answer.status_code


def _requests() -> Iterator[tuple[URLPattern, str, Need, str | None, str]]:
    for address, method, need in OPERATIONS:
        places = PLACES.items() if address.pattern.converters else [(None, HELD_AT)]
        for place, at in places:
            yield address, method, need, place, _url(address, at)


def _all(acting: Acting) -> str:
    """A token that carries all there is, as no account could make it: what it opens is decided by
    the account's rights.
    """
    with_second_factor(acting)
    secret, at = draw(), now()
    Token.objects.create(
        user=acting.user,
        name="all",
        digest=digest_of(secret),
        scopes=sorted(SCOPES),
        sessions=acting.user.sessions,
        made_at=at,
        until=at + timedelta(days=1),
    )
    return secret


def _wrong(status: int, need: Need, right: bool, place: str | None) -> str | None:
    if status >= 500 or status in {401, 405}:
        return "a fault"
    if need.right is not None and not right:
        return None if status == 403 else "let in"
    if place is not None and place not in REACHED and need.right is not None:
        return None if status in {400, 404, 415} else "shown from elsewhere"
    return None


def test_operations_need_rights_that_tokens_carry_and_tokens_carry_no_others() -> None:
    needed = {need.right for _, _, need in OPERATIONS if need.right}
    assert needed == SCOPES.keys()
    assert not needed & NEVER
    assert OPERATIONS


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*roles(), None])
def test_only_what_a_role_gives_and_only_where(role: str | None) -> None:
    loaded()
    _somebodies()
    acting = acting_of(person("reader", role, HELD_AT), now())
    secret = _all(acting)
    wrong = []
    for address, method, need, place, url in _requests():
        status = _status(secret, method, url)
        right = need.right is None or need.right in acting.rights
        if (fault := _wrong(status, need, right, place)) is not None:
            wrong.append(f"{method} {url} ({address.name}, {place}): {status}, {fault}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_a_scope_is_needed_beside_the_right() -> None:
    """A token that carries all but what an operation needs does not open it."""
    loaded()
    _somebodies()
    acting = acting_of(person("reader", "supervisor", HELD_AT), now())
    own = SCOPES.keys() & acting.rights
    asked = [one for one in _requests() if one[3] in (None, "own") and one[2].right in own]
    for right in sorted(own):
        secret = token_for(acting, sorted(own - {right}), at=now())
        for address, method, need, _, url in asked:
            if need.right == right:
                assert _status(secret, method, url) == 403, f"{right}: {method} {address.name}"


@pytest.mark.django_db
@pytest.mark.parametrize("right", sorted(SCOPES))
def test_a_right_is_lost_at_once(right: str) -> None:
    loaded()
    _somebodies()
    role = next(key for key, one in roles().items() if right in one.rights)
    user = person("reader", role, HELD_AT)
    secret = token_for(acting_of(user, now()), [right], at=now())
    own = [
        (method, url)
        for _, method, need, place, url in _requests()
        if need.right == right and place in (None, "own")
    ]
    assert own
    assert not {_status(secret, *one) for one in own} & {401, 403}
    held = user.appointments.get()
    actions.end_appointment(appointment=held, by=OPERATOR, at=now())
    assert {_status(secret, *one) for one in own} == {403}
    actions.deactivate(user=user, by=OPERATOR, at=now())
    assert {_status(secret, *one) for one in own} == {401}
    actions.reactivate(user=user, by=OPERATOR, at=now())
    assert {_status(secret, *one) for one in own} == {401}


@pytest.mark.django_db
def test_without_a_token_nothing_is_told_but_that_one_is_needed() -> None:
    loaded()
    _somebodies()
    for address in FOR_PROGRAMS:
        for method in METHODS:
            answer = Client().generic(method, _url(address, HELD_AT))
            assert answer.status_code in {401, 429}, f"{method} {address.name}"
