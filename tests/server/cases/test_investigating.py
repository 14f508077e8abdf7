"""The investigation form: a version each time it is saved, and records of what it says."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from tests.server.cases.town import WANG, Town, deliver, enter, settled
from tests.server.homes import NOON

from ringfence.engines.sql import SqlEngine
from ringfence.errors import NotAllowed, NotFound
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.vault import open_vault
from ringfence_server.access import Acting
from ringfence_server.cases import actions
from ringfence_server.cases.actions import Contact, Form, Named, Stay
from ringfence_server.cases.investigating import StaleForm, latest_version, version
from ringfence_server.cases.models import Case, CaseVersion
from ringfence_server.cases.refusals import FieldErrors

pytestmark = pytest.mark.django_db
KARAOKE = Stay("", "Blue Karaoke", "ktv", "2022-07-04 20:00", "2022-07-04 22:00")
LI = {"name": "李娜", "phone": "13900139000"}


def save(
    home: Home,
    case: Case,
    by: Acting,
    based_on: int = 0,
    named: tuple[Named, ...] = (),
    **form: object,
) -> int:
    return actions.save_form(
        home=home,
        number=case.number,
        based_on=based_on,
        form=Form(**form),  # type: ignore[arg-type]
        named=named,
        by=by,
        at=NOON,
    )


def test_each_save_is_a_version(home: Home, town: Town) -> None:
    case = enter(home, town)
    assert latest_version(case).number == 0
    assert save(home, case, town.chief, basic={"occupation": "cook"}) == 1
    assert save(home, case, town.chief, 1, basic={"occupation": "waiter"}) == 2
    first, second = version(case, 1), version(case, 2)
    assert first is not None
    assert second is not None
    assert (first.form.basic, second.form.basic) == (
        {"occupation": "cook"},
        {"occupation": "waiter"},
    )
    assert version(case, 3) is None


def test_a_stale_form_is_refused_with_both_shown(home: Home, town: Town) -> None:
    case = enter(home, town)
    save(home, case, town.chief, basic={"occupation": "cook"})
    with pytest.raises(StaleForm) as stale:
        save(home, case, town.chief, basic={"occupation": "waiter"})
    assert stale.value.theirs.form.basic == {"occupation": "cook"}
    assert stale.value.theirs.by == town.chief.user
    assert stale.value.yours.basic == {"occupation": "waiter"}
    assert CaseVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(home: Home) -> None:
    town = settled()
    case = enter(home, town)
    chief = town.chief

    def saved(number: int) -> bool:
        try:
            save(home, case, chief, basic={"occupation": f"cook {number}"})
        except StaleForm:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(saved, range(4))) == 1
    assert CaseVersion.objects.count() == 1


def test_places_become_declared_stays(home: Home, town: Town) -> None:
    case = enter(home, town)
    known = Stay("K", "", "", "2022-07-03 10:00", "2022-07-03 11:00")
    save(home, case, town.chief, history=(KARAOKE, known))
    save(home, case, town.chief, 1, history=(KARAOKE, known))
    deliver(home)
    engine = SqlEngine(snapshot(home, NOON))
    stays = engine.rows("presence", "subject", [case.subject]).to_pylist()
    assert sorted(stay["certainty"] for stay in stays) == ["declared", "declared"]
    places = {row["place"]: row for row in engine.rows("place", "place", None).to_pylist()}
    assert {stay["place"] for stay in stays} == {"K", *places}
    (place,) = places.values()
    assert (place["name"], place["kind"]) == ("Blue Karaoke", "ktv")


def test_a_named_contact_is_a_link_and_a_person_in_the_vault(home: Home, town: Town) -> None:
    case = enter(home, town)
    named = (Named(LI, Contact("household")), Named(LI, Contact("same_table", "2022-07-04")))
    save(home, case, town.chief, named=named)
    deliver(home)
    contacts = latest_version(case).form.contacts
    assert [one.relation for one in contacts] == ["household", "same_table"]
    links = SqlEngine(snapshot(home, NOON)).rows("link", "subject_a", None).to_pylist()
    pairs = {frozenset({row["subject_a"], row["subject_b"]}) for row in links}
    assert pairs == {frozenset({case.subject, one.subject}) for one in contacts}
    with open_vault(home) as vault:
        assert set(vault.find("phone", "+8613900139000")) == {one.subject for one in contacts}


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"basic": {"occupation": "=1+1"}}, "occupation"),
        ({"clinical": {"symptoms": "a\0b"}}, "symptoms"),
        ({"basic": {"travel": "x" * 1001}}, "travel"),
        ({"history": (Stay(),)}, "history-0"),
        ({"history": (KARAOKE, Stay("", "Lotus", "castle", "", ""))}, "history-1"),
        ({"history": (Stay("K", "", "", "2022-07-04", "2022-07-04"),)}, "history-0"),
        ({"history": (Stay("K", "", "", "2022-07-04 22:00", "2022-07-04 20:00"),)}, "history-0"),
        ({"history": (Stay("K", "", "", "2022-08-04 20:00", "2022-08-04 22:00"),)}, "history-0"),
        ({"contacts": (Contact("enemy", "", "", "s1"),)}, "known-0"),
    ],
)
def test_what_cannot_be_taken(home: Home, town: Town, form: dict[str, Any], field: str) -> None:
    case = enter(home, town)
    with pytest.raises(FieldErrors) as refused:
        save(home, case, town.chief, **form)
    assert set(refused.value.fields) == {field}
    assert CaseVersion.objects.count() == 0


def test_a_contact_is_somebody(home: Home, town: Town) -> None:
    case = enter(home, town)
    with pytest.raises(FieldErrors):
        save(home, case, town.chief, named=(Named({}, Contact("household")),))
    with pytest.raises(FieldErrors):
        save(home, case, town.chief, named=(Named(LI, Contact("enemy")),))


def test_nobody_gets_into_a_form_by_a_number(home: Home, town: Town) -> None:
    case = enter(home, town)
    with pytest.raises(FieldErrors):
        save(home, case, town.chief, contacts=(Contact("household", "", "", "s-of-another"),))


def test_who_may_not_write_or_see_does_not(home: Home, town: Town) -> None:
    case = enter(home, town)
    with pytest.raises(NotAllowed):
        save(home, case, town.staff("analyst", "data_analyst", "0001"))
    with pytest.raises(NotFound):
        save(home, case, town.neighbour)


def test_nobody_is_named_twice_by_a_document(home: Home, town: Town) -> None:
    """The case itself as its own contact is no relation of two."""
    case = enter(home, town)
    with pytest.raises(FieldErrors):
        save(home, case, town.chief, named=(Named(WANG, Contact("household")),))
