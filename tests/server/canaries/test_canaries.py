"""Whoever comes upon a canary raises an alert, whichever way; and it is nobody's work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from tests.server.cases.town import Town
from tests.server.homes import NOON, told_of
from tests.server.search.conftest import detective, home, people, town

from ringfence.errors import NotAllowed, NotFound, UserError
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.canaries import actions, queries
from ringfence_server.canaries.models import Alert, Canary
from ringfence_server.canaries.shown import work
from ringfence_server.cases.models import Case
from ringfence_server.outbox import auditing
from ringfence_server.outbox.models import Delivery
from ringfence_server.search import hits, things
from ringfence_server.search.asking import ask
from ringfence_server.search.pages.searching import _people
from ringfence_server.search.revealing import reveal, whom
from ringfence_server.search.typed import read
from ringfence_server.tasks.models import FollowUp, Task
from ringfence_server.watching import measures

__all__ = ["detective", "home", "people", "town"]
STAR = {"name": "单明星", "id_number": "000101199001011012", "phone": "13900139000"}


@pytest.fixture
def auditor(town: Town) -> Acting:
    return town.staff("auditor", "auditor", "0001")


@pytest.fixture
def canary(home: Home, town: Town, auditor: Acting) -> Canary:
    return actions.plant(
        home=home, kind="contact", unit=town.unit("000101"), fields=STAR, by=auditor, at=NOON
    )


@pytest.mark.parametrize(
    "text",
    ["单明星", "單明星", "shan mingxing", "smx", "000101199001011012", "139 0013 9000"],
)
def test_every_form_of_a_search_raises_it(
    home: Home, canary: Canary, auditor: Acting, detective: Acting, text: str
) -> None:
    answer = ask(home=home, typed=read(text, home, NOON), by=detective, at=NOON)
    assert [one for one, _ in answer.canaries] == [canary]
    (alert,) = Alert.objects.all()
    assert (alert.way, alert.account) == ("search", detective.user)
    assert [line.count for line in work(auditor, NOON)] == [1]
    assert b"ringfence_canary_alerts_total 1.0" in measures.page()
    auditing.drain(home)
    (row,) = told_of(home, "canary.alert")
    assert (row.by, row.about["way"]) == ("detective", "search")


def test_it_looks_like_everybody_else(
    home: Home, people: Mapping[str, str], canary: Canary, detective: Acting
) -> None:
    """Same columns, same kind of address, of the same length; and so does its own page."""
    at_hand = ask(home=home, typed=read("shan xiongxin", home, NOON), by=detective, at=NOON)
    planted = ask(home=home, typed=read("shan mingxing", home, NOON), by=detective, at=NOON)
    (real,), (false,) = (_people(one, detective)["lines"] for one in (at_hand, planted))
    assert real.keys() == false.keys()
    assert len(real["hit"]) == len(false["hit"])
    assert false["cases"].startswith("000101-20220706-")
    assert false["found_by"] == real["found_by"]
    page = whom(*hits.read(false["hit"]), detective)
    assert (page.kind, page.cases) == ("contact", (canary.number,))


def test_a_look_at_who_it_is_raises_it_and_shows_the_invented(
    home: Home, canary: Canary, detective: Acting
) -> None:
    one = whom("canary", canary.pk, detective)
    with pytest.raises(UserError):
        reveal(home, one, case=canary.number, purpose=" ", by=detective, at=NOON)
    with pytest.raises(NotAllowed):
        reveal(home, one, case="C-1", purpose="calls back", by=detective, at=NOON)
    assert not Alert.objects.exists()
    told = reveal(home, one, case=canary.number, purpose="calls back", by=detective, at=NOON)
    assert told == {**STAR, "phone": "+8613900139000"}
    (alert,) = Alert.objects.all()
    assert alert.way == "reveal"
    (row,) = told_of(home, "search.reveal")
    assert row.about["purpose"] == "calls back"


def test_its_case_number_is_answered_like_one_elsewhere(
    home: Home, canary: Canary, town: Town, detective: Acting
) -> None:
    typed = read(canary.number, home, NOON)
    (group,) = [
        one for one in things.found(home, typed, by=detective, at=NOON) if one.name.en == "Cases"
    ]
    assert group.rows[0].about.en == "exists; it belongs to Unit 000101"
    assert [one.way for one in Alert.objects.all()] == ["number"]


def test_from_elsewhere_it_is_nobody_and_alarms_all_the_same(
    home: Home, canary: Canary, town: Town
) -> None:
    far = town.staff("far", "investigator", "000102")
    answer = ask(home=home, typed=read("单明星", home, NOON), by=far, at=NOON)
    assert len(answer) == 0
    assert Alert.objects.count() == 1
    with pytest.raises(NotFound):
        whom("canary", canary.pk, far)


def test_it_is_nobodys_work_and_in_no_figure(home: Home, canary: Canary) -> None:
    """No case, no follow-up, no task, and nothing owed to the lake."""
    assert not Case.objects.exists()
    assert not FollowUp.objects.exists()
    assert not Task.objects.exists()
    assert not Delivery.objects.exists()
    pointing = [
        field.model._meta.label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if getattr(field, "remote_field", None) and field.related_model is Canary and field.concrete
    ]
    assert sorted(pointing) == ["canaries.Alert", "canaries.CanaryForm"]


def test_nobody_is_named_in_its_rows(home: Home, canary: Canary) -> None:
    with connection.cursor() as cursor:
        for table in ("canaries_canary", "canaries_canaryform", "outbox_auditrow"):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} AS t")
            held = cursor.fetchone()[0]
            for word in (*STAR.values(), "mingxing"):
                assert word not in held
                assert word.encode().hex() not in held


def test_it_ends_and_its_alerts_stay(
    home: Home, canary: Canary, auditor: Acting, detective: Acting
) -> None:
    ask(home=home, typed=read("单明星", home, NOON), by=detective, at=NOON)
    actions.end(key=canary.pk, by=auditor, at=NOON)
    answer = ask(home=home, typed=read("单明星", home, NOON), by=detective, at=NOON)
    assert len(answer) == 0
    (alert,) = queries.alerts(auditor)
    actions.look_at(key=alert.pk, by=auditor, at=NOON)
    assert queries.waiting(auditor) == 0
    with pytest.raises(NotFound):
        actions.look_at(key=alert.pk, by=auditor, at=NOON)


@pytest.mark.parametrize(
    "given",
    [
        {"name": ""},
        {"name": "张*"},
        {"name": "=HYPERLINK(1)"},
        {**STAR, "id_number": "000101199001011013"},
        {**STAR, "phone": "1380"},
        {"name": "a\0b"},
    ],
)
def test_what_no_source_could_tell_is_refused(
    home: Home, town: Town, auditor: Acting, given: dict[str, Any]
) -> None:
    with pytest.raises(UserError):
        actions.plant(
            home=home, kind="contact", unit=town.unit("000101"), fields=given, by=auditor, at=NOON
        )
    assert not Canary.objects.exists()


def test_only_of_ones_own_units(home: Home, town: Town, canary: Canary) -> None:
    other = town.staff("other", "auditor", "000102")
    assert queries.planted(other) == []
    with pytest.raises(NotFound):
        actions.end(key=canary.pk, by=other, at=NOON)
    with pytest.raises(NotAllowed):
        actions.plant(
            home=home, kind="case", unit=town.unit("000101"), fields=STAR, by=other, at=NOON
        )
