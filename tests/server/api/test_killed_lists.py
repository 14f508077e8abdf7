"""Whoever is killed in the work on a list: nothing is lost, and nobody is sent on twice."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from tests.server.api.programs import Program, new_key
from tests.server.api.test_lake import put
from tests.server.api.test_lists import LIST, brought, entry
from tests.server.cases.town import SECRET
from tests.server.homes import NOON
from tests.server.tasks.test_killed import dies

from ringfence.lake import Home
from ringfence.operations.lists import all_lists
from ringfence_server.imports.running import run_import

pytestmark = pytest.mark.django_db(transaction=True)
_SEND = """
import importlib, json
from django.test import Client
where, name = sys.argv[5].rsplit(".", 1)
setattr(importlib.import_module(where), name, killed)
for part in ("door", "lake.lists"):
    importlib.import_module(f"ringfence_server.api.{part}").now = lambda: now
headers = {"Authorization": sys.argv[6], "Idempotency-Key": sys.argv[7]}
told = {"content_type": "application/json", "headers": headers}
Client().post("/api/v1/lake/lists/L1/sending", sys.argv[8], **told)
"""
_RUN = """
import importlib
from ringfence_server.imports.running import run_import
where, name = sys.argv[5].rsplit(".", 1)
setattr(importlib.import_module(where), name, killed)
run_import(home, int(sys.argv[6]), secret=sys.argv[7], clock=lambda: now)
"""


@pytest.mark.parametrize(
    "moment",
    [
        "ringfence.operations.lists.acts._claim",
        "ringfence_server.api.lake.lists._done",
        "ringfence_server.api.once.end_once",
    ],
)
def test_who_is_killed_in_sending_on_sends_each_once(
    home: Home, analyst: Program, moment: str
) -> None:
    brought(analyst, home)
    key, content = new_key(), json.dumps({"unit": "u", "division": "990101", "persons": [1, 2]})
    dies(_SEND, home, moment, analyst.headers["Authorization"], key, content)
    told = analyst.raw("/lake/lists/L1/sending", content.encode(), key).json()
    assert sorted(told["persons"] + told["before"]) == [1, 2]
    assert analyst.get("/lake/lists/L1/funnel")["sent"] == 2


@pytest.mark.parametrize(
    "moment",
    [
        "ringfence.operations.lists.receiving._insert",
        "ringfence_server.imports.lists.check_list",
        "ringfence_server.imports.running._end",
    ],
)
def test_a_worker_that_is_killed_in_taking_it_in_is_followed_by_another(
    home: Home, analyst: Program, moment: str
) -> None:
    number = analyst.post("/lake/lists", entry())["id"]
    put(analyst, number, 0, LIST)
    dies(_RUN, home, moment, number, SECRET)
    assert analyst.get(f"/lake/imports/{number}")["state"] == "running"
    run_import(home, number, secret=SECRET, clock=lambda: NOON + timedelta(minutes=1))
    assert analyst.get(f"/lake/imports/{number}")["receipt"]["list"] == "L1"
    assert len(all_lists(home)) == 1
    assert analyst.get("/lake/lists/L1/funnel")["persons"] == 2
