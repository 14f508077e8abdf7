"""The real command line through the real server: killed, cut off and repeated, each file counts
once.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.faults import PATIENCE, ROOT
from tests.functional.small_home import TABLES
from tests.integration.sources.homes import stays
from tests.server.running.deployed import (
    MODULE,
    Deployed,
    answers,
    ask,
    deployed,
    end,
    environment_of,
    inside,
    migrated,
    serving,
    until,
)
from tests.server.running.links import link
from tests.server.tracing.conftest import _OWN

from ringfence.audit import entries
from ringfence.lake import open_home, status
from ringfence.lake.served import Served, mark_served
from ringfence_server.running.cluster import Cluster

_COMMAND = [*MODULE, "ringfence.cli.main"]
ROWS = 20_000
MANY = 150_000
PART = 4 << 20


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, database_cluster: Cluster) -> Deployed:
    return migrated(deployed(tmp_path_factory.mktemp("api"), database_cluster, "through_api"))


@pytest.fixture(scope="module")
def token(made: Deployed) -> str:
    return inside(made, "-m", "tests.server.running.town")


@pytest.fixture(scope="module")
def site(made: Deployed) -> Iterator[Deployed]:
    with serving(made, "web"):
        answers(made)
        yield made


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of several parts, and quickly imported."""
    file = tmp_path_factory.mktemp("files") / "places.csv"
    name = "Karaoke " * 60
    rows = [f"K{number},ktv,{name}{number}\n" for number in range(ROWS)]
    file.write_text("".join(["place,kind,name\n", *rows]), encoding="utf-8")
    assert file.stat().st_size > 2 * PART
    return file


