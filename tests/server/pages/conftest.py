"""A live server on the real database, and a real browser before it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.internal.flows import login
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import LazySettings
from django.test import Client
from tests.server.homes import NOON, new_home
from tests.server.pages.browsing import Browsing
from tests.server.tree import loaded, person

from ringfence_server.accounts.models import Appointment, User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def exercise(tmp_path: Path, settings: LazySettings) -> None:
    """A synthetic home, whose clock is years behind."""
    new_home(tmp_path)
    settings.RINGFENCE = replace(
        settings.RINGFENCE,  # type: ignore[misc]
        home=tmp_path / "home",
        ahead=NOON + timedelta(days=24, hours=5) - datetime.now(UTC),
    )


@pytest.fixture
def people(transactional_db: None) -> dict[str, User]:
    """One who needs a second factor and has it, and one who needs none."""
    loaded()
    made = {
        "administrator": person("li.min", "administrator", "4401"),
        "supervisor": person("chen.jie", "supervisor", "440103"),
        "data_analyst": person("wang.fang", "data_analyst", "440103001001001"),
    }
    for role in ("administrator", "supervisor"):
        TOTP.activate(made[role], SECRET)
        RecoveryCodes.activate(made[role])
    for user, name in zip(made.values(), ("李敏", "陈洁", "王芳"), strict=True):
        User.objects.filter(pk=user.pk).update(name=name)
    Appointment.objects.update(since=NOON)  # by the clock of the exercise
    return made


@pytest.fixture
def browsing(chromium: Any, live_server: Any, exercise: None) -> Iterator[Any]:
    """Opens the server as somebody sees it; at the end, no page may have complained."""
    opened: list[Browsing] = []

    def opens(user: User | None = None, **looks: Any) -> Browsing:
        one = Browsing(chromium, live_server.url, **looks)
        if user is not None:
            one.carry(session_of(user))
        opened.append(one)
        return one

    yield opens
    complaints = [complaint for one in opened for complaint in one.complaints]
    elsewhere = [
        url
        for one in opened
        for url in one.requests
        if not url.startswith((live_server.url, "data:"))
    ]
    for one in opened:
        one.context.close()
    assert not complaints, "\n".join(complaints)
    assert elsewhere == []


def session_of(user: User) -> str:
    """Of somebody who has just shown, twice, who it is."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": means, "at": time.time(), "reauthenticated": True}
        for means in ("password", "mfa")
    ]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return str(session.session_key)
