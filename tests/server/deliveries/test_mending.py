"""What the home refused is seen by those whose act it was of, and sent again or set aside once."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction
from django.urls import reverse
from tests.server.cases.conftest import home, town
from tests.server.cases.town import SECRET, Town
from tests.server.homes import NOON
from tests.server.tasks.loop import client_of

from ringfence.errors import DataError, NotFound, UsageError
from ringfence.lake import Home
from ringfence_server.outbox import delivering, mending
from ringfence_server.outbox.models import AuditRow, Delivery

__all__ = ["home", "town"]
pytestmark = pytest.mark.django_db
CASE = {
    "case": "C1",
    "subject": "subject-1",
    "disease": "covid-19",
    "classification": "suspected",
    "symptomatic": "yes",
}
NAME = "王小明"


def owe(key: str, by: str, **said: str) -> Delivery:
    with transaction.atomic():
        return delivering.owe(key, "case", [{**CASE, **said}], secret=SECRET, by=by, at=NOON)


def deliver(home: Home) -> delivering.Delivered:
    return delivering.deliver(home, secret=SECRET, at=NOON)


def test_seen_by_ones_own_unit_without_what_it_says(home: Home, town: Town) -> None:
    owe("C1/1", town.neighbour.user.username, colour=NAME)
    deliver(home)
    for by, seen in (
        (town.neighbour, True),
        (town.chief, True),
        (town.staff("o", "supervisor", "000101"), False),
    ):
        client = client_of(by)
        page = client.get(reverse("deliveries")).content.decode()
        assert ("neighbour" in page.split("<main", 1)[1]) is seen
        assert NAME not in page
        assert CASE["subject"] not in page.split("<main", 1)[1]
        assert ('href="/deliveries/"' in client.get("/").content.decode()) is seen
    key = Delivery.objects.get().pk
    other = client_of(town.staff("o", "supervisor", "000101"))
    for name in ("delivery_again", "delivery_aside"):
        assert other.post(reverse(name, args=[key]), {"reason": "x"}).status_code == 404


def test_sent_again_once_the_cause_is_gone(home: Home, town: Town) -> None:
    made = owe("C1/1", "neighbour", colour="red")
    deliver(home)
    Delivery.objects.update(rows=[CASE])  # as if the home had learnt to read it
    client = client_of(town.neighbour)
    assert client.post(reverse("delivery_again", args=[made.pk])).status_code == 302
    assert deliver(home).done == 1
    assert client.post(reverse("delivery_again", args=[made.pk])).status_code == 404
    assert AuditRow.objects.filter(act="delivery.again").count() == 1


def test_not_above_something_newer(home: Home, town: Town) -> None:
    made = owe("C1/1", "neighbour", colour="red")
    owe("C2/1", "neighbour", case="C2")
    deliver(home)
    with transaction.atomic():
        mending.send_again(made, by="neighbour", at=NOON)
        transaction.set_rollback(True)
    owe("C1/2", "neighbour", classification="confirmed")
    deliver(home)
    with pytest.raises(mending.Overtaken):
        mending.send_again(made, by="neighbour", at=NOON)


def test_taken_in_part_is_not_sent_again(home: Home) -> None:
    made = owe("C1/1", "neighbour", classification="perhaps")
    deliver(home)
    with pytest.raises(NotFound):
        mending.send_again(made, by="neighbour", at=NOON)


def test_set_aside_with_a_reason(home: Home, town: Town, tmp_path: Path) -> None:
    made = owe("C1/1", "neighbour", colour="red")
    deliver(home)
    for reason in ("", "call 13800138000"):
        with pytest.raises((UsageError, DataError)):
            mending.set_aside(made, reason=reason, by="neighbour", at=NOON)
    client = client_of(town.neighbour)
    assert (
        "13800"
        not in client.post(
            reverse("delivery_aside", args=[made.pk]), {"reason": "13800138000"}, follow=True
        ).content.decode()
    )
    client.post(reverse("delivery_aside", args=[made.pk]), {"reason": "entered by hand"})
    assert delivering.refused() == 0
    assert deliver(home) == delivering.Delivered(0, 0)
    assert AuditRow.objects.get(act="delivery.set_aside").about["reason"] == "entered by hand"
