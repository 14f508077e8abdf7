"""Hand-overs in a real browser: keys compared, people chosen, a file out, its receipt in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from tests.server.cases.town import Town, settled
from tests.server.hand_overs.elsewhere import LI, City, keys_of
from tests.server.homes import NOON
from tests.server.pages.browsing import DESK, PHONE
from tests.server.pages.test_every_page import _look
from tests.server.tasks.loop import approved, task, with_second_factor
from tests.server.tracing.conftest import deliver_outbreak, key_of

from ringfence.lake import Home, open_home
from ringfence.sources import import_file
from ringfence_server.cases.actions import take_from_lake
from ringfence_server.deployment.here import now
from ringfence_server.hand_overs.models import HandOver, Partner, Received
from ringfence_server.tasks.models import Task
from ringfence_server.tracing import actions
from ringfence_server.tracing.running import run_trace

PICTURES = os.environ.get("RINGFENCE_PICTURES")
GRID = "000101001001001"


@pytest.fixture
def listed(transactional_db: None, exercise: None, tmp_path: Path) -> tuple[Town, Home]:
    town = settled()
    home = open_home(tmp_path / "home")
    deliver_outbreak(home)
    file = tmp_path / "who.csv"
    text = f"subject,grid,name,phone\np2,{GRID},王小明,13800138000\np3,,李娜,13900139000\n"
    file.write_text(text, encoding="utf-8")
    import_file(home, file, table="subject", now=NOON)
    take_from_lake(home, by=None, at=NOON)
    run = actions.ask(case=key_of("C1"), by=town.chief, at=now())
    run_trace(home, run.pk, now=now())
    run.refresh_from_db()
    approved(home, run, town.chief, now())
    for by in (town.chief, *_administrators(town)):
        with_second_factor(by)
    return town, home


def _administrators(town: Town) -> list[Any]:
    return [town.staff(f"admin-{n}", "administrator", "0001") for n in (1, 2)]


@pytest.mark.parametrize(
    "looks",
    [{"viewport": DESK, "language": "en"}, {"viewport": PHONE, "language": "zh"}],
    ids=["desk", "phone"],
)
def test_from_keys_to_the_receipt(  # noqa: PLR0915 - one walk
    browsing: Any, listed: tuple[Town, Home], tmp_path: Path, looks: dict[str, Any]
) -> None:
    town, home = listed
    english = looks["language"] == "en"
    keys, found = keys_of(5), []

    def look(one: Any, path: str, name: str) -> None:
        found.extend(_look(one, path))
        if PICTURES:
            one.turn(looks["viewport"], "light")
            file = f"hand-overs-{name}-{looks['language']}.png"
            one.page.screenshot(path=Path(PICTURES) / file, full_page=True)

    def said(en: str, zh: str) -> str:
        return en if english else zh

    first, second = (browsing(by.user, **looks) for by in _administrators(town))
    page = first.go("/partners/")
    page.locator("#unit").select_option("0001")
    page.locator("#code").fill("4403")
    page.locator("#name_zh").fill("深圳市")
    page.locator("#name_en").fill("Shenzhen")
    page.locator("#line").fill(keys.public.line)
    page.get_by_role("button", name=said("Enter", "登记"), exact=True).click()
    page.get_by_text(
        said("another administrator confirms", "须由另一名管理员核对"), exact=False
    ).first.wait_for()
    look(second, "/partners/", "keys")
    page = second.page
    page.locator("[name=fingerprint]").fill(keys.public.fingerprint)
    page.get_by_role("button", name=said("Confirm", "核对无误")).click()
    page.get_by_text(said("These keys are in use now.", "密钥已启用。")).wait_for()
    city = City(keys, Partner.objects.get())

    desk = browsing(town.chief.user, **looks)
    look(desk, f"/tasks/{task('p2', 'notify').pk}/", "task")
    desk.page.get_by_role("link", name=said("lives elsewhere", "居住在外地")).click()
    page = desk.page
    expect(page.locator("input[name=ref]:checked")).to_have_count(1)
    look(desk, f"/hand-overs/of-case/{key_of('C1')}/", "choose")
    page.locator("#to").select_option(f"city-{city.partner.pk}")
    for box in page.locator("input[name=ref]").all():
        box.check()
    page.get_by_role("button", name=said("Show what would go", "预览移交内容")).click()
    page.get_by_role("heading", name=said("For each person", "每人的内容")).wait_for()
    assert "王小明" not in page.content() and "13800138000" not in page.content()
    found.extend(f"preview: {fault}" for fault in desk.violations())
    if desk.overflow() > 0:
        found.append("preview: scrolls sideways")
    if PICTURES:
        file = f"hand-overs-preview-{looks['language']}.png"
        page.screenshot(path=Path(PICTURES) / file, full_page=True)
    page.get_by_role("button", name=said("Hand over", "移交"), exact=True).dblclick()
    page.get_by_text(said("answer due", "答复时限")).wait_for()
    made = HandOver.objects.get()
    with page.expect_download() as fetched:
        page.get_by_role("link", name=said("Fetch the file", "下载文件")).click()
    opened = city.opens(home, Path(fetched.value.path()).read_bytes(), now())
    answers = {"p2": "", "p3": "nobody of this name"}
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(city.answers(home, opened, answers, at=now()))
    look(desk, f"/hand-overs/{made.pk}/", "waiting")
    look(desk, "/hand-overs/", "list")
    page.locator("#file").set_input_files(receipt)
    page.get_by_role("button", name=said("Read", "读取"), exact=True).click()
    page.get_by_text("nobody of this name").wait_for()
    look(desk, f"/hand-overs/{made.pk}/", "answered")
    assert set(Task.objects.filter(follow_up__person="p2").values_list("state", flat=True)) == {
        "closed"
    }

    incoming = tmp_path / "in.json"
    incoming.write_bytes(city.gives(home, {"x1": LI}, at=now()))
    page = desk.go("/hand-overs/")
    page.locator("#file").set_input_files(incoming)
    page.get_by_role("button", name=said("Read", "读取"), exact=True).click()
    page.get_by_role("heading", name=said("Answer", "答复"), exact=True).wait_for()
    received = Received.objects.get()
    look(desk, f"/hand-overs/received/{received.pk}/", "received")
    assert LI["name"] not in page.content()
    page.get_by_label(said("We take over", "接收"), exact=True).check()
    page.get_by_role("button", name=said("Answer", "答复"), exact=True).click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name=said("Fetch the receipt", "下载回执")).click()
    assert city.opens(home, Path(fetched.value.path()).read_bytes(), now()).content["people"]
    look(desk, f"/hand-overs/received/{received.pk}/", "taken-in")
    assert not found, "\n".join(found)
