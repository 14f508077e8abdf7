"""The real command line about people, through the real server: why somebody is a contact, and whose
numbers are one person.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.faults import PATIENCE, ROOT
from tests.functional.small_home import TABLES
from tests.server.merging.doubt import STAYS, SUBJECTS
from tests.server.running.deployed import Deployed, deployed, environment_of, migrated
from tests.server.running.test_through_the_api import (
    _COMMAND,
    command,
    site,
    token,
    told,
    working,
)
from tests.server.tracing.conftest import _OWN

from ringfence.audit import entries
from ringfence.lake import open_home
from ringfence_server.running.cluster import Cluster

__all__ = ["site", "token"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, database_cluster: Cluster) -> Deployed:
    return migrated(deployed(tmp_path_factory.mktemp("people"), database_cluster, "people_api"))


def test_why_and_where_from_are_told_through_the_server(
    site: Deployed, token: str, tmp_path: Path
) -> None:
    receipts = {}
    with working(site):
        for table, text in {**TABLES, **_OWN}.items():
            file = tmp_path / f"{table}.csv"
            file.write_text(text, encoding="utf-8")
            receipts[table] = told(command(site, token, "import", file, "--as", table, "--json"))
        why = told(command(site, token, "explain", "C1", "p2", "--json"))
        local = told_locally(site, "explain", "C1", "p2", "--json")
        assert why["sentences"] == local["sentences"]
        assert any("presence.csv, row 3" in line for line in why["sentences"])
        assert why.keys() == local.keys()
        not_one = told(command(site, token, "explain", "C1", "p9", "--json"))
        assert (
            not_one["sentences"] == told_locally(site, "explain", "C1", "p9", "--json")["sentences"]
        )
        assert not not_one["is_contact"]
        elsewhere = command(site, token, "explain", "C404", "p2")
        elsewhere.communicate(timeout=PATIENCE)
        assert elsewhere.returncode == 11
    batch = receipts["presence"]["batch"]
    row = told(command(site, token, "where", batch, "2", "--json"))
    own = told_locally(site, "where", batch, "2", "--json")
    assert untimed(row) == untimed(own)
    shown, _ = command(site, token, "where", batch, "2").communicate(timeout=PATIENCE)
    assert "p1" in shown
    hidden = command(site, token, "where", batch, "4")
    _, err = hidden.communicate(timeout=PATIENCE)
    assert (hidden.returncode, "within your reach" in err) == (11, True)


def untimed(told: dict[str, Any]) -> dict[str, Any]:
    """Times are told to the millisecond by a server."""
    records = [{**one, "received_at": ""} for one in told["records"]]
    return {**told, "received_at": "", "records": records}


def told_locally(made: Deployed, *words: str) -> Any:
    """By the command line in the home itself."""
    own = subprocess.run(
        [*_COMMAND, *words, "--home", str(made.home)],
        cwd=made.folder,
        env=environment_of(made) | {"PYTHONPATH": f"{ROOT}/src"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert own.returncode == 0, own.stderr
    return json.loads(own.stdout)


def test_whose_numbers_are_one_person_is_settled_through_the_server(
    site: Deployed, token: str, tmp_path: Path
) -> None:
    """Asked about, merged, known to the next trace, explained, undone: all by the real command."""
    with working(site):
        for table, text in {**TABLES, **_OWN}.items():
            file = tmp_path / f"{table}.csv"
            file.write_text(text, encoding="utf-8")
            told(command(site, token, "import", file, "--as", table, "--json"))
        told(command(site, token, "trace", "C1", "--json"))
        for table, text in (("subject", SUBJECTS), ("presence", STAYS)):
            file = tmp_path / f"doubt-{table}.csv"
            file.write_text(text, encoding="utf-8")
            told(command(site, token, "import", file, "--as", table, "--json"))
        asked = told(command(site, token, "identity", "conflicts", "--json"))
        assert [one["subjects"] for one in asked] == [["lab-77", "p1"]]
        why = ["--reason", "the ward rang"]
        stranger = command(site, token, "identity", "merge", "p1", "p9", *why)
        _, err = stranger.communicate(timeout=PATIENCE)
        assert stranger.returncode == 11, err
        done = told(command(site, token, "identity", "merge", "p1", "lab-77", *why, "--json"))
        assert done["persons"] == {"lab-77": ["lab-77", "p1"]}
        assert (done["by"], done["cases"]) == ("analyst", ["C1"])
        assert told(command(site, token, "identity", "conflicts", "--json")) == []
        traced = told(command(site, token, "trace", "C1", "--json"))
        assert "p6" in {one["person"] for one in traced["contacts"]}
        explained = told(command(site, token, "identity", "explain", "p1", "--json"))
        assert [one["kind"] for one in explained["reasons"]] == ["merge"]
        undone = command(site, token, "identity", "undo", str(done["act"]), *why)
        out, err = undone.communicate(timeout=PATIENCE)
        assert undone.returncode == 0, err
        assert "Traced anew: C1" in out
        again = told(command(site, token, "trace", "C1", "--json"))
        assert "p6" not in {one["person"] for one in again["contacts"]}
        nobody = command(site, "rf_" + "x" * 43, "identity", "conflicts")
        nobody.communicate(timeout=PATIENCE)
        assert nobody.returncode == 12
    told_of = [e for e in entries(open_home(site.home)) if e.act == "identity.merge"]
    assert {(e.by, e.state) for e in told_of} == {("analyst", "intended"), ("analyst", "done")}
