"""Units and accounts made on the command line of the server's machine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.server.running.deployed import Deployed, deployed, migrated, run
from tests.server.tree import HEADER, TREE

from ringfence_server.running.cluster import Cluster


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, database_cluster: Cluster) -> Deployed:
    made = migrated(deployed(tmp_path_factory.mktemp("staff"), database_cluster, "staff"))
    units = made.folder / "units.csv"
    units.write_text(f"{HEADER}\n{TREE}", encoding="utf-8")
    assert told(made, "jurisdictions", "load", units)["added"] == 11
    return made


def asked(server: Deployed, *words: str | Path) -> subprocess.CompletedProcess[str]:
    return run(*words, "--deployment", server.file)


def told(server: Deployed, *words: str | Path) -> dict[str, Any]:
    done = asked(server, *words, "--json")
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def refused(server: Deployed, code: int, *words: str | Path) -> str:
    done = asked(server, *words)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def staff(server: Deployed, rows: str) -> Path:
    file = server.folder / "staff.csv"
    file.write_text(f"username,name,role,unit\n{rows}", encoding="utf-8")
    return file


def usernames(server: Deployed, *words: str) -> list[str]:
    return [one["username"] for one in told(server, "accounts", "list", *words)["accounts"]]


def test_the_first_administrator_and_all_that_follows(server: Deployed) -> None:
    first = ("accounts", "make", "guan", "--name", "关", "--unit", "CN")
    made = told(server, *first, "--role", "administrator")
    assert made["username"] == "guan"
    assert len(made["first_password"]) == 19
    assert "taken" in refused(server, 10, *first, "--role", "administrator")
    assert "role" in refused(server, 10, *first, "--role", "emperor")

    sheet = server.folder / "sheet.csv"
    listed = staff(server, "wang,王小明,investigator,440103\nli,=李,grid_worker,440104\n")
    assert "row 3, name" in refused(server, 10, "accounts", "bulk", listed, "--sheet", sheet)
    assert not sheet.exists()
    listed = staff(server, "wang,王小明,investigator,440103\nli,李,grid_worker,440104\n")
    assert told(server, "accounts", "bulk", listed, "--sheet", sheet)["made"] == 2
    assert sheet.stat().st_mode & 0o777 == 0o600
    lines = sheet.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "username,name,role,unit,first_password"
    assert [line.rpartition(",")[0] for line in lines[1:]] == [
        "wang,王小明,investigator,440103",
        "li,李,grid_worker,440104",
    ]
    more = staff(server, "zhao,赵,grid_worker,440104\n")
    assert "already" in refused(server, 10, "accounts", "bulk", more, "--sheet", sheet)
    nowhere = server.folder / "nowhere" / "sheet.csv"
    refused(server, 13, "accounts", "bulk", more, "--sheet", nowhere)
    refused(server, 13, "accounts", "bulk", more, "--sheet", "/dev/full/x")

    assert usernames(server) == ["guan", "li", "wang"]
    assert usernames(server, "--unit", "440103") == ["wang"]
    refused(server, 11, "accounts", "list", "--unit", "nowhere")
    assert "wang\t440103\tactive\tinvestigator@440103" in asked(server, "accounts", "list").stdout

    again = told(server, "accounts", "reset", "wang")["first_password"]
    for words in (("--second-factor",), ("--lock",)):
        assert asked(server, "accounts", "reset", "wang", *words).returncode == 0
    refused(server, 2, "accounts", "reset", "wang", "--lock", "--second-factor")
    refused(server, 11, "accounts", "reset", "nobody")

    with psycopg.connect(server.database) as connection:
        rows = connection.execute("SELECT act, by, about::text FROM outbox_auditrow").fetchall()
        assert connection.execute("SELECT count(*) FROM web_cache").fetchone() == (0,)
        kept = str(connection.execute("SELECT * FROM accounts_user").fetchall())
    assert [act for act, _, _ in rows] == [
        "unit.load",
        *["account.make"] * 3,
        "account.reset_password",
        "account.reset_second_factor",
        "account.lift_lock",
    ]
    assert all(by.startswith("machine:") for _, by, _ in rows)
    for password in (made["first_password"], again, lines[1].rpartition(",")[2]):
        assert password not in kept + str(rows)


def test_a_table_that_is_wrong(server: Deployed) -> None:
    units = server.folder / "wrong.csv"
    units.write_text(f"{HEADER}\n9,nowhere,city,甲,\n", encoding="utf-8")
    assert "row 2, parent" in refused(server, 10, "jurisdictions", "load", units)
    refused(server, 11, "jurisdictions", "load", server.folder / "none.csv")


def test_without_a_server() -> None:
    done = run("accounts", "list")
    assert done.returncode == 2
    assert "RINGFENCE_SERVER" in done.stderr
