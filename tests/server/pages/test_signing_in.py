"""Signing in as people do it: by keyboard, on a phone, without scripts, for the first time."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect
from tests.server.pages.browsing import DESK, PHONE
from tests.server.pages.conftest import SECRET
from tests.server.tree import PASSWORD

from ringfence_server.accounts.models import User

SIGN_IN = "/account/sign-in/"


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_by_keyboard_from_in_to_out(browsing: Any, people: dict[str, User]) -> None:
    page = browsing(language="en").go(SIGN_IN)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("li.min")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/code/")
    code = page.locator("#id_code")
    assert code.get_attribute("autocomplete") == "one-time-code"
    assert code.get_attribute("inputmode") == "numeric"
    while page.evaluate("document.activeElement.id") != "id_code":
        page.keyboard.press("Tab")
    page.keyboard.type(code_of(SECRET))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Inbox").wait_for()
    while page.evaluate("document.activeElement.tagName") != "SUMMARY":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("details.menu[open]")).to_have_count(0)
    page.keyboard.press("Enter")
    while page.evaluate("document.activeElement.innerText") != "Sign out":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{SIGN_IN}")


def test_focus_can_be_seen(browsing: Any, people: dict[str, User]) -> None:
    page = browsing(people["administrator"]).go("/style/")
    for _ in range(12):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => { const s = getComputedStyle(document.activeElement);
              return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; }"""
        )
        assert seen, page.evaluate("document.activeElement.outerHTML")


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_without_scripts(browsing: Any, people: dict[str, User], viewport: Any) -> None:
    page = browsing(language="zh", viewport=viewport, scripts=False).go(SIGN_IN)
    page.fill("#id_login", "wang.fang")
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("h1")).to_have_text("工作台")
    page.click("form[action='/language/'] button")
    expect(page.locator("h1")).to_have_text("Inbox")
    page.click("details.menu summary")
    page.click("form[action='/account/sign-out/'] button")
    page.wait_for_url(f"**{SIGN_IN}")


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "请更正以下内容"), ("en", "Please mend this")]
)
def test_what_is_wrong_is_said_beside_and_on_top(
    browsing: Any, people: dict[str, User], language: str, told: str
) -> None:
    one = browsing(people["administrator"], language=language)
    page = one.go("/style/")
    page.locator("form.panel[novalidate] button[type=submit]").click()
    expect(page.locator(".faults")).to_contain_text(told)
    assert page.evaluate("document.activeElement.className") == "faults"
    for name in ("number", "way"):
        field = page.locator(f"#id_{name}_error")
        assert field.count() == 1
        assert field.inner_text() in page.locator(".faults").inner_text()
    assert page.locator("#id_number").get_attribute("aria-invalid") == "true"
    assert "id_number_error" in page.locator("#id_number").get_attribute("aria-describedby")
    page.locator(".faults a").first.click()
    page.wait_for_url("**#id_number")
    assert one.violations() == []


def test_a_wrong_password_says_so_and_keeps_the_name(
    browsing: Any, people: dict[str, User]
) -> None:
    one = browsing(language="zh")
    page = one.go(SIGN_IN)
    page.fill("#id_login", "wang.fang")
    page.fill("#id_password", "not the password")
    page.keyboard.press("Enter")
    page.locator(".faults").wait_for()
    assert page.input_value("#id_login") == "wang.fang"
    assert page.input_value("#id_password") == ""
    assert one.violations() == []


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_first_time(browsing: Any, people: dict[str, User], viewport: Any) -> None:
    """A password of one's own, the app, the codes on paper; then the work."""
    user = people["supervisor"]
    Authenticator.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(first_password=True)
    one = browsing(language="zh", viewport=viewport)
    page = one.go(SIGN_IN)
    page.fill("#id_login", user.username)
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/password/**")
    expect(page.locator("[aria-current=step]")).to_have_text("修改密码")
    assert page.locator("nav.ways").count() == 0
    page.fill("#id_oldpassword", PASSWORD)
    page.fill("#id_password1", "four words nobody knows")
    page.fill("#id_password2", "four words nobody knows")
    page.click("main button.big")
    page.wait_for_url("**/account/second-factor/begin/**")
    expect(page.locator("[aria-current=step]")).to_have_text("第二重验证")
    shown = page.evaluate("document.querySelector('.scan img').naturalWidth")
    assert shown > 0, "the code to be scanned is drawn"
    assert one.violations() == []
    assert one.overflow() <= 0
    page.fill("#id_code", code_of(page.locator(".secret").inner_text()))
    page.click("main button.big")
    page.wait_for_url("**/account/second-factor/paper/")
    expect(page.locator(".paper li")).to_have_count(10)
    assert one.violations() == []
    assert one.overflow() <= 0
    page.click("main a.big")
    page.get_by_role("heading", name="工作台").wait_for()


def test_the_language_turns_with_one_press_and_the_page_stays(
    browsing: Any, people: dict[str, User]
) -> None:
    page = browsing(people["administrator"], language="zh").go("/style/?sort=unit")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Parts of the pages")
    assert page.url.endswith("/style/?sort=unit")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_role("button", name="中文").click()
    expect(page.locator("h1")).to_have_text("页面组件")


def test_long_work_is_followed(browsing: Any, people: dict[str, User]) -> None:
    page = browsing(people["administrator"]).go("/style/")
    assert page.locator("#progress").inner_text().endswith("12 / 96")
    page.get_by_text("24 / 96").wait_for()
    at_its_end = "{target: '#progress', swap: 'outerHTML'}"
    page.evaluate(f"htmx.ajax('GET', '/style/progress/?done=90', {at_its_end})")
    page.get_by_text("接触者已列出。").wait_for()
    assert page.locator("#progress[hx-get]").count() == 0
    page.locator("#toasts button").click()
    expect(page.locator("#toasts .notice")).to_have_count(0)
    still = browsing(people["administrator"], scripts=False).go("/style/")
    assert still.get_by_role("link", name="查看进度").count() == 1


def test_a_form_pressed_twice_is_sent_once(browsing: Any, people: dict[str, User]) -> None:
    one = browsing(people["administrator"])
    page = one.go("/style/")
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    page.evaluate(
        """() => { const form = document.querySelector("form.panel[novalidate]");
          const press = form.querySelector("[type=submit]"); press.click(); press.click(); }"""
    )
    page.locator(".faults").wait_for()
    assert len(sent) == 1
    with page.expect_navigation():
        page.locator("form.panel[novalidate] [type=submit]").click()
    assert len(sent) == 2, "a form that came back can be sent again"
