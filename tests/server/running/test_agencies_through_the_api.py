"""Work between agencies by the real command line through the real server."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.faults import PATIENCE
from tests.functional.small_home import TABLES
from tests.server.running.deployed import (
    Deployed,
    answers,
    deployed,
    inside,
    migrated,
    serving,
)
from tests.server.running.links import link
from tests.server.running.test_through_the_api import command, told, working
from tests.server.tracing.conftest import _OWN

from ringfence.audit import entries
from ringfence.lake import open_home
from ringfence.lake.served import Served, mark_served
from ringfence.operations.requests import all_requests
from ringfence_server.running.cluster import Cluster

ASKED = (
    *("requests", "open", "rail-bureau", "--case", "C1", "--basis", "Law on epidemics, article 40"),
    *("--table", "presence", "--from", "2022-07-03T00:00+08:00", "--to", "2022-07-07T00:00+08:00"),
)
STAYS = "subject,place,start,end\np1,R,2022-07-04T10:00:00+08:00,2022-07-04T11:00:00+08:00\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, database_cluster: Cluster) -> Deployed:
    return migrated(deployed(tmp_path_factory.mktemp("api"), database_cluster, "agencies"))


@pytest.fixture(scope="module")
def tokens(made: Deployed) -> dict[str, str]:
    found: dict[str, str] = json.loads(inside(made, "-m", "tests.server.running.agency_town"))
    return found


@pytest.fixture(scope="module")
def site(made: Deployed, tokens: dict[str, str]) -> Iterator[Deployed]:
    """Served, with the case C1 of the district 000101."""
    with serving(made, "web"):
        answers(made)
        with working(made):
            for table, text in {**TABLES, **_OWN}.items():
                file = made.folder / f"{table}.csv"
                file.write_text(text, encoding="utf-8")
                words = ("import", file, "--as", table, "--json")
                told(command(made, tokens["analyst"], *words))
        yield made


def due(hours: int = 2) -> tuple[str, str]:
    return "--due", (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def shown(process: subprocess.Popen[str], code: int = 0) -> tuple[str, str]:
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == code, (out, err)
    assert "Traceback" not in err
    return out, err


def test_a_request_is_opened_answered_by_an_import_and_reported(
    site: Deployed, tokens: dict[str, str], tmp_path: Path
) -> None:
    def run(*words: str | Path) -> Any:
        return told(command(site, tokens["analyst"], *words, "--json"))

    first = run(*ASKED, *due())
    assert (first["state"], first["opened_by"], first["replayed"]) == ("open", "analyst", False)
    name = first["request"]
    file = tmp_path / "answer.csv"
    file.write_text(STAYS, encoding="utf-8")
    with working(site):
        batch = run("import", file, "--as", "presence", "--source", "rail")["batch"]
    done = run("requests", "answer", name, batch[:12])
    assert (done["state"], done["batch"], done["rows"]) == ("answered", batch, 1)
    assert run("requests", "answer", name, batch[:12])["replayed"]
    assert [one["request"] for one in run("requests", "list", "--state", "answered")] == [name]
    (times,) = run("requests", "report")
    assert (times["agency"], times["answered"], times["late"]) == ("rail-bureau", 1, 0)
    table, _ = shown(command(site, tokens["analyst"], "requests", "list", COLUMNS="160"))
    assert name in table
    assert batch[:8] in table
    home = open_home(site.home)
    acts = {(e.act, e.by) for e in entries(home) if e.act.startswith("request.")}
    assert acts == {("request.open", "analyst"), ("request.answer", "analyst")}
    assert (first.keys(), done.keys()) == (local_keys(site), local_keys(site))


def local_keys(site: Deployed) -> Any:
    """What the command says of a request in a home of its own."""
    return (
        all_requests(open_home(site.home))[0].as_json(datetime.now(UTC)) | {"replayed": 1}
    ).keys()


def test_another_district_sees_nothing_of_it(site: Deployed, tokens: dict[str, str]) -> None:
    words = [word if word != "rail-bureau" else "air-bureau" for word in ASKED]
    name = told(command(site, tokens["analyst"], *words, *due(), "--json"))["request"]
    theirs = tokens["stranger"]
    _, err = shown(command(site, theirs, *ASKED, *due()), 11)
    assert "no such case" in err
    assert told(command(site, theirs, "requests", "list", "--json")) == []
    assert told(command(site, theirs, "requests", "report", "--json")) == []
    shown(command(site, theirs, "requests", "withdraw", name, "--reason", "no"), 11)
    shown(command(site, theirs, "requests", "answer", name, "0" * 12), 11)
    shown(command(site, theirs, "requests", "answer", "../../cases", "0" * 12), 2)
    own = tokens["analyst"]
    done = command(site, own, "requests", "withdraw", name, "--reason", "found elsewhere", "--json")
    assert told(done)["state"] == "withdrawn"


def test_what_cannot_be_asked_is_told_in_words(site: Deployed, tokens: dict[str, str]) -> None:
    words = [word if word != "presence" else "presences" for word in ASKED]
    _, err = shown(command(site, tokens["analyst"], *words, *due()), 10)
    assert "presence" in err
    words = [word if not word.startswith("Law") else "for 110105194912310021" for word in ASKED]
    _, err = shown(command(site, tokens["analyst"], *words, *due()), 10)
    assert "110105194912310021" not in err
    _, err = shown(command(site, "rf_" + "x" * 43, "requests", "list"), 12)
    assert "does not know this token" in err


def test_where_the_link_is_cut_it_is_asked_once(site: Deployed, tokens: dict[str, str]) -> None:
    words = [word if word != "rail-bureau" else "bus-bureau" for word in ASKED]
    with link(site.port, cuts_after=200) as cut:
        told(command(site, tokens["analyst"], *words, *due(), "--json", port=cut.port))
        assert cut.was_cut.is_set()
    found = [r for r in all_requests(open_home(site.home)) if r.agency == "bus-bureau"]
    assert len(found) == 1


def test_a_served_home_leads_to_its_server(site: Deployed, tokens: dict[str, str]) -> None:
    home = open_home(site.home)
    mark_served(home, Served(site.site, datetime.now(UTC), str(site.file)))
    try:
        before = all_requests(home)
        refused = command(
            site, tokens["analyst"], *ASKED, *due(), "--home", site.home, RINGFENCE_API=""
        )
        assert "ringfence login" in shown(refused, 12)[1]
        assert all_requests(home) == before
        through = command(
            site, tokens["analyst"], "requests", "list", "--home", site.home, "--json"
        )
        assert len(told(through)) == len(before)
    finally:
        (site.home / "served.json").unlink()


LIST = (
    "name,id_number,phone,reference\n"
    "王小明,001234198504120017,15400000001,A-1\n"
    "李丽,001234198504120025,,A-2\n"
    "张三,001234198504120099,,A-3\n"
)
HANDED = ("--from", "neighbour-province", "--basis", "Request 2022-17 under article 32")


def test_a_list_is_worked_through_and_answered(
    site: Deployed, tokens: dict[str, str], tmp_path: Path
) -> None:
    def run(*words: str | Path, by: str = "analyst") -> Any:
        return told(command(site, tokens[by], *words, "--json"))

    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    words = ("lists", "import", file, *HANDED)
    _, err = shown(command(site, tokens["analyst"], *words), 2)
    assert "--case" in err
    with working(site):
        first = run(*words, "--case", "C1")
        again = run(*words, "--case", "C1")
    name = first["list"]
    assert (first["received_by"], first["replayed"], again["replayed"]) == ("analyst", False, True)
    assert (first["funnel"]["received"], first["funnel"]["persons"]) == (3, 2)
    assert [one["row"] for one in run("lists", "refused", name)] == [4]
    assert run("lists", "check", name)["persons"] == 2
    sent = run("lists", "send", name, "--to", "u", "--person", "1", "--division", "990101")
    assert sent == {"list": name, "sent": [1], "before": []}
    filled = tmp_path / "filled.csv"
    filled.write_text("person,name,outcome\n1,王小明,检测阳性\n", encoding="utf-8")
    assert run("lists", "record", name, "--file", filled)["recorded"] == [1]
    (person,) = run("lists", "persons", name, "--at", "positive")
    assert (person["person"], person["rows"], person["unit"]) == (1, [2], "u")
    assert "identity" not in person
    assert [one["list"] for one in run("lists", "list")] == [name]
    assert run("lists", "funnel", name)["positive"] == 1
    shown(command(site, tokens["analyst"], "lists", "sign-off", name, "--interim"), 12)
    assert run("lists", "sign-off", name, "--interim", by="chief") == {"pending": 1}
    output = tmp_path / "answer.csv"
    answered = run("lists", "answer", name, "--output", output, "--lang", "en", by="chief")
    assert answered["state"] == "answered"
    content = output.read_text(encoding="utf-8-sig")
    assert "tested positive" in content
    assert "王小明" not in content
    assert output.stat().st_mode & 0o077 == 0
    table, _ = shown(command(site, tokens["analyst"], "lists", "list", COLUMNS="160"))
    assert name in table
    acts = {(e.act, e.by) for e in entries(open_home(site.home)) if e.act.startswith("list.")}
    assert {("list.receive", "analyst"), ("list.answer", "chief")} <= acts
    assert "王小明" not in site.written()


def test_nobody_is_named_by_a_server(
    site: Deployed, tokens: dict[str, str], tmp_path: Path
) -> None:
    own = tokens["chief"]
    _, err = shown(command(site, own, "lists", "persons", "L1", "--purpose", "visits"), 12)
    assert "tells no program who somebody is" in err
    output = tmp_path / "sheet.csv"
    words = ("lists", "sheet", "L1", "--to", "u", "--purpose", "visits", "--output", output)
    _, err = shown(command(site, own, *words), 12)
    assert "a sheet says who everybody is" in err
    assert not output.exists()


def test_a_list_of_another_district_is_as_if_it_were_not(
    site: Deployed, tokens: dict[str, str], tmp_path: Path
) -> None:
    theirs = tokens["stranger"]
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    shown(command(site, theirs, "lists", "import", file, *HANDED, "--case", "C1"), 11)
    assert told(command(site, theirs, "lists", "list", "--json")) == []
    for words in (("funnel", "L1"), ("persons", "L1"), ("refused", "L1"), ("check", "L1")):
        shown(command(site, theirs, "lists", *words), 11)
    shown(command(site, theirs, "lists", "withdraw", "L1", "--reason", "not ours"), 11)
    shown(command(site, theirs, "lists", "funnel", "../L1"), 2)


def test_a_token_that_has_ended_takes_nothing(
    made: Deployed, site: Deployed, tokens: dict[str, str], tmp_path: Path
) -> None:
    ended = tokens["leaver"]
    file = tmp_path / "list.csv"
    file.write_text(LIST, encoding="utf-8")
    for words in (
        ("lists", "list"),
        ("lists", "import", file, *HANDED, "--case", "C1"),
        ("requests", "list"),
        (*ASKED, *due()),
    ):
        _, err = shown(command(site, ended, *words), 12)
        assert "does not know this token" in err
