"""The pages of accounts: what an administrator sees and does, and what there is not for them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from tests.server.tree import browser, loaded, person

from ringfence_server.access import acting_of
from ringfence_server.accounts.managing import managed
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.accounts.signing_in import Backend
from ringfence_server.deployment.here import now
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db
NEW = {"username": "li", "name": "李华", "role": "investigator", "unit": "440103", "language": "zh"}


@pytest.fixture(autouse=True)
def _tree(db: None) -> None:
    loaded()


@pytest.fixture
def guan() -> User:
    return person("guan", "administrator", "4401")


@pytest.fixture
def client(guan: User) -> Client:
    return browser(guan)


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [account.username for account, _ in answer.context["lines"]]


def first_password(answer: Any) -> str:
    assert answer.status_code == 200
    found = re.search(r"<code>([a-z0-9-]{19})</code>", answer.content.decode())
    assert found is not None
    return found[1]


def test_the_list_is_of_ones_own_unit(client: Client) -> None:
    for n, where in enumerate(("CN", "44", "4401", "440103", "440103001001001", "440303")):
        person(f"at.{n}", "grid_worker", where)
    assert names(client.get("/accounts/")) == ["at.2", "at.3", "at.4", "guan"]


def test_searched(client: Client) -> None:
    person("wang", "grid_worker", "440103")
    person("wang.two", "grid_worker", "440303")
    assert names(client.get("/accounts/?find=WAN")) == ["wang"]
    assert names(client.get("/accounts/?find=of wa")) == ["wang"]
    assert names(client.get("/accounts/?find=%25")) == []
    assert names(client.get("/accounts/?state=inactive")) == []
    for odd in ("find=%00", "state=x", "after=x", "after=99999999999999999999999", "sort=name"):
        assert client.get(f"/accounts/?{odd}").status_code == 200


def test_page_after_page(client: Client) -> None:
    User.objects.bulk_create(
        User(username=f"u{n:03}", name="n", unit_id="440103", created_at=now()) for n in range(120)
    )
    seen: list[str] = []
    url = "/accounts/"
    while url:
        answer = client.get(url)
        seen += names(answer)
        url = answer.context["listing"].after and f"/accounts/{answer.context['listing'].after}"
    assert seen == ["guan", *(f"u{n:03}" for n in range(120))]


def test_a_districts_list_is_a_range_of_an_index(guan: User) -> None:
    """Of a hundred thousand accounts, most of them elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_user (password, username, name, unit_id, province, city,"
            " district, street, community, grid, language, is_active, first_password, sessions,"
            " created_at) SELECT '', 'u' || n, 'n', '440303', '44', '4403',"
            " CASE WHEN n % 100 = 0 THEN '440103' ELSE '440303' END,"
            " '', '', '', 'en', true, false, 0, now() FROM generate_series(1, 100000) n"
        )
        cursor.execute("ANALYZE accounts_user")
    for where in ("440103", "4401", "44"):
        by = acting_of(person(f"at.{where}", "administrator", where), now())
        plan = managed(by).order_by("username", "pk")[:51].explain()
        assert "Index" in plan
        assert "Seq Scan on accounts_user" not in plan


def test_one_account(client: Client) -> None:
    who = person("wang", "investigator", "440103")
    answer = client.get(f"/accounts/{who.pk}/")
    assert answer.status_code == 200
    assert "wang" in answer.content.decode()


@pytest.mark.parametrize("where", ["CN", "44", "4403", "440303"])
def test_others_are_not_there(client: Client, where: str) -> None:
    who = person("wang", "investigator", where)
    held = who.appointments.get().pk
    for page in (f"/accounts/{who.pk}/", f"/accounts/{who.pk + 1000}/", "/accounts/9" + "9" * 30):
        assert client.get(page, follow=True).status_code == 404
    told = {"role": "grid_worker", "unit": "440103"}
    for page in (
        "roles/",
        f"roles/{held}/end/",
        "password/",
        "deactivate/",
        "reactivate/",
        "second-factor/",
        "lock/",
        "nothing/",
    ):
        answer = client.post(f"/accounts/{who.pk}/{page}", told)
        assert answer.status_code == 404
        assert "wang" not in answer.content.decode()
    assert who.appointments.get().until is None


def test_a_role_of_somebody_else_in_the_address(client: Client) -> None:
    who, other = person("wang", None, "440103"), person("li", "investigator", "440303")
    held = other.appointments.get()
    assert client.post(f"/accounts/{who.pk}/roles/{held.pk}/end/").status_code == 404
    held.refresh_from_db()
    assert held.until is None


def test_roles_are_given_and_ended(client: Client) -> None:
    who = person("wang", None, "440103")
    page = f"/accounts/{who.pk}/roles/"
    for role, unit in (("investigator", "44"), ("emperor", "440103"), ("", ""), ("auditor", "")):
        assert client.post(page, {"role": role, "unit": unit}).status_code == 400
    told = {"role": "investigator", "unit": "440103"}
    assert client.post(page, told).status_code == 302
    assert client.post(page, told).status_code == 400
    assert client.post(page, {"role": "administrator", "unit": "440103"}).status_code == 400
    client.post(f"{page}{who.appointments.get().pk}/end/")
    assert not acting_of(who, now()).grants


