"""The page of imports in all its states, wide and narrow, by day and night, in both languages."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.server.pages.browsing import DESK, PHONE
from tests.server.pages.test_every_page import _look

from ringfence_server.accounts.models import User
from ringfence_server.deployment.here import now
from ringfence_server.imports.models import STATES, Import
from ringfence_server.imports.refusals import OTHER_BYTES
from ringfence_server.imports.running import fault_of

PICTURES = os.environ.get("RINGFENCE_PICTURES")


@pytest.fixture
def sent(exercise: None, people: dict[str, User]) -> User:
    """One in each state, a dry run, and a list handed down."""
    user, at = people["data_analyst"], now()
    for number, state in enumerate((*STATES, "done")):
        told: dict[str, Any] = {"rows": 48_211, "read": 31_000_000, "received": 31_000_000}
        if state == "done":
            told["receipt"] = {"rows_in": 180_000, "quarantined": 12, "batch": "9f8e7d6c" * 8}
        if state == "failed":
            told["fault"] = fault_of(OTHER_BYTES)
        Import.objects.create(
            by=user,
            begun_at=at - timedelta(minutes=number),
            moved_at=at,
            state=state,
            file=f"2022-07-0{number + 1}_12306_{'7' * 30}.csv",
            size=62_000_000,
            digest=f"{number}" * 64,
            table="ride",
            dry_run=number == len(STATES),
            **told,
        )
    Import.objects.create(
        by=user,
        begun_at=at - timedelta(hours=1),
        moved_at=at,
        state="done",
        file="待核查人员.xlsx",
        size=90_000,
        received=90_000,
        digest="a" * 64,
        listed={"agency": "neighbour-province", "basis": "Request 17", "case": "C1", "form": ""},
        list_key="b" * 64,
        receipt={"rows_in": 412, "quarantined": 3, "batch": f"list-{'c' * 64}", "list": "L7"},
    )
    return user


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_state_of_an_import_is_hard_to_read(browsing: Any, sent: User, language: str) -> None:
    one = browsing(sent, language=language)
    found = _look(one, "/imports/")
    if PICTURES is not None:
        for width, viewport in (("desk", DESK), ("phone", PHONE)):
            one.turn(viewport, "light")
            name = Path(PICTURES) / f"imports-{width}-{language}.png"
            one.go("/imports/").screenshot(path=name, full_page=True)
    assert not found, "\n".join(found)


def test_a_list_is_told_by_its_name(browsing: Any, sent: User) -> None:
    told = browsing(sent, language="en").go("/imports/").inner_text("main")
    assert "list L7" in told
    assert "list-c" not in told
