"""A text is pasted, seen with its events, and decided on; it never says who is named in it."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.server.cases.town import Town
from tests.server.narratives.conftest import (
    SECRETS,
    STORY,
    decide,
    delivered,
    only,
    paste,
    pasted,
    rows,
)
from tests.server.seen import seen
from tests.server.tasks.loop import client_of

from ringfence.lake import Home
from ringfence_server.cases.models import Case
from ringfence_server.narratives.models import Narrative
from ringfence_server.outbox.models import AuditRow, Delivery

pytestmark = pytest.mark.django_db


def test_from_the_case_to_its_events(outbreak: Case, writer: Client) -> None:
    page = writer.get(f"/cases/{outbreak.pk}/").content.decode()
    assert f'href="/cases/{outbreak.pk}/narratives/new/"' in page
    at = pasted(writer, outbreak)
    page = seen(writer.get(at))
    for said in ("G1234", "老巷面馆", "莲花超市", "2022-07-04", "ask the case", "天苍苍野茫茫"):
        assert said in page
    assert '<span class="unread">天苍苍野茫茫' in page
    assert "&lt;b&gt;" in page
    assert "<b>金鼎" not in page
    assert at in writer.get(f"/cases/{outbreak.pk}/").content.decode()


def test_nobody_who_is_named_is_shown_or_lies_open(
    home: Home, outbreak: Case, writer: Client, caplog: pytest.LogCaptureFixture
) -> None:
    at = pasted(writer, outbreak)
    page = writer.get(at).content.decode()
    assert "a name, an ID number, a telephone" in page
    assert decide(writer, at, e7_decision="accepted").status_code == 302
    assert delivered(home) == 0
    kept = [bytes(only().sealed)]
    kept += [bytes(one.sealed or b"") for one in Delivery.objects.all()]
    files = [path.read_bytes() for path in home.root.rglob("*") if path.is_file()]
    said = page + caplog.text + repr(list(AuditRow.objects.values()))
    for secret in SECRETS:
        assert secret not in said
        assert not any(secret.encode() in content for content in (*kept, *files))
    (link,) = rows(home, "link", "subject_a", "p1")[-1:]
    assert link["relation"] in {"colleague", "household"}


def test_what_is_accepted_is_evidence_once(home: Home, outbreak: Case, writer: Client) -> None:
    at = pasted(writer, outbreak)
    told = {"e0_decision": "accepted", "e1_decision": "accepted", "e2_decision": "accepted"}
    told |= {"e0_which": "R"}  # it may be the Lotus that the home knows
    answer = decide(writer, at, **told, e3_decision="left", e5_decision="asked")
    assert answer.status_code == 302
    assert (only().accepted, only().left, only().asked) == (3, 1, 1)
    assert delivered(home) == 0
    stays = rows(home, "presence", "subject", "p1")
    grades = {row["place"]: row["certainty"] for row in stays}
    assert (grades["name:莲花超市"], grades["R"]) == ("declared", "declared")
    (ride,) = rows(home, "ride", "subject", "p1")
    assert (ride["service"], ride["seat"], ride["status"]) == (
        "train-G1234-2022-07-05",
        "F",
        "declared",
    )
    page = writer.get(at).content.decode()
    assert page.count("Accepted: it is evidence") == 3
    assert "To ask the case" in page
    count = Delivery.objects.count()
    decide(writer, at, e0_decision="accepted")
    assert Delivery.objects.count() == count


def test_what_lacks_something_is_said_beside_it(outbreak: Case, writer: Client) -> None:
    at = pasted(writer, outbreak, "7月6日20时到金鼎棋牌室打牌。")
    answer = decide(writer, at, e0_decision="accepted")
    assert answer.status_code == 400
    assert "say from when to when" in answer.content.decode()
    assert only().accepted == 0
    assert not Delivery.objects.exists()
    assert decide(writer, at, e0_decision="accepted", e0_end="2022-07-06 20:30").status_code == 302
    assert only().accepted == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"e0_end": "2022-07-06 19:30"}, "it ends before it begins"),
        ({"e0_end": "later"}, "write a day"),
        ({"e0_end": "2022-07-06"}, "say from when to when"),
        ({"e0_end": "2022-07-06 21:00", "e0_place": "  "}, "say which place this is"),
        ({"e0_end": "2022-07-06 21:00", "e0_certainty": "measured"}, "Select a valid choice"),
    ],
)
def test_cells_that_cannot_be(
    outbreak: Case, writer: Client, cells: dict[str, str], said: str
) -> None:
    at = pasted(writer, outbreak, "7月6日20时到金鼎棋牌室打牌。")
    answer = decide(writer, at, e0_decision="accepted", **cells)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "paste the text first"), (" \n", "paste the text first"), ("长" * 200_001, "200000")],
)
def test_texts_that_are_not_read(outbreak: Case, writer: Client, text: str, said: str) -> None:
    answer = paste(writer, outbreak, text)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert not Narrative.objects.exists()


def test_in_chinese(outbreak: Case, town: Town) -> None:
    client = client_of(town.staff("writer", "supervisor", "0001"), "zh-hans")
    client.cookies["language"] = "zh-hans"
    page = client.get(pasted(client, outbreak)).content.decode()
    for said in ("C1 的叙述", "未能理解", "再问本人", "采纳", "文中给出号码的人员", "乘坐"):
        assert said in page


def test_only_whoever_may_write_of_the_case(outbreak: Case, town: Town, writer: Client) -> None:
    at = pasted(writer, outbreak)
    neighbour = client_of(town.staff("next", "supervisor", "000102"))
    analyst = client_of(town.staff("analyst", "data_analyst", "0001"))
    for address in (at, f"/cases/{outbreak.pk}/narratives/new/"):
        assert neighbour.get(address).status_code == 404
        assert analyst.get(address).status_code == 403
    assert "/narratives/" not in analyst.get(f"/cases/{outbreak.pk}/").content.decode()
    assert writer.get(f"/cases/{outbreak.pk}/narratives/999/").status_code == 404


def test_every_look_and_decision_is_audited(outbreak: Case, writer: Client) -> None:
    at = pasted(writer, outbreak)
    decide(writer, at, e3_decision="left")
    told = [row.act for row in AuditRow.objects.filter(act__startswith="narrative.").order_by("id")]
    assert told == ["narrative.pasted", "narrative.read", "narrative.read", "narrative.decided"]
    assert STORY[:6] not in repr(list(AuditRow.objects.values()))
