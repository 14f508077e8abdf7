"""The page about the API: each of its commands, word by word, against real processes."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.faults import ROOT
from tests.server.running.deployed import (
    PATIENCE,
    Deployed,
    answers,
    deployed,
    inside,
    migrated,
    serving,
)

from ringfence_server.running.cluster import Cluster

PAGE = (ROOT / "docs" / "how-to" / "use-the-api.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(sh|json|text)(?: ([\w.]+))?\n(.*?)^```", re.MULTILINE | re.DOTALL)
_STAFF = """
import django
django.setup()
from datetime import timedelta
from allauth.mfa.totp.internal.auth import TOTP
from ringfence_server.access import acting_of
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.api.actions import make
from ringfence_server.api.scopes import SCOPES
from ringfence_server.deployment.here import now
from ringfence_server.jurisdictions.models import Unit
above, line = None, {}
for code, level in zip(
    ("CN", "00", "0001", "000101"), ("country", "province", "city", "district"), strict=True
):
    line |= {level: code} if above else {}
    above = Unit.objects.create(code=code, level=level, parent=above, name_zh=code, **line)
at = now()
user = User.objects.create(
    username="module.hospital", name="模块", unit=above, created_at=at, first_password=False
)
Appointment.objects.create(user=user, role="supervisor", unit=above, since=at - timedelta(days=1))
TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
by = acting_of(user, at)
print(make(name="page", scopes=sorted(SCOPES.keys() & by.rights), days=30, by=by, at=at).secret)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, database_cluster: Cluster) -> Deployed:
    clock = "{shows = 2022-07-07T12:00:00+08:00, at = 2026-11-22T10:00:00Z}"
    folder = tmp_path_factory.mktemp("page")
    return migrated(deployed(folder, database_cluster, "page", clock=clock))


@pytest.fixture(scope="module")
def token(made: Deployed) -> str:
    return inside(made, "-c", _STAFF).strip()


@pytest.fixture(scope="module")
def site(made: Deployed, token: str) -> Iterator[Deployed]:
    with serving(made, "web"), serving(made, "worker"):
        answers(made)
        yield made


def test_each_command_does_what_the_page_says(site: Deployed, token: str, tmp_path: Path) -> None:
    shown = [block for kind, name, block in _BLOCK.findall(PAGE) if kind == "text"]
    parts = ["set -eu -o pipefail", f"export SITE={site.site} TOKEN={token}"]
    for kind, name, block in _BLOCK.findall(PAGE):
        if kind == "json" and name:
            (tmp_path / name).write_text(block, encoding="utf-8")
        elif kind == "sh" and name != "setup":
            parts.append(block)
    done = subprocess.run(
        ["bash", "-c", "\n".join(parts)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=PATIENCE * 2,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for block in shown:
        assert block in done.stdout
    assert "with laboratory record" in done.stdout
    first, _ = json.JSONDecoder().raw_decode(done.stdout)
    (told,) = [
        json.loads(block)
        for kind, name, block in _BLOCK.findall(PAGE)
        if kind == "json" and not name
    ]
    assert first.keys() == told.keys()
    assert first["account"] == told["account"]


def test_neither_token_nor_person_is_in_what_the_processes_write(
    site: Deployed, token: str, database_cluster: Cluster
) -> None:
    told = site.written() + (database_cluster.folder / "log").read_text(encoding="utf-8")
    for secret in (token, token[3:], "王小明", "000101199001011012", "13800138000"):
        assert secret not in told
    assert {line["view"] for line in site.lines("request")} >= {"api:cases", "api:me"}
