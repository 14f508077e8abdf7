"""A case is entered once, by whoever was first; what was said of it reaches lake and vault."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from tests.server.cases.town import WANG, Town, day, deliver, enter, entered, entry, settled, token
from tests.server.homes import NOON

from ringfence.engines.sql import SqlEngine
from ringfence.errors import NotAllowed
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.trace.case_files import known_cases
from ringfence.vault import open_vault
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case, CaseChange, Submission
from ringfence_server.cases.queries import visible
from ringfence_server.cases.refusals import Doubtful, Exists, FieldErrors, SentBefore
from ringfence_server.outbox.models import AuditRow, Delivery

pytestmark = pytest.mark.django_db


def test_a_suspected_case(home: Home, town: Town) -> None:
    case = enter(home, town)
    assert (case.state, case.classification) == ("entered", "suspected")
    assert case.number == "000101-20220707-001"
    assert (case.city, case.district, case.street) == ("0001", "000101", "")
    assert (case.onset_at, case.onset_precision) == (day(5).at, "day")
    assert case.listed_at == day(6).at
    assert CaseChange.objects.get().kind == "entered"
    row = AuditRow.objects.get(act="case.entered")
    assert row.about == {"case": case.number, "unit": "000101", "state": "entered"}


def test_its_records_are_in_the_lake(home: Home, town: Town) -> None:
    case = enter(home, town)
    deliver(home)
    file = known_cases(SqlEngine(snapshot(home, NOON)))[case.number]
    assert (file.subject, file.classification, file.symptomatic) == (
        case.subject,
        "suspected",
        True,
    )
    assert file.jurisdiction == "000101"
    assert file.events["onset"].at == day(5).at
    assert set(file.events) == {"onset", "report"}
    with open_vault(home) as vault:
        assert vault.find("id_number", WANG["id_number"]) == [case.subject]
        (told,) = vault.statements([case.subject])[case.subject]
    assert told.fields["phone"] == "+8613800138000"


def test_with_a_positive_sample_it_is_confirmed(home: Home, town: Town) -> None:
    times = {"onset": day(4), "sampled": day(5), "reported": day(6)}
    case = enter(home, town, classification="confirmed", positive=True, times=times)
    assert (case.state, case.classification) == ("traceable", "confirmed")
    deliver(home)
    file = known_cases(SqlEngine(snapshot(home, NOON)))[case.number]
    assert file.classification == "confirmed"
    assert file.events["sample"].at == day(5).at


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"classification": "confirmed"}, "classification"),
        ({"classification": "discarded"}, "classification"),
        ({"classification": "x' OR 1=1 --"}, "classification"),
        ({"positive": True}, "sampled"),
        ({"disease": "covid19"}, "disease"),
        ({"disease": "=cmd|' /C calc'!A0"}, "disease"),
        ({"number": "=1+1"}, "number"),
        ({"number": "000101199001011012"}, "number"),
        ({"number": "a\0b"}, "number"),
        ({"number": "x" * 129}, "number"),
        ({"person": {"id_number": "000101199001011013"}}, "id_number"),
        ({"person": {"id_number": "110105194912310021"}}, "id_number"),
        ({"person": {"phone": "<script>alert(1)</script>"}}, "phone"),
        ({"person": {"name": "=HYPERLINK(1)"}}, "name"),
        ({"person": {"address": "@SUM(A1)"}}, "address"),
        ({"person": {"sex": "'; DROP TABLE cases_case; --"}}, "sex"),
        ({"person": {"birth_date": "2030-01-01"}}, "birth_date"),
    ],
)
def test_what_cannot_be_taken_is_told_beside_its_field(
    home: Home, town: Town, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(FieldErrors) as refused:
        enter(home, town, **given)
    assert set(refused.value.fields) == {field}
    assert Case.objects.count() == Delivery.objects.count() == Submission.objects.count() == 0


def test_what_is_seldom_so_is_asked_about_first(home: Home, town: Town) -> None:
    times = {"onset": day(6), "reported": day(4)}
    with pytest.raises(Doubtful) as doubted:
        enter(home, town, times=times)
    assert [text.en for text in doubted.value.doubts] == ["onset lies after report."]
    assert enter(home, town, times=times, looked_at=True).state == "entered"


def test_of_nobody_at_no_time_is_asked_about(home: Home, town: Town) -> None:
    with pytest.raises(Doubtful, match="Neither a person nor a time"):
        enter(home, town, times={}, person={})
    assert enter(home, town, times={}, person={}, looked_at=True).state == "entered"


def test_somebody_elses_unit_is_refused(home: Home, town: Town) -> None:
    with pytest.raises(NotAllowed):
        enter(home, town, by=town.neighbour)
    with pytest.raises(NotAllowed):
        enter(home, town, by=town.staff("worker", "grid_worker", "000101"))


def test_there_is_such_a_case(home: Home, town: Town) -> None:
    """Only that, and whose."""
    mine = enter(home, town)
    with pytest.raises(Exists) as exists:
        enter(home, town, by=town.neighbour, unit=town.unit("000102"))
    assert exists.value.text.en == "this case exists already; it belongs to Unit 0001"
    assert mine.number not in str(exists.value)
    (row,) = AuditRow.objects.filter(act="case.exists")
    assert (row.by, row.about) == ("neighbour", {"case": mine.number, "owner": "0001"})
    assert Case.objects.count() == 1


def test_another_disease_or_another_person_is_another_case(home: Home, town: Town) -> None:
    enter(home, town)
    enter(home, town, disease="measles")
    enter(home, town, person={**WANG, "id_number": "000101198503072021"})
    enter(home, town, person={})
    enter(home, town, person={})
    assert Case.objects.count() == 5


def test_a_person_whom_another_channel_knows_is_the_same_person(home: Home, town: Town) -> None:
    """By the document, under whatever number the other channel has them."""
    from ringfence_server.outbox import delivering

    case = enter(home, town)
    Case.objects.filter(pk=case.pk).update(subject="lab-77")
    from django.db import transaction

    with transaction.atomic():
        delivering.owe(
            "other",
            "subject",
            [{"subject": "lab-77"}],
            secret="a secret of the tests, known to everybody",
            by="x",
            at=NOON,
            identity=[{"id_number": WANG["id_number"]}],
        )
    deliver(home)
    with pytest.raises(Exists):
        enter(home, town)


def test_a_number_of_ones_own_that_is_taken(home: Home, town: Town) -> None:
    enter(home, town, number="CASE-1")
    with pytest.raises(Exists):
        enter(home, town, number="CASE-1", person={})


def test_the_same_form_twice_has_one_effect(home: Home, town: Town) -> None:
    form = token()
    first = entered(home, entry(town), town.chief, form)
    second = entered(home, entry(town), town.chief, form)
    assert first.number == second.number
    assert Case.objects.count() == 1
    assert AuditRow.objects.count() == 1
    with pytest.raises(SentBefore):
        entered(home, entry(town, disease="measles"), town.chief, form)
    with pytest.raises(SentBefore):
        entered(home, entry(town), town.doctor, form)


def test_who_sees_assigned_cases_only_keeps_the_own_one(home: Home, town: Town) -> None:
    case = enter(home, town, by=town.doctor)
    assert list(visible(town.doctor)) == [case]
    assert list(visible(town.detective)) == []


def _in_a_thread(home: Home, town: Town, by: Acting, form: str) -> str:
    try:
        return entered(home, entry(town), by, form).number
    except Exists as exists:
        return str(exists)
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_people_enter_the_same_case_at_once(home: Home) -> None:
    """One wins; the other is told so."""
    town = settled()
    entered(home, entry(town, disease="measles"), town.chief)
    several = [town.staff(f"clerk{n}", "data_analyst", "000101") for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda by: _in_a_thread(home, town, by, token()), several))
    assert Case.objects.filter(disease="covid-19").count() == 1
    assert sum("belongs to Unit 000101" in one for one in told) == 5
    assert AuditRow.objects.filter(act="case.exists").count() == 5


@pytest.mark.django_db(transaction=True)
def test_a_double_click_sends_once(home: Home) -> None:
    town = settled()
    clerk, form = town.staff("clerk", "data_analyst", "000101"), token()
    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(lambda _: _in_a_thread(home, town, clerk, form), range(6)))
    assert len(set(told)) == 1
    assert Case.objects.count() == 1
    assert AuditRow.objects.count() == 1
