"""Files that come through the API: in parts, each once, imported under the sender's name."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connections
from tests.functional.small_home import TABLES
from tests.server.api.programs import Program
from tests.server.cases.town import SECRET, Town
from tests.server.homes import NOON, told_of
from tests.server.tracing.conftest import _OWN

from ringfence.errors import StorageError
from ringfence.lake import Home, status
from ringfence_server.cases.models import Case
from ringfence_server.deployment.here import deployment
from ringfence_server.imports import actions
from ringfence_server.imports.clearing import KEPT, clear_away
from ringfence_server.imports.models import Import
from ringfence_server.imports.parts import folder_of, keep_part, open_parts
from ringfence_server.imports.running import run_import
from ringfence_server.tasks.models import Task
from ringfence_server.tracing.models import Run
from ringfence_server.tracing.running import run_trace

pytestmark = pytest.mark.django_db
STAYS = TABLES["presence"].encode()


@pytest.fixture
def analyst(town: Town) -> Program:
    return Program.of(town.staff("analyst", "data_analyst", "0001"))


def entry(content: bytes = STAYS, **given: Any) -> dict[str, Any]:
    digest = hashlib.sha256(content).hexdigest()
    told = {"file": "stays.csv", "size": len(content), "digest": digest, "table": "presence"}
    return {**told, **given}


def put(program: Program, number: int, at: int | str, content: bytes, status: int = 200) -> Any:
    answer = program.client.put(
        f"/api/v1/lake/imports/{number}/content?at={at}",
        content,
        content_type="application/octet-stream",
        headers=program.headers,
    )
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def send(program: Program, home: Home, content: bytes = STAYS, **given: Any) -> Any:
    """In two parts, imported; how it stands then."""
    told = program.post("/lake/imports", entry(content, **given))
    half = len(content) // 2
    put(program, told["id"], 0, content[:half])
    put(program, told["id"], half, content[half:])
    run_import(home, told["id"], secret=SECRET, clock=lambda: NOON)
    return program.get(f"/lake/imports/{told['id']}")


def rows_of(home: Home, table: str = "presence") -> int:
    return sum(one.rows for one in status(home).tables if one.table == table)


def test_a_file_is_imported_under_its_senders_name(home: Home, analyst: Program) -> None:
    told = send(analyst, home)
    assert told["state"] == "done"
    assert told["receipt"]["rows_in"] == told["receipt"]["created"] == 3
    assert told["receipt"]["file"] == "stays.csv"
    assert not home.uploads.exists() or not list(home.uploads.iterdir())
    (began, done) = told_of(home, "lake.import")
    assert (began.by, began.state, done.state) == ("analyst", "intended", "done")
    assert done.about["batch"] == told["receipt"]["batch"]
    assert rows_of(home) == 3


def test_the_same_file_twice_is_one_effect(home: Home, analyst: Program) -> None:
    first, again = send(analyst, home), send(analyst, home)
    assert first["id"] != again["id"]
    assert again["receipt"]["replayed"]
    assert first["receipt"]["batch"] == again["receipt"]["batch"]
    assert rows_of(home) == 3


def test_it_makes_no_case_and_no_order_by_itself(home: Home, analyst: Program) -> None:
    case = b"case,subject,disease,classification,symptomatic\nC9,p9,covid-19,confirmed,yes\n"
    assert send(analyst, home, case, table="case")["state"] == "done"
    assert Case.objects.count() == Task.objects.count() == Run.objects.count() == 0


def test_parts_that_come_again_or_too_early_change_nothing(home: Home, analyst: Program) -> None:
    number = analyst.post("/lake/imports", entry())["id"]
    assert put(analyst, number, 0, STAYS[:10])["received"] == 10
    assert put(analyst, number, 0, STAYS[:10])["received"] == 10
    assert "10 bytes" in put(analyst, number, 20, STAYS[20:], 409)["detail"]
    assert "10 bytes" in put(analyst, number, 5, STAYS[5:], 409)["detail"]
    put(analyst, number, 10, STAYS[10:] + b"more", 400)
    assert put(analyst, number, 10, b"")["received"] == 10
    put(analyst, number, "-1", STAYS, 400)
    put(analyst, number, "x", STAYS, 400)
    assert analyst.post("/lake/imports", entry()) == analyst.get(f"/lake/imports/{number}")
    put(analyst, number, 10, STAYS[10:])
    assert put(analyst, number, 10, STAYS[10:])["state"] == "waiting"
    run_import(home, number, secret=SECRET, clock=lambda: NOON)
    assert analyst.get(f"/lake/imports/{number}")["receipt"]["created"] == 3


def test_what_lies_on_the_disk_says_nothing(home: Home, analyst: Program) -> None:
    number = analyst.post("/lake/imports", entry())["id"]
    put(analyst, number, 0, STAYS[:-1])
    (part,) = folder_of(home, number).iterdir()
    assert part.stat().st_mode & 0o077 == 0
    assert home.uploads.stat().st_mode & 0o077 == 0
    assert STAYS[:10] not in part.read_bytes()


def test_a_part_that_was_changed_or_is_another_files_is_not_imported(
    home: Home, analyst: Program
) -> None:
    number = analyst.post("/lake/imports", entry())["id"]
    put(analyst, number, 0, STAYS)
    other = analyst.post("/lake/imports", entry(source="another"))["id"]
    put(analyst, other, 0, STAYS)
    (mine,), (theirs,) = folder_of(home, number).iterdir(), folder_of(home, other).iterdir()
    mine.write_bytes(theirs.read_bytes())
    run_import(home, number, secret=SECRET, clock=lambda: NOON)
    told = analyst.get(f"/lake/imports/{number}")
    assert (told["state"], told["fault"]["exit_code"]) == ("failed", 13)
    assert rows_of(home) == 0


def test_bytes_other_than_announced_are_not_imported(home: Home, analyst: Program) -> None:
    number = analyst.post("/lake/imports", entry(digest="0" * 64))["id"]
    put(analyst, number, 0, STAYS)
    run_import(home, number, secret=SECRET, clock=lambda: NOON)
    told = analyst.get(f"/lake/imports/{number}")
    assert (told["state"], told["fault"]["exit_code"]) == ("failed", 10)
    assert not folder_of(home, number).exists()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"table": "persons"}, 400),
        ({"table": None}, 400),
        ({"mapping": "rail-tickets"}, 400),
        ({"table": None, "mapping": "/etc/passwd.yaml"}, 400),
        ({"table": None, "mapping": "../../x.yml"}, 400),
        ({"table": None, "mapping": "no-such"}, 404),
        ({"digest": "x" * 64}, 400),
        ({"digest": ""}, 400),
        ({"size": -1}, 400),
        ({"size": actions.LARGEST + 1}, 413),
        ({"file": "../stays.csv"}, 400),
        ({"file": "a\nb"}, 400),
        ({"file": ""}, 400),
        ({"source": " x "}, 400),
        ({"more": 1}, 400),
    ],
)
def test_what_cannot_be_meant_is_refused(
    home: Home, analyst: Program, given: dict[str, Any], status: int
) -> None:
    analyst.post("/lake/imports", entry(**given), status)
    assert Import.objects.count() == 0


def test_the_importers_own_words_are_told(home: Home, analyst: Program) -> None:
    content = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
    told = send(analyst, home, content)
    assert told["state"] == "failed"
    assert told["fault"]["exit_code"] == 10
    assert "stays.csv" in told["fault"]["en"]


def test_a_file_is_its_senders_alone(home: Home, town: Town, analyst: Program) -> None:
    number = analyst.post("/lake/imports", entry())["id"]
    other = Program.of(town.staff("other", "data_analyst", "0001"))
    other.get(f"/lake/imports/{number}", 404)
    put(other, number, 0, STAYS, 404)
    assert other.post("/lake/imports", entry())["id"] != number
    Program.of(town.chief).get(f"/lake/imports/{number}", 403)
    Program.of(town.chief).post("/lake/imports", entry(), 403)


def test_an_account_has_only_so_many_under_way(home: Home, analyst: Program) -> None:
    for n in range(actions.MOST_OPEN):
        analyst.post("/lake/imports", entry(source=f"s{n}"))
    assert "under way" in analyst.post("/lake/imports", entry(), 409)["detail"]


def test_what_was_never_sent_to_its_end_is_cleared_away(home: Home, analyst: Program) -> None:
    number = analyst.post("/lake/imports", entry())["id"]
    put(analyst, number, 0, STAYS[:10])
    assert clear_away(home, at=NOON + KEPT) == 0
    assert clear_away(home, at=NOON + KEPT + timedelta(seconds=1)) == 1
    assert not folder_of(home, number).exists()
    assert analyst.get(f"/lake/imports/{number}")["state"] == "failed"
    assert analyst.post("/lake/imports", entry())["id"] != number


def test_parts_read_as_the_file(home: Home) -> None:
    content = bytes(range(256)) * 40
    for at in range(0, len(content), 1000):
        keep_part(home, 1, at, content[at : at + 1000], secret=SECRET)
    with open_parts(home, 1, len(content), secret=SECRET) as file:
        assert file.read() == content
        for at in (0, 999, 1000, 5_500, len(content) - 1, len(content)):
            file.seek(at)
            assert file.read(2_500) == content[at : at + 2_500]
    (folder_of(home, 1) / "3000").unlink()
    with open_parts(home, 1, len(content), secret=SECRET) as file, pytest.raises(StorageError):
        file.read()


def test_a_case_that_has_just_come_is_traced(
    home: Home, town: Town, analyst: Program, settings: LazySettings
) -> None:
    settings.RINGFENCE = replace(deployment(), home=home.root, secret=SECRET)
    for table, text in {**TABLES, **_OWN}.items():
        assert send(analyst, home, text.encode(), table=table)["state"] == "done"
    told = analyst.post("/lake/traces", {"case": "C1"})
    assert told["state"] == "waiting"
    assert analyst.post("/lake/traces", {"case": "C1"})["id"] == told["id"]
    run_trace(home, told["id"], now=NOON)
    found = analyst.get(f"/lake/traces/{told['id']}")
    assert [c["person"] for c in found["trace"]["document"]["contacts"]] == ["p3", "p2"]
    analyst.post("/lake/traces", {"case": "C404"}, 404)
    elsewhere = Program.of(town.staff("far", "data_analyst", "000102"))
    elsewhere.post("/lake/traces", {"case": "C1"}, 404)
    elsewhere.get(f"/lake/traces/{told['id']}", 404)


@pytest.mark.django_db(transaction=True)
def test_of_16_that_begin_the_same_file_at_once_there_is_one(home: Home, analyst: Program) -> None:
    ready, found = threading.Barrier(16), []

    def begins() -> None:
        own = Program("")
        own.headers = dict(analyst.headers)
        ready.wait()
        found.append(own.post("/lake/imports", entry())["id"])
        connections.close_all()

    many = [threading.Thread(target=begins) for _ in range(16)]
    for one in many:
        one.start()
    for one in many:
        one.join()
    assert len(found) == 16
    assert len(Counter(found)) == Import.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_16_that_send_the_same_part_at_once_it_is_there_once(
    home: Home, analyst: Program
) -> None:
    number = analyst.post("/lake/imports", entry())["id"]
    ready, found = threading.Barrier(16), []

    def sends() -> None:
        own = Program("")
        own.headers = dict(analyst.headers)
        ready.wait()
        found.append(put(own, number, 0, STAYS)["state"])
        connections.close_all()

    many = [threading.Thread(target=sends) for _ in range(16)]
    for one in many:
        one.start()
    for one in many:
        one.join()
    assert found == ["waiting"] * 16
    run_import(home, number, secret=SECRET, clock=lambda: NOON)
    assert rows_of(home) == 3


def test_what_was_refused_is_told_with_its_reason_and_without_values(
    home: Home, analyst: Program
) -> None:
    content = STAYS + b"secret-person,K,yesterday,2022-07-04T22:00:00+08:00\n"
    told = send(analyst, home, content)
    assert told["receipt"]["quarantined"] == 1
    (batch,) = analyst.get("/lake/quarantine")["batches"]
    assert (batch["file"], batch["quarantined"], batch["open"]) == ("stays.csv", 1, 1)
    rows = analyst.get(f"/lake/quarantine/{batch['batch'][:12]}")
    assert [(row["row"], row["field"]) for row in rows["rows"]] == [(5, "start")]
    assert "secret-person" not in str(rows)
    found = analyst.get("/lake/status")["status"]
    assert sum(one["rows"] for one in found["tables"]) == 3
    assert str(home.root) not in str(found)
    analyst.get("/lake/quarantine/none", 400)
    analyst.get(f"/lake/quarantine/{'0' * 64}", 404)
