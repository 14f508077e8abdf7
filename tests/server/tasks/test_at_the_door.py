"""A worker's pages: who it is, only once the task is accepted; a report, only once."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.test import Client
from tests.server.cases.town import Town
from tests.server.homes import NOON, told_of
from tests.server.seen import seen
from tests.server.tasks.loop import approved, client_of, task

from ringfence.errors import StorageError
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.moments import When
from ringfence_server.outbox import auditing
from ringfence_server.outbox.models import Delivery
from ringfence_server.tasks.models import Exposure, Feedback, Task
from ringfence_server.tracing.models import Run

pytestmark = pytest.mark.django_db
WHO = ("王小明", "13800138000", "翠苑小区3幢2单元501室")
HOSTILE = ("' OR 1=1 --", "<script>alert(1)</script>", "x" * 5_000, "a\0b", "=1+1", "\u202e")


@pytest.fixture
def one(home: Home, run: Run, chief: Acting) -> Task:
    approved(home, run, chief)
    return task("p2", "notify")


@pytest.fixture
def phone(one: Task, worker: Acting) -> Client:
    return client_of(worker)


def accepted(phone: Client, one: Task) -> None:
    assert phone.post(f"/my-tasks/{one.pk}/step/", {"to": "accepted"}).status_code == 302


def form_of(phone: Client, one: Task) -> dict[str, str]:
    page = phone.get(f"/my-tasks/{one.pk}/report/").content.decode()
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found is not None
    return {"token": found[1], "outcome": "reached"}


def test_the_role_asks_for_a_second_factor(one: Task, worker: Acting) -> None:
    client = Client()
    client.force_login(worker.user, "ringfence_server.accounts.signing_in.Backend")
    answer = client.get("/my-tasks/")
    assert (answer.status_code, answer["location"]) == (302, "/account/second-factor/begin/")


def test_a_person_is_named_once_the_task_is_accepted(
    home: Home, phone: Client, one: Task, worker: Acting
) -> None:
    at = f"/my-tasks/{one.pk}/"
    for address in ("/my-tasks/", at):
        page = phone.get(address).content.decode()
        assert not any(word in page for word in (*WHO, "Blue Karaoke"))
    assert told_of(home, "task.reveal") == []
    accepted(phone, one)
    page = phone.get(at).content.decode()
    assert all(word in page for word in (*WHO, "Blue Karaoke"))
    (row,) = told_of(home, "task.reveal")
    assert (row.by, row.about["case"], row.about["purpose"]) == ("worker", "C1", "task: notify")
    assert not any(word in str(row.about) for word in WHO)


def test_nothing_is_shown_that_could_not_be_audited(
    phone: Client, one: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted(phone, one)

    def full(*_: object, **__: object) -> int:
        raise StorageError("the disk is full", "磁盘已满")

    monkeypatch.setattr(auditing, "shown", full)
    answer = phone.get(f"/my-tasks/{one.pk}/")
    assert answer.status_code == 503
    assert not any(word in answer.content.decode() for word in WHO)


def test_a_colleague_and_a_stranger_see_nothing(
    phone: Client, one: Task, town: Town, chief: Acting
) -> None:
    accepted(phone, one)
    colleague = client_of(town.staff("colleague", "grid_worker", "000101001001001"))
    stranger = client_of(town.staff("stranger", "grid_worker", "000102"))
    for client in (colleague, stranger):
        assert client.get(f"/my-tasks/{one.pk}/").status_code == 404
        assert client.get(f"/my-tasks/{one.pk}/report/").status_code == 404
        assert client.post(f"/my-tasks/{one.pk}/report/", {"token": "x"}).status_code == 404
    taken = colleague.post(f"/my-tasks/{one.pk}/step/", {"to": "accepted"})
    assert taken.status_code == 409
    assert "somebody else" in taken.content.decode()
    assert stranger.post(f"/my-tasks/{one.pk}/step/", {"to": "accepted"}).status_code == 404
    assert client_of(chief).get("/my-tasks/").status_code == 403
    assert phone.get("/my-tasks/999999999999/").status_code == 404


def test_the_whole_way_at_a_door(home: Home, phone: Client, one: Task) -> None:
    at = f"/my-tasks/{one.pk}/"
    assert f'href="{at}"' in phone.get("/my-tasks/").content.decode()
    accepted(phone, one)
    assert phone.post(f"{at}step/", {"to": "on_the_way"}).status_code == 302
    key = Exposure.objects.get().pk
    sent = form_of(phone, one) | {
        f"there-{key}": "yes",
        f"zone-{key}": "room 3",
        f"start-{key}": "2022-07-04T20:30",
        f"end-{key}": "2022-07-04T21:30",
        "symptoms": "fever",
        "since": "2022-07-06",
        "other_name": "李娜",
        "other_phone": "13900139000",
        "note": "two lines\nof words",
    }
    answer = phone.post(f"{at}report/", sent)
    assert (answer.status_code, answer["location"]) == (302, at)
    page = phone.get(at).content.decode()
    assert "Your report has arrived" in page
    assert "data-draft-done" in page
    assert not any(word in page for word in WHO)
    assert {row.table for row in Delivery.objects.all()} == {"presence", "symptom", "subject"}
    assert phone.post(f"{at}report/", sent).status_code == 302
    assert Feedback.objects.count() == 1
    assert phone.post(f"{at}report/", sent | {"note": "other"}).status_code in (400, 422)
    assert phone.get(f"{at}report/").status_code == 302
    assert "verify" in phone.get("/my-tasks/").content.decode()


def test_what_is_wrong_stands_beside_its_field(phone: Client, one: Task) -> None:
    accepted(phone, one)
    key = Exposure.objects.get().pk
    sent = form_of(phone, one)
    for wrong in (
        {"outcome": "brought"},
        {"outcome": ""},
        {f"there-{key}": "perhaps"},
        {f"there-{key}": "yes", f"start-{key}": "2022-07-04"},
        {"since": "tomorrow", "symptoms": "fever"},
        {"note": "call 13800138000"},
        {"other_phone": "12"},
        {"token": ""},
    ):
        answer = phone.post(f"/my-tasks/{one.pk}/report/", sent | wrong)
        assert answer.status_code == 400, wrong
        assert "Please mend this" in answer.content.decode(), wrong
    assert Feedback.objects.count() == 0
    assert Task.objects.get(pk=one.pk).state == "accepted"


def test_overlapping_stays_of_one_place_are_asked_about_once(
    home: Home, phone: Client, one: Task
) -> None:
    """Two sources, 20:00–21:00 and 20:40–22:00: one question; the answer is about both records."""
    accepted(phone, one)
    first = Exposure.objects.get()
    later = first.start + (first.end - first.start) / 2
    second = replaced(first, start=later, end=first.end + timedelta(hours=1))
    elsewhere = replaced(first, place="other", label="another place", start=later)
    both = f"{first.pk}.{second.pk}"
    page = phone.get(f"/my-tasks/{one.pk}/report/").content.decode()
    asked = re.findall(r'type="radio" name="there-([0-9.]+)"', page)
    assert list(dict.fromkeys(asked)) == [both, str(elsewhere.pk)]
    assert f"–{second.end.astimezone(ZoneInfo(home.zone)):%H:%M}" in page
    sent = form_of(phone, one)
    wrong = {f"there-{both}": "yes", f"zone-{both}": "13800138000"}
    answer = phone.post(f"/my-tasks/{one.pk}/report/", sent | wrong)
    assert f'href="#id_zone-{both}"' in answer.content.decode()
    told = {f"there-{both}": "no", f"there-{elsewhere.pk}": ""}
    assert phone.post(f"/my-tasks/{one.pk}/report/", sent | told).status_code == 302
    (owed,) = Delivery.objects.filter(table="presence")
    assert [(row["place"], row["certainty"]) for row in owed.rows] == [
        (first.place, "denied"),
        (first.place, "denied"),
    ]
    assert {row["start"] for row in owed.rows} == {
        When(each.start, "instant").written(home.zone) for each in (first, second)
    }


def test_what_was_answered_of_a_stay_that_grew_is_asked_anew(phone: Client, one: Task) -> None:
    accepted(phone, one)
    first = Exposure.objects.get()
    sent = form_of(phone, one) | {f"there-{first.pk}": "no"}
    replaced(first, start=first.start - timedelta(hours=1))
    answer = phone.post(f"/my-tasks/{one.pk}/report/", sent)
    assert "More is known now" in answer.content.decode()
    assert Feedback.objects.count() == 0
    Task.objects.filter(pk=one.pk).update(state="feedback")
    answer = phone.post(f"/my-tasks/{one.pk}/report/", sent)
    assert (answer.status_code, answer["location"]) == (302, f"/my-tasks/{one.pk}/")


@pytest.mark.parametrize(
    ("came", "left"), [("21:30", ""), ("", "20:30"), ("20:10", "21:40"), ("19:30", "22:30")]
)
def test_other_times_are_of_the_whole_stay(
    home: Home, phone: Client, one: Task, came: str, left: str
) -> None:
    """Two sources, 20:00–21:00 and 20:40–22:00: whoever came at 21:30 stayed until 22:00."""
    accepted(phone, one)
    first = Exposure.objects.get()
    day = first.start.astimezone(ZoneInfo(home.zone)).replace(hour=20, minute=0)
    Exposure.objects.filter(pk=first.pk).update(start=day, end=day + timedelta(hours=1))
    first.refresh_from_db()
    last = day + timedelta(hours=2)
    second = replaced(first, start=day + timedelta(minutes=40), end=last)
    both = f"{first.pk}.{second.pk}"
    typed = {"start": came, "end": left}
    told = {f"{name}-{both}": f"{day:%Y-%m-%d}T{at}" for name, at in typed.items() if at}
    told |= {f"there-{both}": "yes", "other_name": "李娜", "other_phone": "13900139000"}
    answer = phone.post(f"/my-tasks/{one.pk}/report/", form_of(phone, one) | told)
    assert answer.status_code == 302
    (owed,) = Delivery.objects.filter(table="presence")
    (row,) = owed.rows
    clock = [datetime.fromisoformat(row[name]).strftime("%H:%M") for name in ("start", "end")]
    assert clock == [came or "20:00", left or "22:00"]
    (named,) = Exposure.objects.exclude(follow_up=one.follow_up)
    assert (named.start, named.end) == (day, last)


def replaced(one: Exposure, **other: Any) -> Exposure:
    fields = ("follow_up", "case", "subject", "place", "label", "zone", "start", "end")
    return Exposure.objects.create(**{name: getattr(one, name) for name in fields} | other)


def test_hostile_words_in_every_field(phone: Client, one: Task) -> None:
    accepted(phone, one)
    key = Exposure.objects.get().pk
    names = ("token", "outcome", "symptoms", "since", "other_name", "other_phone", "note")
    fields = [*names, *(f"{name}-{key}" for name in ("there", "zone", "start", "end"))]
    for field in fields:
        for word in HOSTILE:
            sent = form_of(phone, one) | {f"there-{key}": "yes", field: word}
            if field in ("note", "other_name", "zone") and word == HOSTILE[0]:
                continue
            answer = phone.post(f"/my-tasks/{one.pk}/report/", sent)
            assert answer.status_code in (302, 400), (field, word)
            assert b"<script>alert" not in answer.content
            if answer.status_code == 302:
                Task.objects.filter(pk=one.pk).update(state="accepted")
    for word in HOSTILE:
        answer = phone.post(f"/my-tasks/{one.pk}/step/", {"to": word, "reason": word})
        assert answer.status_code == 400


def test_a_get_changes_nothing(phone: Client, one: Task) -> None:
    assert phone.get(f"/my-tasks/{one.pk}/step/", {"to": "accepted"}).status_code == 405
    assert Task.objects.get(pk=one.pk).state == "dispatched"


def test_what_was_withdrawn_is_said_to_who_had_it(
    phone: Client, one: Task, home: Home, chief: Acting, settings: LazySettings
) -> None:
    from dataclasses import replace

    from ringfence_server.cases.actions import withdraw
    from ringfence_server.deployment.here import deployment, now

    settings.RINGFENCE = replace(deployment(), ahead=NOON - now())
    accepted(phone, one)
    withdraw(home=home, number="C1", reason="mixed up", by=chief, at=NOON)
    page = phone.get("/my-tasks/").content.decode()
    assert "Withdrawn: nothing to do any more" in page
    page = phone.get(f"/my-tasks/{one.pk}/").content.decode()
    assert not any(word in page for word in WHO)
    late = phone.post(f"/my-tasks/{one.pk}/step/", {"to": "on_the_way"})
    assert late.status_code == 409
    assert "withdrawn" in late.content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Accept", "cannot do it"]), ("zh-hans", ["接单", "无法执行"])],
)
def test_in_both_languages(one: Task, worker: Acting, language: str, words: list[str]) -> None:
    client = client_of(worker, language)
    client.cookies["language"] = language
    page = client.get(f"/my-tasks/{one.pk}/").content.decode()
    assert [word for word in words if word not in page] == []


def test_rows_are_told_apart_by_class_and_number(phone: Client, one: Task) -> None:
    page = seen(phone.get("/my-tasks/"))
    assert f'notify · close · <span class="whole">task {one.pk}</span>' in page
    assert "p2" not in page
