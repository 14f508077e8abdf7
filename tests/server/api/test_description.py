"""The API is as it is described: whatever is sent, no fault, and answers as they are told."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.server.api.described import HOSTILE, Described, judge, operations, texts, values, whole
from tests.server.api.programs import Program, new_key, token_for
from tests.server.api.test_resources import run, worker
from tests.server.cases.town import Town
from tests.server.homes import NOON
from tests.server.tasks.loop import approved, with_second_factor
from tests.server.tracing.conftest import outbreak

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.accounts.models import Appointment
from ringfence_server.api.scopes import NEVER, SCOPES
from ringfence_server.imports.models import Import
from ringfence_server.merging.models import Decision
from ringfence_server.tasks.models import Task
from ringfence_server.tracing.models import Run

__all__ = ["outbreak", "run", "worker"]
pytestmark = pytest.mark.django_db
OPERATIONS = list(operations())
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_anybody_may_read_the_description() -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert json.loads(answer.content) == whole()
    assert Client().post("/api/v1/openapi.json").status_code == 405


def test_every_schema_is_one() -> None:
    told = whole()
    assert told["openapi"] == "3.1.0"
    for schema in told["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    references = re.findall(r'"#/components/schemas/(\w+)"', json.dumps(told))
    assert set(references) <= told["components"]["schemas"].keys()


@pytest.mark.parametrize("one", OPERATIONS, ids=lambda one: one.name)
def test_every_operation_says_who_may_what_comes_and_what_a_key_is_for(one: Described) -> None:
    (scheme,) = one.told["security"]
    assert scheme.keys() == {"token"}
    assert not set(scheme["token"]) - SCOPES.keys()
    assert CHINESE.search(one.told["summary"])
    assert {"400", "401", "403", "404", "429", "500", "503"} <= one.told["responses"].keys()
    keys = [told for told in one.parameters("header") if told["name"] == "Idempotency-Key"]
    # Parts of a file need none: a part that is there already has no effect. Nor does a file of
    # people's results, of which no copy is kept.
    keyed = one.method != "GET" and "application/octet-stream" not in one.media
    keyed = keyed and one.name != "answer_list"
    assert [told["required"] for told in keys] == ([True] if keyed else [])
    assert len(one.told["responses"].keys() & {"200", "201", "202"}) == 1
    assert ("422" in one.told["responses"]) == (one.method != "GET")


def test_no_shape_that_comes_out_has_a_field_of_a_person() -> None:
    sent = {"PersonSent"}
    told = {
        name: set(schema.get("properties", {}))
        for name, schema in whole()["components"]["schemas"].items()
        if name not in sent
    }
    for name, fields in told.items():
        identity = fields & {"id_number", "phone", "address", "birth_date", "sex", "name", "note"}
        assert not identity or name == "ReportSent", f"{name} has {identity}"
    assert not NEVER & {scope for one in OPERATIONS for scope in one.told["security"][0]["token"]}


@pytest.fixture
def everybody(home: Home, town: Town, run: Run) -> tuple[Program, dict[str, int]]:
    """A program of an account with every role that works on cases, and rows that are there."""
    chief = town.chief
    approved(home, run, chief)
    Appointment.objects.create(
        user=chief.user, role="grid_worker", unit=town.unit("000101"), since=NOON
    )
    Appointment.objects.create(
        user=chief.user, role="data_analyst", unit=town.unit("000101"), since=NOON
    )
    with_second_factor(town.chief)
    secret = token_for(_anew(town), sorted(SCOPES))
    keys = {"case": run.case_id, "run": run.pk, "rank": 0, "task": Task.objects.all()[0].pk}
    keys |= {"batch": 0, "file": _import(chief).pk, "decision": _decision(chief).pk}
    keys |= {"wanted": 1, "handed": 1}
    return Program(secret), keys


def _import(by: Acting) -> Import:
    told: dict[str, Any] = {"file": "f.csv", "size": 9, "digest": "0" * 64, "table": "place"}
    return Import.objects.create(by=by.user, begun_at=NOON, moved_at=NOON, **told)


def _decision(by: Acting) -> Decision:
    told: dict[str, Any] = {"subjects": ["p1", "p2"], "people": ["p1", "p2"], "reason": "one"}
    return Decision.objects.create(kind="merge", by=by.user, at=NOON, **told)


def _anew(town: Town) -> Acting:
    return town.staff("chief", "supervisor", "0001")


def _answered(program: Program, one: Described, path: str, content: bytes) -> Any:
    """What became of it is undone."""
    with transaction.atomic():
        headers = {**program.headers, "Idempotency-Key": new_key()}
        client = program.client
        answer = client.generic(one.method, path, content, "application/json", headers=headers)
        transaction.set_rollback(True)
    assert answer.status_code != 500, answer.content
    told = json.loads(answer.content)
    judge(one, answer.status_code, answer.headers["Content-Type"], told)
    return told


def test_whatever_is_sent_the_answer_is_described(
    everybody: tuple[Program, dict[str, int]],
) -> None:
    """Of each operation, with keys of rows that are there and of others."""
    for one in OPERATIONS:
        _try(one, *everybody)


def _try(one: Described, program: Program, known: dict[str, int]) -> None:
    @settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
    @given(data=st.data())
    def tried(data: st.DataObject) -> None:
        keys = {
            name: data.draw(st.sampled_from((key, key, key, 0, 10**18, 10**30)))
            for name, key in known.items()
        }
        path = one.path.format(**{name: quote(str(key)) for name, key in keys.items()})
        asked = {told["name"]: data.draw(_asked(told["schema"])) for told in _some(one, data)}
        if asked:
            path += f"?{urlencode(asked, errors='replace')}"
        content = b""
        if one.body is not None:
            content = json.dumps(data.draw(values(one.body))).encode()
        told = _answered(program, one, path, content)
        if "faults" in told:
            said = json.dumps(told, ensure_ascii=False)
            assert not [text for text in HOSTILE if text in said]

    tried()


def _some(one: Described, data: st.DataObject) -> list[dict[str, Any]]:
    return [told for told in one.parameters("query") if data.draw(st.booleans())]


def _asked(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    if schema.get("type") == "integer":
        return st.integers(-1, 300).map(str) | texts()
    return values(schema).map(str)


BROKEN = {
    "not JSON": b"{",
    "not UTF-8": b'{"disease": "\xff"}',
    "UTF-16": '{"disease": "x"}'.encode("utf-16"),
    "nothing but blanks": b"   ",
    "nested deeply": b"[" * 200_000,
    "nested deeply and closed": b"[" * 100_000 + b"]" * 100_000,
    "a name twice": b'{"disease": "covid-19", "disease": "measles"}',
    "a name twice below": b'{"person": {"name": "a", "name": "b"}}',
    "NaN": b'{"disease": NaN}',
    "Infinity": b'{"disease": -Infinity}',
    "beyond floats": b'{"disease": 1e999}',
    "beyond 64 bits": b'{"disease": 9223372036854775808}',
    "beyond all": b'{"disease": ' + b"9" * 100_000 + b"}",
    "a NUL": b'{"disease": "a\\u0000b"}',
    "a NUL in a name": b'{"a\\u0000b": 1}',
    "half a character": b'{"disease": "\\ud83d"}',
    "half a character in a list": b'[["\\udc00"]]',
}
"""What no body of a request may be."""


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_sound_json_is_refused_as_such(
    home: Home, chief: Program, content: bytes
) -> None:
    answer = chief.raw("/cases", content)
    assert answer.status_code == 400
    assert json.loads(answer.content)["type"] == "urn:ringfence:problem:malformed"


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"0", b'"x"', b"{}"])
def test_json_that_is_no_entry_is_invalid(home: Home, chief: Program, content: bytes) -> None:
    answer = chief.raw("/cases", content)
    assert answer.status_code == 400
    assert json.loads(answer.content)["type"] == "urn:ringfence:problem:invalid"


def test_what_is_too_large_or_of_another_type_is_not_read(home: Home, chief: Program) -> None:
    assert chief.raw("/cases", b" " * ((1 << 20) + 1)).status_code == 413
    for media in ("text/plain", "application/xml", "multipart/form-data; boundary=x", ""):
        answer = chief.raw("/cases", b"{}", **{"Content-Type": media})
        assert answer.status_code == 415, media
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=ten",
        "limit=" + "9" * 5000,
        "after=x",
        "after=" + "A" * 201,
        "after=W10",
        "after=WzEsMl0",
        "after=WyIyMDIyLTA3LTA3Iiwge31d",
        "after=%00",
        "stat=entered",
        "state=a&state=b",
        "state=%00",
    ],
)
def test_what_cannot_be_meant_by_an_address_is_refused(chief: Program, query: str) -> None:
    answer = chief.client.get(f"/api/v1/cases?{query}", headers=chief.headers)
    assert answer.status_code == 400, answer.content
    (fault,) = json.loads(answer.content)["faults"]
    assert fault["at"].startswith("query")
    assert "stat=" not in answer.content.decode()