def test_nobody_gives_a_role_to_himself(client: Client, guan: User) -> None:
    told = {"role": "administrator", "unit": "440103"}
    assert client.post(f"/accounts/{guan.pk}/roles/", told).status_code == 400
    for act in ("deactivate", "second-factor", "lock"):
        client.post(f"/accounts/{guan.pk}/{act}/")
    assert client.post(f"/accounts/{guan.pk}/password/").status_code == 403
    guan.refresh_from_db()
    assert guan.is_active
    assert guan.appointments.count() == 1


def test_a_password_is_shown_once(client: Client) -> None:
    who = person("wang", "grid_worker", "440103")
    answer = client.post(f"/accounts/{who.pk}/password/")
    password = first_password(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert Backend().authenticate(None, "wang", password) == who
    assert password not in client.get(f"/accounts/{who.pk}/").content.decode()
    assert password not in str(list(AuditRow.objects.values()))


def test_deactivated_and_back(client: Client) -> None:
    who = person("wang", "grid_worker", "440103")
    theirs = browser(who)
    assert theirs.get("/").status_code == 200
    client.post(f"/accounts/{who.pk}/deactivate/")
    assert theirs.get("/").status_code == 302
    assert names(client.get("/accounts/?state=inactive")) == ["wang"]
    client.post(f"/accounts/{who.pk}/reactivate/")
    assert names(client.get("/accounts/?state=inactive")) == []


def test_a_new_account(client: Client) -> None:
    assert client.get("/accounts/new/").status_code == 200
    answer = client.post("/accounts/new/", NEW)
    assert User.objects.get(username="li").check_password(first_password(answer))
    assert client.post("/accounts/new/", NEW).status_code == 400
    assert (
        client.post("/accounts/new/", {**NEW, "username": "zhao", "unit": "44"}).status_code == 400
    )
    assert client.post("/accounts/new/", {}).status_code == 400


def _sent(client: Client, content: str, name: str = "staff.csv") -> Any:
    file = SimpleUploadedFile(name, content.encode())
    return client.post("/accounts/list/", {"file": file})


def test_a_list_of_accounts(client: Client) -> None:
    assert client.get("/accounts/list/").status_code == 200
    head = "username,name,role,unit\n"
    answer = _sent(client, f"{head}li,李华,investigator,440103\nzhao,赵,grid_worker,440104\n")
    assert len(answer.context["shown"]) == 2
    assert Appointment.objects.filter(user__username__in=["li", "zhao"]).count() == 2
    for content in ("", head, "x", f"{head}sun,孙,investigator,44\n", "\0" * 100):
        answer = _sent(client, content)
        assert answer.status_code == (200 if content == head else 400), content
    many = "".join(f"a{n},甲,grid_worker,440103\n" for n in range(201))
    assert _sent(client, head + many).status_code == 400
    assert _sent(client, head + "x" * (3 << 20)).status_code == 400
    assert User.objects.count() == 3


ODD = {
    "sql": "'; DROP TABLE accounts_user; --",
    "html": "<script>alert(1)</script>",
    "formula": "=HYPERLINK(1)",
    "at": "@SUM(1)",
    "hidden": "a\u200bb",
    "reversed": "a\u202eb",
    "nul": "a\0b",
    "lone": "\ud800",
    "template": "{{ 7|add:7 }}{% now 'Y' %}",
    "long": "x" * 1_000_000,
    "lines": "a\nb\r\nc",
}
PLAIN = {ODD["sql"], ODD["html"], ODD["template"]}
"""May be somebody's name, for all that a program can tell; shown as it is, and never run."""


@pytest.mark.parametrize("word", ODD.values(), ids=ODD)
def test_anything_may_be_written_into_any_field(client: Client, word: str) -> None:
    who = person("wang", "grid_worker", "440103")
    plain = word in PLAIN
    forms = {
        "/accounts/new/": NEW,
        f"/accounts/{who.pk}/roles/": {"role": "investigator", "unit": "440103"},
    }
    for page, told in forms.items():
        for field in told:
            try:
                answer = client.post(page, {**told, field: word})
            except UnicodeEncodeError:
                return  # no browser can send it
            taken = plain and field == "name"
            assert answer.status_code == (200 if taken else 400), (page, field)
            assert "<script>alert" not in answer.content.decode()
    for page in ("/accounts/", f"/accounts/{who.pk}/"):
        answer = client.get(page, {"find": word[:2000], "state": word[:2000], "after": word[:2000]})
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
    assert User.objects.count() == 2 + plain


def test_a_name_is_written_as_it_is(client: Client) -> None:
    """Not run by a browser, wherever it is shown."""
    answer = client.post("/accounts/new/", {**NEW, "name": "<b>李&华</b>"})
    assert "&lt;b&gt;李&amp;华&lt;/b&gt;" in answer.content.decode()
    assert "<b>李" not in client.get("/accounts/").content.decode()
