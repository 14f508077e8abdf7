"""A case whose text somebody reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.server.cases.conftest import home, town
from tests.server.cases.town import SECRET, Town
from tests.server.tasks.loop import client_of
from tests.server.tracing.conftest import outbreak

from ringfence.engines.sql import SqlEngine
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence_server.cases.models import Case
from ringfence_server.deployment.here import now
from ringfence_server.narratives.models import Narrative
from ringfence_server.outbox.delivering import deliver

__all__ = ["home", "outbreak", "town"]

STORY = (
    "7月3日12时至13时在Lotus餐厅吃饭，未戴口罩。7月4日9时30分到莲花超市购物，10时离开。"
    "7月5日8时乘坐G1234次列车（8车12F座）从临江站到雪岭站，11时到达。"
    "7月4日18时至19时与同事李甲乙（电话13800138001，身份证000101199001011012）在老巷面馆吃面。"
    "当晚出现发热。7月6日20时到<b>金鼎</b>棋牌室打牌。天苍苍野茫茫。"
)
SECRETS = ("李甲乙", "13800138001", "000101199001011012")


@pytest.fixture
def writer(town: Town) -> Client:
    return client_of(town.staff("writer", "supervisor", "0001"))


def paste(
    client: Client, case: Case, text: str = STORY, written: str = "2022-07-07"
) -> HttpResponse:
    told = {"text": text, "written": written}
    answer = client.post(f"/cases/{case.pk}/narratives/new/", told)
    assert isinstance(answer, HttpResponse)
    return answer


def pasted(client: Client, case: Case, text: str = STORY) -> str:
    """The address of the narrative."""
    answer = paste(client, case, text)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def cells_of(page: str) -> dict[str, str]:
    """What the form would send as it stands."""
    found = dict(
        re.findall(r'<input type="(?:text|hidden)" name="([\w-]+)"(?: value="([^"]*)")?', page)
    )
    for name, body in re.findall(r'<select name="([\w-]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        found[name] = chosen[1] if chosen else ""
    return found


def decide(client: Client, at: str, **told: str) -> HttpResponse:
    """`told`: cells by name, with `_` for `-`: e0_decision."""
    page = client.get(at).content.decode()
    sent: Mapping[str, str] = {
        **cells_of(page),
        **{name.replace("_", "-", 1): value for name, value in told.items()},
    }
    answer = client.post(at, sent)
    assert isinstance(answer, HttpResponse)
    return answer


def delivered(home: Home) -> int:
    """How many deliveries the home refused."""
    return deliver(home, secret=SECRET, at=datetime.now(UTC)).refused


def rows(home: Home, table: str, column: str, key: str) -> list[dict[str, object]]:
    engine = SqlEngine(snapshot(home, now()))
    return list(engine.rows(table, column, [key]).to_pylist())


def only() -> Narrative:
    return Narrative.objects.get()