@contextmanager
def working(made: Deployed) -> Iterator[subprocess.Popen[bytes]]:
    with made.output.open("ab") as output:
        process = subprocess.Popen(
            [*MODULE, "tests.server.running.quick_worker"],
            cwd=ROOT,
            env=environment_of(made),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield process
        finally:
            end(process)


def command(
    made: Deployed, token: str, *words: str | Path, port: int | None = None, **more: str
) -> subprocess.Popen[str]:
    own = {n: v for n, v in environment_of(made).items() if not n.startswith("RINGFENCE_")}
    site = made.site if port is None else f"http://127.0.0.1:{port}"
    named = {"RINGFENCE_API": site, "RINGFENCE_TOKEN": token, "RINGFENCE_LANG": "en"}
    return subprocess.Popen(
        [*_COMMAND, *map(str, words)],
        cwd=made.folder,
        env=own
        | {"XDG_CONFIG_HOME": str(made.folder / "config"), "PYTHONPATH": f"{ROOT}/src"}
        | named
        | more,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def told(process: subprocess.Popen[str], code: int = 0) -> Any:
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, (out, err)
    return json.loads(out)


def rows_of(made: Deployed, source: str) -> int:
    batches = status(open_home(made.home)).batches
    return sum(one.rows for one in batches if one.source == source)


def state_of(made: Deployed, token: str, number: int) -> dict[str, Any]:
    _, text = ask(made, f"/api/v1/lake/imports/{number}", Authorization=f"Bearer {token}")
    found: dict[str, Any] = json.loads(text)
    return found


def words(file: Path, source: str, table: str = "place") -> list[str | Path]:
    return ["import", file, "--as", table, "--source", source, "--json"]


def test_a_file_is_imported_and_the_second_time_replayed(
    site: Deployed, token: str, big: Path
) -> None:
    with working(site):
        first = told(command(site, token, *words(big, "twice")))
        again = told(command(site, token, *words(big, "twice")))
    assert (first["rows_in"], first["replayed"]) == (ROWS, False)
    assert (again["rows_in"], again["replayed"]) == (ROWS, True)
    assert first["batch"] == again["batch"]
    assert rows_of(site, "twice") == ROWS
    assert not list((site.home / "uploads").iterdir())
    done = [
        e for e in entries(open_home(site.home)) if e.act == "lake.import" and e.state == "done"
    ]
    assert {e.by for e in done} == {"analyst"}


def test_a_client_killed_in_mid_upload_goes_on_where_it_was(
    site: Deployed, token: str, big: Path
) -> None:
    with link(site.port, holds_after=PART + PART // 2) as held:
        process = command(site, token, *words(big, "killed"), port=held.port)
        assert held.held.wait(PATIENCE)
        process.kill()
        process.communicate()
    with link(site.port) as counting, working(site):
        receipt = told(command(site, token, *words(big, "killed"), port=counting.port))
    assert (receipt["rows_in"], receipt["replayed"]) == (ROWS, False)
    assert counting.sent < big.stat().st_size - PART // 2
    assert rows_of(site, "killed") == ROWS


def test_a_link_cut_in_mid_upload_is_taken_up_by_itself(
    site: Deployed, token: str, big: Path
) -> None:
    with link(site.port, cuts_after=PART + PART // 2) as cut, working(site):
        receipt = told(command(site, token, *words(big, "cut"), port=cut.port))
        assert cut.was_cut.is_set()
    assert (receipt["rows_in"], receipt["replayed"]) == (ROWS, False)
    assert rows_of(site, "cut") == ROWS


def test_a_worker_killed_in_mid_import_is_followed_by_another(
    site: Deployed, token: str, tmp_path: Path
) -> None:
    file = tmp_path / "stays.csv"
    file.write_bytes(stays(MANY))
    with working(site) as first:
        process = command(site, token, *words(file, "worker", "presence"))
        number = until(lambda: newest(site, "lake.import"))
        until(lambda: state_of(site, token, number)["rows"] > 0)
        first.send_signal(signal.SIGKILL)
        first.wait(PATIENCE)
        assert state_of(site, token, number)["state"] == "running"
        with working(site):
            receipt = told(process)
    assert receipt["rows_in"] == MANY
    assert rows_of(site, "worker") == MANY


def newest(made: Deployed, act: str) -> int | None:
    """The import that the worker is at."""
    begun = [e for e in entries(open_home(made.home)) if e.act == act]
    if not begun or begun[-1].state != "intended":
        return None
    return int(begun[-1].about["import"])


def test_a_web_process_killed_in_mid_upload_is_asked_again(
    made: Deployed, site: Deployed, token: str, big: Path
) -> None:
    with link(site.port, holds_after=PART + PART // 2) as held:
        process = command(site, token, *words(big, "web"), port=held.port)
        assert held.held.wait(PATIENCE)
        for pid in web_processes(made):
            os.kill(pid, signal.SIGKILL)
        process.kill()
        process.communicate()
    answers(made)
    with working(site):
        assert told(command(site, token, *words(big, "web")))["rows_in"] == ROWS
    assert rows_of(site, "web") == ROWS


def web_processes(made: Deployed) -> list[int]:
    """Those that answer: granian begins others in their place."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes()
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue
        if b"granian" in words and str(made.file).encode() in environment:
            found.append(int(folder.name))
    return found


def test_a_trace_through_the_server_is_the_homes_own(
    site: Deployed, token: str, tmp_path: Path
) -> None:
    with working(site):
        for table, text in {**TABLES, **_OWN}.items():
            file = tmp_path / f"{table}.csv"
            file.write_text(text, encoding="utf-8")
            told(command(site, token, "import", file, "--as", table, "--json"))
        through = told(command(site, token, "trace", "C1", "--json"))
        table_through = command(site, token, "trace", "C1", COLUMNS="160")
        shown, _ = table_through.communicate(timeout=PATIENCE)
    own = subprocess.run(
        [*_COMMAND, "trace", "C1", "--json", "--home", str(site.home)],
        cwd=site.folder,
        env=environment_of(site) | {"PYTHONPATH": f"{ROOT}/src"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    local = json.loads(own.stdout)
    assert through["contacts"] == local["contacts"]
    assert [c["person"] for c in through["contacts"]] == ["p3", "p2"]
    assert through["review"] == local["review"]
    assert through.keys() == local.keys()
    assert "p2" in shown
    assert "p3" in shown


def test_a_home_that_is_served_is_not_written_past_the_server(
    site: Deployed, token: str, tmp_path: Path
) -> None:
    home = open_home(site.home)
    mark_served(home, Served(site.site, datetime.now(UTC), str(site.file)))
    try:
        file = tmp_path / "place.csv"
        file.write_text("place,kind,name\nX,ktv,X\n", encoding="utf-8")
        before = status(home).sequence
        refused = command(
            site, token, "import", file, "--as", "place", "--home", site.home, RINGFENCE_API=""
        )
        _, err = refused.communicate(timeout=PATIENCE)
        assert refused.returncode == 12
        assert "ringfence login" in err
        assert status(home).sequence == before
        with working(site):
            told(
                command(site, token, "import", file, "--as", "place", "--home", site.home, "--json")
            )
        assert status(home).sequence == before + 1
    finally:
        (site.home / "served.json").unlink()


def test_the_token_is_in_no_process_and_no_log(site: Deployed, token: str, big: Path) -> None:
    with link(site.port, holds_after=PART // 2) as held:
        process = command(site, token, *words(big, "looked at"), port=held.port)
        assert held.held.wait(PATIENCE)
        line = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        process.kill()
        process.communicate()
    assert token.encode() not in line
    assert token not in site.written()


def test_login_asks_the_server_and_keeps_the_token_for_its_user_alone(
    site: Deployed, token: str, tmp_path: Path
) -> None:
    given = {"XDG_CONFIG_HOME": str(tmp_path), "RINGFENCE_LANG": "en", "PYTHONPATH": f"{ROOT}/src"}
    own = {n: v for n, v in environment_of(site).items() if not n.startswith("RINGFENCE_")} | given

    def run(*words: str, told: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ringfence.cli.main", *words],
            cwd=tmp_path, env=own, input=told, capture_output=True, text=True, check=False,
        )  # fmt: skip

    refused = run("login", site.site, told="rf_" + "x" * 43)
    assert refused.returncode == 12
    assert "does not know this token" in refused.stderr
    assert not (tmp_path / "ringfence").exists()
    done = run("login", site.site, told=f"{token}\n")
    assert done.returncode == 0, done.stderr
    kept = tmp_path / "ringfence" / "login.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert token not in done.stdout + done.stderr
    assert "analyst" in run("login").stdout
    missing = run("trace", "C404")
    assert missing.returncode == 11, missing.stderr
    kept.chmod(0o644)
    assert run("trace", "C404").returncode == 12
    kept.chmod(0o600)
    assert run("logout").returncode == 0
    assert run("trace", "C404").returncode == 11
    assert not kept.exists()
