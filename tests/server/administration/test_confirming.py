"""What cannot be taken back with one more click is asked about first, and says what will follow."""

from __future__ import annotations

import pytest
from django.forms.models import model_to_dict
from tests.server.tree import browser, loaded, person

from ringfence_server.accounts.models import User
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db
PAGES = {
    "deactivate/": "停用",
    "second-factor/": "重置",
    "password/": "重置密码",
    "reactivate/": "重新启用",
    "lock/": "解除锁定",
}


@pytest.fixture
def user() -> User:
    loaded()
    return person("wang", "investigator", "440103")


@pytest.mark.parametrize("path", [*PAGES, "role"])
def test_asked_first_and_nothing_done(user: User, path: str) -> None:
    client = browser(person("li", "administrator", "4401"))
    held = user.appointments.get()
    url = f"/accounts/{user.pk}/" + (f"roles/{held.pk}/end/" if path == "role" else path)
    before = model_to_dict(User.objects.get(pk=user.pk)), AuditRow.objects.count()
    answer = client.get(url)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "将会发生" in page
    assert f'action="{url}"' in page
    assert "审计记录将注明由您操作" in page
    assert PAGES.get(path, "终止角色") in page
    assert (model_to_dict(User.objects.get(pk=user.pk)), AuditRow.objects.count()) == before
    assert client.post(url).status_code in {200, 302}
    assert AuditRow.objects.count() == before[1] + 1


def test_the_page_of_an_account_leads_there(user: User) -> None:
    page = browser(person("li", "administrator", "4401")).get(f"/accounts/{user.pk}/")
    told = page.content.decode()
    held = user.appointments.get()
    for path in ("deactivate/", "second-factor/", "password/", f"roles/{held.pk}/end/"):
        assert f'href="/accounts/{user.pk}/{path}"' in told
        assert f'action="/accounts/{user.pk}/{path}"' not in told


def test_of_others_there_is_nothing_to_ask(user: User) -> None:
    client = browser(person("li", "administrator", "440104"))
    held = user.appointments.get()
    for path in (*PAGES, f"roles/{held.pk}/end/", "no-such-act/"):
        assert client.get(f"/accounts/{user.pk}/{path}").status_code == 404


def test_names_are_words_and_not_markup(user: User) -> None:
    User.objects.filter(pk=user.pk).update(name="<img src=x>{{ 7 }}")
    page = browser(person("li", "administrator", "4401")).get(f"/accounts/{user.pk}/deactivate/")
    assert "<img" not in page.content.decode().split("<main", 1)[1]
    assert "{{ 7 }}" in page.content.decode()
