"""The real web processes: they answer, are measured, and end after what is under way."""

from __future__ import annotations

import os
import re
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from tests.server.running.deployed import (
    PATIENCE,
    Deployed,
    alive,
    answers,
    ask,
    children,
    deployed,
    end,
    migrated,
    serving,
    until,
)

from ringfence_server.running.cluster import Cluster

NAME, NUMBER, OTHER = "欧阳锦绣", "110105194912310021", "Zhang-Weiqiang"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, database_cluster: Cluster) -> Deployed:
    return migrated(deployed(tmp_path_factory.mktemp("web"), database_cluster, "web"))


@pytest.fixture(scope="module")
def site(made: Deployed) -> Iterator[Deployed]:
    with serving(made, "web", settings="tests.server.running.probing"):
        answers(made)
        yield made


def test_pages_forms_and_parts_are_served(site: Deployed) -> None:
    status, page = ask(site, "/account/sign-in/")
    assert status == 200
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert token is not None
    form = urlencode({"csrfmiddlewaretoken": token[1], "login": "x", "password": "y"}).encode()
    assert ask(site, "/account/sign-in/", form, Cookie=f"csrftoken={'c' * 32}")[0] == 403
    for part in re.findall(r'(?:href|src)="(/static/[^"]+)"', page):
        assert ask(site, part)[0] == 200


def test_it_lives_before_it_is_ready(site: Deployed) -> None:
    assert ask(site, "/health") == (200, "ok\n")
    status, told = ask(site, "/ready", Accept_Language="en")
    assert status == 503
    assert '"worker": "no worker shows a sign of life"' in told
    assert "database" not in told
    assert "没有后台进程" in ask(site, "/ready", Accept_Language="zh")[1]


def test_measures_are_of_all_processes(site: Deployed) -> None:
    """Each answer comes from one process, and counts what all have answered."""

    def counted() -> int:
        told = ask(site, "/metrics")[1]
        found = re.search(
            r'^ringfence_requests_total\{status="200",view="person"\} (\d+)', told, re.M
        )
        return int(found[1]) if found else 0

    before = counted()
    with ThreadPoolExecutor(8) as many:
        assert set(many.map(lambda n: ask(site, f"/person/{n}/")[0], range(200))) == {200}
    assert {counted() - before for _ in range(6)} == {200}
    told = ask(site, "/metrics")[1]
    assert "ringfence_database_up 1.0" in told
    assert "ringfence_audit_rows_waiting 0.0" in told
    assert 'ringfence_request_seconds_bucket{le="0.3",view="person"}' in told


def test_measures_are_for_the_addresses_of_the_deployment(site: Deployed) -> None:
    assert ask(site, "/metrics", X_Forwarded_For="127.0.0.1")[0] == 404


def test_nobody_is_named_in_what_the_processes_write(
    site: Deployed, database_cluster: Cluster
) -> None:
    query = urlencode({"q": NUMBER, "name": NAME})
    form = urlencode({"name": f"{NAME} {NUMBER}", "other": OTHER}).encode()
    asked = [
        (f"/person/{quote(NAME)}/?{query}", None, 200),
        (f"/person/{OTHER}/?{query}", None, 200),
        (f"/none/{NUMBER}/{quote(NAME)}", None, 404),
        (f"/fail/?{query}", None, 500),
        ("/fail/", form, 500),
        ("/database/", form, 500),
        ("/account/sign-in/", form, 403),
    ]
    for path, content, status in asked:
        assert (
            ask(site, path, content, Referer=f"http://x/{NUMBER}", Cookie=f"a={OTHER}")[0] == status
        )
    assert ask(site, f"/person/{OTHER}/", Host=f"{OTHER}.example")[0] == 400
    told = site.written() + (database_cluster.folder / "log").read_text(encoding="utf-8")
    for secret in (NAME, NUMBER, OTHER, quote(NAME), "\\u6b27", "1101051949"):
        assert secret not in told
    assert {line["view"] for line in site.lines("request")} >= {"person", "none", "fail", "ready"}
    faults = [line for line in site.written().splitlines() if '"fault": "ValueError"' in line]
    assert faults
    assert all("probes.py" in line for line in faults)
    measured = ask(site, "/metrics")[1]
    assert all(secret not in measured for secret in (NAME, NUMBER, OTHER))


def test_what_is_too_large_is_refused_unread(site: Deployed) -> None:
    """Five gigabytes are told; the answer comes while the first bytes are on their way."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=PATIENCE) as sent:
        head = f"POST /fail/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {5 << 30}\r\n"
        sent.sendall(f"{head}Accept-Language: zh\r\n\r\nname=".encode())
        answer = sent.recv(1 << 16).decode()
    assert answer.startswith("HTTP/1.1 413")
    assert ask(site, "/health")[0] == 200


def test_a_killed_process_is_replaced(tmp_path: Path, database_cluster: Cluster) -> None:
    made = migrated(deployed(tmp_path, database_cluster, "replaced"))
    with serving(made, "web", settings="tests.server.running.probing") as process:
        answers(made)
        before = set(children(process))
        one = max(before)
        os.kill(one, signal.SIGKILL)
        until(lambda: len(set(children(process)) - before) == 1)
        (other,) = set(children(process)) - before
        # Told to end before it answers, it would be waited for half a minute.
        until(lambda: ask(made, "/process/")[1] == f"{other}")


def test_requests_under_way_are_answered_before_it_ends(
    tmp_path: Path, database_cluster: Cluster
) -> None:
    made = migrated(deployed(tmp_path, database_cluster, "ending"))
    with serving(made, "web", settings="tests.server.running.probing") as process:
        answers(made)
        workers = children(process)
        with ThreadPoolExecutor(4) as four:
            waiting = [four.submit(ask, made, "/slow/?seconds=2") for _ in range(4)]
            until(lambda: sum(one.running() for one in waiting) == 4)
            until(lambda: _busy(made) >= 4)
            assert end(process) == 0
            assert {one.result() for one in waiting} == {(200, "done")}
        until(lambda: not any(map(alive, workers)))
        assert ask(made, "/health")[0] == 0


def _busy(made: Deployed) -> int:
    """Connections that are open to the web."""
    needle = f":{made.port:04X}"
    table = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    rows = [line.split() for line in table]
    return sum(row[1].endswith(needle) and row[3] == "01" for row in rows)
