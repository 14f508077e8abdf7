"""The pages of the tree."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.server.administration.test_accounts import ODD, PLAIN
from tests.server.tree import HEADER, browser, loaded, person, unit

from ringfence_server.jurisdictions.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(db: None) -> Client:
    loaded()
    return browser(person("guan", "administrator", "4401"))


def shown(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [one.code for one in answer.context["listing"].rows]


def test_down_the_tree(client: Client) -> None:
    assert shown(client.get("/units/")) == ["440103", "440104"]
    assert shown(client.get("/units/?at=440103")) == ["440103001"]
    assert shown(client.get("/units/?at=440103001001001")) == []
    for other in ("44", "4403", "CN", "nowhere", "%00", "%27"):
        assert client.get(f"/units/?at={other}").status_code == 404


def test_added_renamed_moved_and_removed(client: Client) -> None:
    told = {"at": "4401", "code": "440105", "level": "district", "name_zh": "海珠区"}
    assert client.post("/units/add/", told).status_code == 302
    assert client.post("/units/add/", told).status_code == 400
    client.post("/units/rename/", {"at": "440105", "name_zh": "海珠", "name_en": "Haizhu"})
    assert unit("440105").name_en == "Haizhu"
    client.post("/units/move/", {"at": "440103001", "parent": "440105"})
    assert unit("440103001001").district == "440105"
    assert client.post("/units/move/", {"at": "440105", "parent": "4403"}).status_code == 400
    assert client.post("/units/remove/", {"at": "440105"}).status_code == 403
    assert client.post("/units/remove/", {"at": "440104001"}).status_code == 302
    assert not Unit.objects.filter(pk="440104001").exists()


@pytest.mark.parametrize("where", ["44", "440303", "nowhere", ""])
def test_others_are_not_there(client: Client, where: str) -> None:
    told = {
        "at": where,
        "code": "9",
        "level": "grid",
        "name_zh": "甲",
        "name_en": "",
        "parent": "4401",
    }
    for act in ("add", "rename", "move", "remove"):
        assert client.post(f"/units/{act}/", told).status_code == 404
    assert Unit.objects.count() == 11


def _sent(client: Client, content: bytes) -> Any:
    return client.post("/units/table/", {"file": SimpleUploadedFile("units.csv", content)})


def test_a_table(client: Client) -> None:
    assert client.get("/units/table/").status_code == 200
    row = "440105,4401,district,海珠区,\n"
    assert _sent(client, f"{HEADER}\n{row}".encode()).status_code == 302
    for content in (b"", b"\x89PNG", f"{HEADER}\n4409,44,city,甲,\n".encode(), b"\xff" * 1000):
        answer = _sent(client, content)
        assert answer.status_code == 400
    assert client.post("/units/table/", {}).status_code == 400
    assert Unit.objects.count() == 12


@pytest.mark.parametrize("word", ODD.values(), ids=ODD)
def test_anything_may_be_written_into_any_field(client: Client, word: str) -> None:
    new = {"code": "440105", "level": "district", "name_zh": "海珠区", "name_en": "Haizhu"}
    forms = {
        "add": {"at": "4401", **new},
        "rename": {"at": "440103", "name_zh": "荔湾", "name_en": "Liwan"},
        "move": {"at": "440103", "parent": "4401"},
    }
    for act, told in forms.items():
        for field in told:
            try:
                answer = client.post(f"/units/{act}/", {**told, field: word})
            except UnicodeEncodeError:
                return  # no browser can send it
            taken = word in PLAIN and field.startswith("name")
            expected = 404 if field == "at" else 302 if taken else 400
            assert answer.status_code == expected, (act, field)
            assert "<script>alert" not in answer.content.decode()
            assert "<script>alert" not in client.get("/units/").content.decode()
            Unit.objects.filter(pk="440105").delete()
    assert Unit.objects.count() == 11
