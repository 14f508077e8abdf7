"""Onset, samples and isolation of a narrative become the case's own, by the case's own acts."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.server.cases.town import Town
from tests.server.narratives.conftest import cells_of, decide, delivered, only, pasted, rows
from tests.server.seen import seen
from tests.server.tasks.loop import client_of

from ringfence.lake import Home
from ringfence_server.cases import actions
from ringfence_server.cases.models import Case, LaboratoryResult
from ringfence_server.cases.moments import When
from ringfence_server.deployment.here import now
from ringfence_server.outbox.models import AuditRow, Delivery

pytestmark = pytest.mark.django_db

ILL = (
    "7月2日出现发热。7月3日14时在人民医院核酸检测，结果阳性。7月4日10时送至平安隔离点隔离。"
    "7月5日其妻子核酸检测，结果阳性。"
)
ONSET, SAMPLE, ISOLATION, ANOTHER = range(4)


def days(case: Case) -> dict[str, str]:
    times = {"onset": case.onset_at, "isolated": case.isolated_at, "sampled": case.sampled_at}
    return {name: f"{at:%m-%d %H:%M}" for name, at in times.items() if at is not None}


def test_they_stand_on_the_case_and_in_the_lake(home: Home, outbreak: Case, writer: Client) -> None:
    at = pasted(writer, outbreak, ILL)
    cells = cells_of(writer.get(at).content.decode())
    assert cells["e0-onset"] == "2022-07-02"
    assert (cells["e1-sampled"], cells["e1-result"]) == ("2022-07-03 14:00", "positive")
    assert cells["e2-isolated"] == "2022-07-04 10:00"
    answer = decide(
        writer,
        at,
        e0_decision="accepted",
        e1_decision="accepted",
        e2_decision="accepted",
        e2_start="",
        e2_end="",
    )
    assert answer.status_code == 302, seen(answer)
    outbreak.refresh_from_db()
    told = days(outbreak)
    assert (told["onset"], told["isolated"]) == ("07-01 16:00", "07-04 02:00")
    result = LaboratoryResult.objects.get(case=outbreak, sampled_at__day=3)
    assert (result.result, result.sampled_precision) == ("positive", "minute")
    changes = list(outbreak.changes.order_by("id").values_list("kind", "reason"))[-3:]
    assert changes == [
        ("times", "as a narrative tells"),
        ("laboratory", ""),
        ("times", "as a narrative tells"),
    ]
    assert delivered(home) == 0
    events = {(row["kind"], str(row["at"])[:10]) for row in rows(home, "case_event", "case", "C1")}
    assert {("onset", "2022-07-01"), ("isolated", "2022-07-04")} <= events
    assert "positive" in {row["result"] for row in rows(home, "test", "subject", "p1")}


def test_isolation_may_also_be_a_stay(home: Home, outbreak: Case, writer: Client) -> None:
    at = pasted(writer, outbreak, ILL)
    told = {"e2_decision": "accepted", "e2_end": "2022-07-05 10:00", "e2_kind": "isolation_site"}
    assert decide(writer, at, **told).status_code == 302
    assert delivered(home) == 0
    (stay,) = (r for r in rows(home, "presence", "subject", "p1") if "隔离点" in str(r["place"]))
    assert str(stay["start"])[:16] == "2022-07-04 02:00"
    outbreak.refresh_from_db()
    assert days(outbreak)["isolated"] == "07-04 02:00"


def test_what_is_known_and_what_follows_stands_beside(
    outbreak: Case, town: Town, writer: Client
) -> None:
    Case.objects.filter(pk=outbreak.pk).update(state="entered", classification="suspected")
    at = pasted(writer, outbreak, ILL)
    page = seen(writer.get(at))
    assert "a positive result confirms the case" in page
    decide(writer, at, e0_decision="accepted", e1_decision="accepted")
    outbreak.refresh_from_db()
    assert (outbreak.classification, outbreak.state) == ("confirmed", "traceable")
    later = pasted(writer, outbreak, "7月1日出现咳嗽。7月3日核酸检测，结果阴性。")
    page = seen(writer.get(later))
    assert "The case says already: 2022-07-02" in page
    assert "confirms the case" not in page
    client = client_of(town.staff("zh", "supervisor", "0001"), "zh-hans")
    client.cookies["language"] = "zh-hans"
    assert "病例现有记录：2022-07-02" in seen(client.get(later))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"e0_decision": "accepted", "e0_onset": ""}, "say on which day"),
        ({"e0_decision": "accepted", "e0_onset": "soon"}, "write a day"),
        ({"e0_decision": "accepted", "e0_onset": "2099-01-01"}, "it lies in the future"),
        ({"e0_decision": "accepted", "e0_onset": "2022-01-01"}, "mend the times on the case"),
        ({"e1_decision": "accepted", "e1_sampled": ""}, "say on which day"),
        ({"e1_decision": "accepted", "e1_result": ""}, "choose one of the list"),
        ({"e1_decision": "accepted", "e1_result": "mild"}, "Select a valid choice"),
        (
            {"e2_decision": "accepted", "e2_isolated": "", "e2_start": "", "e2_end": ""},
            "say when",
        ),
        ({"e3_decision": "accepted"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_taken_changes_nothing(
    outbreak: Case, writer: Client, cells: dict[str, str], said: str
) -> None:
    at = pasted(writer, outbreak, ILL)
    changes, before = outbreak.changes.count(), days(outbreak)
    answer = decide(writer, at, **cells)
    assert (answer.status_code, said in answer.content.decode()) == (400, True)
    outbreak.refresh_from_db()
    assert (outbreak.changes.count(), days(outbreak)) == (changes, before)
    assert only().accepted == 0
    assert not Delivery.objects.exists()


def test_a_case_has_one_onset(outbreak: Case, writer: Client) -> None:
    at = pasted(writer, outbreak, "7月2日出现发热。7月4日出现咳嗽。")
    answer = decide(writer, at, e0_decision="accepted", e1_decision="accepted")
    assert (answer.status_code, "accept one of them" in answer.content.decode()) == (400, True)
    assert not outbreak.changes.filter(kind="times").exists()
    assert decide(writer, at, e0_decision="accepted", e1_decision="left").status_code == 302


def test_one_sample_has_one_result(outbreak: Case, writer: Client) -> None:
    at = pasted(writer, outbreak, ILL)
    decide(writer, at, e1_decision="accepted")
    again = pasted(writer, outbreak, ILL)
    answer = decide(writer, again, e1_decision="accepted")
    assert answer.status_code == 400
    assert "there is a result of this sample already" in answer.content.decode()


def test_the_same_onset_again_changes_nothing(outbreak: Case, writer: Client) -> None:
    decide(writer, pasted(writer, outbreak, ILL), e0_decision="accepted")
    count = outbreak.changes.count()
    again = pasted(writer, outbreak, ILL)
    assert decide(writer, again, e0_decision="accepted").status_code == 302
    assert outbreak.changes.count() == count


def test_a_case_that_was_changed_since_is_looked_at_again(
    home: Home, outbreak: Case, town: Town, writer: Client
) -> None:
    at = pasted(writer, outbreak, ILL)
    sent = {**cells_of(writer.get(at).content.decode()), "e0-decision": "accepted"}
    other = town.staff("other", "supervisor", "0001")
    sampled = When(now().replace(year=2022, month=7, day=1), "day")
    actions.record_result(
        home=home,
        number=outbreak.number,
        sampled=sampled,
        result="negative",
        token="other",
        by=other,
        at=now(),
    )
    answer = writer.post(at, sent)
    assert answer.status_code == 409
    assert "the case was changed since" in answer.content.decode()
    assert only().accepted == 0
    sent["seen"] = cells_of(answer.content.decode())["seen"]
    assert writer.post(at, sent).status_code == 302


def test_a_withdrawn_case_takes_none(outbreak: Case, writer: Client) -> None:
    at = pasted(writer, outbreak, ILL)
    Case.objects.filter(pk=outbreak.pk).update(state="withdrawn")
    for told in ({"e0_decision": "accepted"}, {"e1_decision": "accepted"}):
        answer = decide(writer, at, **told)
        assert answer.status_code >= 400
        assert "withdrawn" in answer.content.decode()
    assert only().accepted == 0


def test_the_audit_tells_the_act_on_the_case(outbreak: Case, writer: Client) -> None:
    decide(writer, pasted(writer, outbreak, ILL), e0_decision="accepted", e1_decision="accepted")
    acts = set(AuditRow.objects.values_list("act", flat=True))
    assert {"case.times", "case.laboratory", "narrative.decided"} <= acts
