"""The audit is found by account, act, case and time; by whom it may be read, and no further."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.server.cases.town import Town, enter
from tests.server.homes import NOON
from tests.server.tasks.loop import client_of

from ringfence.audit import Wanted, append, newest
from ringfence.lake import Home
from ringfence_server.looking import queries
from ringfence_server.outbox import auditing

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def rows(home: Home, town: Town) -> None:
    """1, 2: about a case of one district; 3, 4: of the other; 5: of nobody's."""
    enter(home, town, by=town.staff("chief-101", "supervisor", "000101"), number="C-1", person={})
    enter(home, town, by=town.neighbour, number="C-2", person={}, unit=town.unit("000102"))
    for n, (act, by, case) in enumerate(
        (
            ("task.reveal", "worker", "C-0, C-1"),
            ("glass.opened", "neighbour", "C-1"),
            ("trace.asked", "neighbour", "C-2"),
            ("glass.looked", "neighbour", "C-2"),
            ("vault.find", "machine:root", ""),
        )
    ):
        about = {"case": case, "purpose": "a purpose"} if case else {}
        append(home, act, by=by, at=NOON + n * HOUR, about=about)


def numbers(home: Home, **wanted: object) -> list[int]:
    return [one.number for one in newest(home, Wanted(**wanted))]  # type: ignore[arg-type]


def test_found_by_what_it_says(home: Home, rows: None) -> None:
    assert numbers(home) == [5, 4, 3, 2, 1]
    assert numbers(home, by="neighbour") == [4, 3, 2]
    assert numbers(home, act="glass") == [4, 2]
    assert numbers(home, act="glass.opened") == [2]
    assert numbers(home, act="gla") == []
    assert numbers(home, case="C-1") == [2, 1], "also as one of several"
    assert numbers(home, case="C-") == numbers(home, case="1") == []
    assert numbers(home, since=NOON + HOUR, until=NOON + 3 * HOUR) == [3, 2]
    assert numbers(home, by="neighbour", case="C-2", act="glass") == [4]
    for nasty in ("' OR 1=1 --", "%", "\\", '"'):
        assert (
            numbers(home, by=nasty) == numbers(home, act=nasty) == numbers(home, case=nasty) == []
        )
    assert [one.number for one in newest(home, Wanted(), before=4, back=2)] == [3, 2]


def test_where_nothing_was_written_there_is_nothing(home: Home) -> None:
    assert numbers(home) == []


def test_whoever_reads_it_reads_of_their_own_units(home: Home, town: Town, rows: None) -> None:
    for unit, expected in (
        ("CN", [5, 4, 3, 2, 1]),
        ("0001", [4, 3, 2, 1]),
        ("000101", [2, 1]),
        ("000102", [4, 3, 2]),
        ("000101001", []),
    ):
        by = town.staff(f"auditor-{unit}", "auditor", unit)
        found = queries.page(home, by, Wanted())
        assert [one.number for one in found.entries] == expected, unit
        assert found.next is None


def test_pages_go_on_below_a_row(home: Home, town: Town, rows: None) -> None:
    by = town.staff("auditor-CN", "auditor", "CN")
    first = queries.page(home, by, Wanted(), size=2)
    assert [one.number for one in first.entries] == [5, 4]
    append(home, "task.reveal", by="worker", at=NOON, about={})
    second = queries.page(home, by, Wanted(), before=first.next, size=2)
    assert [one.number for one in second.entries] == [3, 2]
    assert queries.page(home, by, Wanted(), before=second.next).next is None


def test_a_page_looks_so_far_back_and_the_next_goes_on(
    home: Home, town: Town, rows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "BACK", 2)
    by = town.staff("auditor-CN", "auditor", "CN")
    found, seen, before = [], 0, None
    while seen < 10:
        some = queries.page(home, by, Wanted(act="task"), before=before)
        found += [one.number for one in some.entries]
        seen, before = seen + 1, some.next
        if before is None:
            break
    assert (found, seen) == ([1], 3)


def test_the_page(home: Home, town: Town, rows: None) -> None:
    client = client_of(town.staff("auditor-CN", "auditor", "CN"))
    page = client.get(reverse("audit"), {"case": "C-1"}).content.decode()
    assert "task.reveal" in page
    assert "was shown who a person is" in page
    assert "vault.find" not in page
    day = NOON.strftime("%Y-%m-%d")
    assert (
        "glass.looked"
        in client.get(reverse("audit"), {"since": day, "until": day}).content.decode()
    )
    assert (
        "glass.looked" not in client.get(reverse("audit"), {"until": "2022-07-06"}).content.decode()
    )
    for asked in (
        {"since": "yesterday"},
        {"by": "a\0b"},
        {"case": "x" * 200},
    ):
        assert client.get(reverse("audit"), asked).status_code == 400
    for place in ("-1", "x", "9" * 40, "1\0", "１"):
        assert client.get(reverse("audit"), {"before": place}).status_code == 200


def test_the_chain_is_checked(home: Home, town: Town, rows: None) -> None:
    client = client_of(town.staff("auditor-CN", "auditor", "CN"))
    assert (
        "All 5 rows are as they were signed" in client.post(reverse("audit_chain")).content.decode()
    )
    with sqlite3.connect(home.audit / "audit.sqlite") as log:
        log.execute("UPDATE entry SET by = 'nobody' WHERE number = 3")
    assert "row 3 was edited" in client.post(reverse("audit_chain")).content.decode()


def test_the_unit_of_a_case_sees_who_looked(home: Home, town: Town, rows: None) -> None:
    from ringfence_server.cases.models import Case

    case = Case.objects.get(number="C-1")
    url = reverse("case_looked", args=[case.pk])
    owner = town.staff("chief-101", "supervisor", "000101")
    page = client_of(owner).get(url).content.decode()
    assert "glass.opened" in page
    assert "task.reveal" in page
    assert "C-2" not in page.split("<main", 1)[1]
    assert client_of(town.neighbour).get(url).status_code == 404
    assert client_of(town.detective).get(url).status_code == 403
    assert url in client_of(owner).get(reverse("case", args=[case.pk])).content.decode()
    auditing.drain(home)
    assert client_of(owner).get(url).status_code == 200
