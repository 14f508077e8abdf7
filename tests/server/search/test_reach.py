"""A search never finds a case, a person, a venue or a unit outside reach, whatever is typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.server.cases.town import UNITS, Town
from tests.server.homes import NOON
from tests.server.search.conftest import case_of, contact_of, known

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.accounts.roles import roles
from ringfence_server.cases.models import Case, Cluster, ClusterCase
from ringfence_server.cases.queries import clusters, visible
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import covers
from ringfence_server.search import things, units, venues
from ringfence_server.search.models import Venue
from ringfence_server.search.people import find
from ringfence_server.search.readings import reading_of
from ringfence_server.search.typed import read
from ringfence_server.tasks.models import FollowUp, Link
from ringfence_server.tracing.models import Run

CODES = [code for code, _, _ in UNITS]
NAME = "张伟"


@pytest.fixture
def everywhere(home: Home, town: Town, tmp_path: Path) -> Home:
    """In every unit a case and a contact of one name, a cluster and a venue of one word."""
    known(home, tmp_path, [(f"{k}{code}", NAME, "", "", "") for code in CODES for k in "sf"])
    by = town.chief.user
    for code in CODES:
        case = case_of(f"s{code}", town, code, number=f"K-{code}-7")
        contact_of(f"f{code}", town, code, case)
        group = Cluster.objects.create(name=f"市场 {code}", unit=town.unit(code), by=by, at=NOON)
        ClusterCase.objects.create(cluster=group, case=case, since=NOON, by=by)
        run = Run.objects.create(case=case, asked_by=by, asked_at=NOON)
        whole = reading_of("市场").whole
        Venue.objects.create(
            case=case, run=run, label="市场", name="市场", folded="市场", whole=whole, initials="sc"
        )
    units.read_anew()
    return home


def _holds(role: str, right: str, at: str, unit: Unit) -> bool:
    """The rule in its shortest form: the role is held above, with this right and all of it."""
    reach = roles()[role].reach
    return (
        right in roles()[role].rights
        and reach == "jurisdiction"
        and covers(Unit.objects.get(code=at), unit)
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(role=st.sampled_from(sorted(roles())), at=st.sampled_from(CODES), data=st.data())
def test_nothing_outside_reach(
    everywhere: Home, town: Town, role: str, at: str, data: st.DataObject
) -> None:
    by = town.staff(f"{role}.{at}", role, at)
    text = data.draw(
        st.sampled_from([NAME, "zw", "K-", "-7", "市场", "shichang", "sc", "单位", "Unit", *CODES])
    )
    typed = read(text, everywhere, NOON)
    for one in units.found(by, text, 100):
        assert covers(town.unit(at), one)
    for venue in venues.found(by, text, 100):
        assert _holds(role, "case.read", at, venue.case.unit)
    for hit in find(everywhere, typed.forms, by=by, at=NOON).people:
        row = (Case if hit.kind == "case" else FollowUp).objects.get(pk=hit.key)
        assert _holds(role, "identity.reveal", at, row.unit)
    open_pages = {f"/cases/{one.pk}/" for one in visible(by)}
    open_pages |= {f"/cases/clusters/{one.pk}/" for one in clusters(by)}
    for group in things.found(everywhere, typed, by=by, at=NOON):
        if group.name.en in {"Cases", "Clusters"}:
            assert {row.url for row in group.rows if row.url} <= open_pages


def test_a_case_elsewhere_is_told_as_at_its_entry(everywhere: Home, town: Town) -> None:
    """That it exists and whose it is: no page, no disease, no state."""
    (group,) = things.found(
        everywhere, read("K-000102-7", everywhere, NOON), by=_desk(town), at=NOON
    )
    (row,) = group.rows
    assert row.url == ""
    assert row.about.en == "exists; it belongs to Unit 000102"
    assert (
        things.found(everywhere, read("K-000102", everywhere, NOON), by=_desk(town), at=NOON) == []
    )


def _desk(town: Town) -> Acting:
    return town.staff("desk", "data_analyst", "000101")


def test_only_cases_and_open_follow_ups_of_ones_own_are_people(
    home: Home, town: Town, tmp_path: Path, detective: Acting
) -> None:
    """Who is in the vault and neither, or not any more, is nobody here."""
    names = ("mine", "closed", "contact", "released", "other", "stranger")
    known(home, tmp_path, [(f"x-{name}", NAME, "", "", "") for name in names])
    mine = case_of("x-mine", town, "000101001", assigned=detective)
    closed = case_of("x-closed", town, "000101001", assigned=detective)
    Case.objects.filter(pk=closed.pk).update(state="withdrawn")
    contact = contact_of("x-contact", town, "000101001", mine)
    released = contact_of("x-released", town, "000101001", mine)
    FollowUp.objects.filter(pk=released.pk).update(end="closed", ended_at=NOON)
    other = case_of("x-other", town, "000101001")
    contact_of("x-stranger", town, "000101001", other)
    forms = read(NAME, home, NOON).forms
    hits = find(home, forms, by=detective, at=NOON).people
    assert {(hit.kind, hit.key) for hit in hits} == {("case", mine.pk), ("contact", contact.pk)}
    Link.objects.filter(follow_up=contact).update(until=NOON)
    hits = find(home, forms, by=detective, at=NOON).people
    assert [(hit.kind, hit.key) for hit in hits] == [("case", mine.pk)]
    for role in roles():
        if role != "investigator":
            who = town.staff(f"a.{role}", role, "0001")
            assert len(find(home, forms, by=who, at=NOON)) == 0, role
