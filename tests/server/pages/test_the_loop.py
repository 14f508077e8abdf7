"""The loop, lived on the demo's own processes: a positive test, a trace, an approval, a door, and
the trace that knows what was said there. Everybody acts in a browser and sees both languages.

The pictures of the tutorial are of this walk:

    RINGFENCE_PICTURES=docs/images/loop python -m pytest tests/server/pages/test_the_loop.py
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from scripts.demo_accounts import GRIDS
from scripts.demo_server import FOLDER, _processes
from tests.server.pages.browsing import PHONE, Browsing
from tests.server.running.demo import password_of, server, site_of, small_city
from tests.server.running.deployed import until

from ringfence_server.accounts.roles import roles

ANSWERS = Path("demo-city/answers")
FILES = [str(ANSWERS / "contact.parquet"), str(ANSWERS / "subject" / "*.parquet")]
PICTURES = (
    Path(os.environ["RINGFENCE_PICTURES"]).resolve() if "RINGFENCE_PICTURES" in os.environ else None
)
Entering = Callable[..., Any]


@dataclass(frozen=True)
class Patient:
    """Somebody who lives with two others in the grid of the demo's worker, and met people at work
    who are contacts by one stay alone.
    """

    name: str
    number: str
    grid: str


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What the demo printed when its server was ready."""
    with small_city(tmp_path, monkeypatch) as made:
        assert all(word in made for word in ("precision", "recall with review"))
        assert "C000001" in Path("demo-home/trace.html").read_text(encoding="utf-8")
        started = server("start")
        assert all(re.search(rf"^{role} ", started, re.M) for role in roles())
        assert (FOLDER / "accounts.txt").stat().st_mode & 0o777 == 0o600
        yield started
        it_is_started_again_and_ended(started)


def it_is_started_again_and_ended(said: str) -> None:
    before = set(_processes())
    assert before
    again = server("start")
    assert not before & set(_processes())
    assert password_of(again, "supervisor") != password_of(said, "supervisor")
    assert "ended" in server("stop")
    assert _processes() == []
    assert server("stop") == ""


@pytest.fixture
def patient(said: str) -> Patient:
    (grid,) = duckdb.execute(GRIDS, FILES).fetchall()[0]
    found = duckdb.execute(
        "SELECT name, id_number, grid"
        " FROM 'demo-city/identity/subject/*.parquet'"
        " WINDOW home AS (PARTITION BY address) QUALIFY count(*) OVER home = 3 AND grid = ?"
        " AND subject NOT IN (SELECT subject FROM 'demo-city/answers/case.parquet')"
        " ORDER BY subject",
        [grid],
    ).fetchone()
    assert found is not None
    return Patient(*found)


@pytest.fixture
def entering(chromium: Any, said: str) -> Iterator[Entering]:
    opened = []

    def enters(account: str, **looks: Any) -> Any:
        one = Browsing(chromium, site_of(said), **looks)
        opened.append(one)
        page = one.go("/account/sign-in/")
        page.fill("[name=login]", account)
        page.fill("[name=password]", password_of(said, account))
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "sign-in" not in address)
        if "/code/" in page.url:
            page.fill("[name=code]", server("code", account).strip())
            page.keyboard.press("Enter")
            page.wait_for_url(f"{one.url}/")
        return one

    yield enters
    complaints = [complaint for one in opened for complaint in one.complaints]
    for one in opened:
        one.context.close()
    assert not complaints, "\n".join(complaints)


def test_from_a_positive_test_to_the_second_trace(entering: Entering, patient: Patient) -> None:
    analyst = entering("data_analyst")
    enter_case(analyst.page, patient)
    analyst.page.get_by_role("button", name="追踪接触者").click()
    analyst.page.wait_for_selector("dl.figures")
    picture(analyst.page, "1-trace")
    assert "密接" in analyst.page.inner_text("dl.figures")

    supervisor = entering("supervisor", language="en")
    open_newest_list(supervisor)
    picture(supervisor.page, "2-approval")
    approve(supervisor.page)

    worker = entering("grid_worker", viewport=PHONE)
    report(worker, patient)

    until(lambda: waits(supervisor))
    open_newest_list(supervisor)
    picture(supervisor.page, "4-difference")
    assert "listed no more\n1" in supervisor.page.inner_text("main")
    approve(supervisor.page)
    picture(supervisor.go("/tasks/clocks/"), "5-clocks")
    clock = supervisor.page.locator("tbody").last
    assert clock.locator("th").inner_text().startswith(patient.grid)
    stages = clock.locator("td").all_inner_texts()
    assert [bool(re.fullmatch(r"\d+ (min|[hd] \d+ (min|h))", one)) for one in stages] == [True] * 4


def enter_case(page: Any, patient: Patient) -> None:
    """As a hospital's report says it: sampled on one day, positive on the next."""
    page.get_by_role("link", name="病例", exact=True).first.click()
    page.get_by_role("link", name="录入病例").first.click()
    page.select_option("[name=disease]", "covid-19")
    page.fill("[name=unit]", patient.grid)
    page.select_option("[name=symptomatic]", "yes")
    for name, day in (("onset", "25"), ("sampled", "26"), ("reported", "27")):
        page.fill(f"[name={name}]", f"2022-09-{day} 09:00")
    page.check("[name=positive]")
    page.fill("[name=name]", patient.name)
    page.select_option("[name=id_kind]", "resident")
    page.fill("[name=id_number]", patient.number)
    page.get_by_role("button", name="录入", exact=True).click()
    page.wait_for_url("**/cases/*/")


def waits(supervisor: Browsing) -> bool:
    page = supervisor.go("/approvals/")
    return bool(page.locator("main a[href*='/approval/']").count())


def open_newest_list(supervisor: Browsing) -> None:
    """From the inbox on."""
    page = supervisor.go("/")
    page.locator("ul.work a[href*='/approvals/']").click()
    page.locator("main a[href*='/approval/']").first.click()


def approve(page: Any) -> None:
    page.get_by_role("button", name=re.compile("^Approve")).click()
    page.wait_for_selector(".notice.success")


def report(worker: Browsing, patient: Patient) -> None:
    """Who was expected at the first place was not there. Nobody is named before the task is taken
    on, and the case never.
    """
    page = worker.go("/my-tasks/")
    picture(page, "3-my-tasks")
    assert patient.name not in page.inner_text("main")
    page.locator("main a[href*='/my-tasks/']").first.click()
    page.get_by_role("button", name="接单").wait_for()
    assert not page.locator("a[href^='tel:']").count()
    page.get_by_role("button", name="接单").click()
    page.wait_for_selector("a[href^='tel:']")
    picture(page, "3-at-the-door")
    assert patient.name not in page.inner_text("main")
    page.get_by_role("link", name="填写反馈").click()
    page.get_by_label("已联系并告知").check()
    for place in page.get_by_label("不在场").all():
        place.check()
    picture(page, "3-report")
    page.get_by_role("button", name="发送").click()
    page.get_by_text("您的反馈已送达。").wait_for()


def picture(page: Any, name: str) -> None:
    if PICTURES is not None:
        page.evaluate("window.scrollTo(0, 0)")
        PICTURES.mkdir(exist_ok=True)
        page.screenshot(path=PICTURES / f"{name}.png")
