"""The page that describes a city, in a real browser: quiet, in both languages, on a phone too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ringfence_city.answers.city_folder import open_city
from ringfence_city.describe.counting import describe
from ringfence_city.describe.page import page
from ringfence_city.making import Request, make
from ringfence_city.parameters import Parameters


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("page")
    make(root / "city", Request(Parameters(people=600, days=8, seed=3)))
    written = root / "city.html"
    written.write_text(page(describe(open_city(root / "city")), "zh"), encoding="utf-8")
    return written


@pytest.mark.parametrize("width", [360, 820, 1280])
def test_it_fits_and_is_quiet(chromium: Any, file: Path, width: int) -> None:
    shown = chromium.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    requests: list[str] = []
    shown.on("console", lambda message: complaints.append(message.text))
    shown.on("request", lambda request: requests.append(request.url))
    shown.goto(file.as_uri())
    assert complaints == []
    assert requests == [file.as_uri()]
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    pictures = shown.locator("section svg[role=img]:visible")
    assert pictures.count() == 5, "one of each chart"
    sizes = shown.evaluate(
        "[...document.querySelectorAll('svg[role=img] text')].filter(t => t.checkVisibility())"
        ".map(t => t.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 9, "letters can be read"
    shown.close()


def test_one_language_is_shown_at_a_time(chromium: Any, file: Path) -> None:
    shown = chromium.new_page()
    shown.goto(file.as_uri())
    assert "疫情曲线" in shown.inner_text("main")
    assert "The epidemic" not in shown.inner_text("main")
    shown.keyboard.press("Tab")
    shown.keyboard.press("ArrowLeft")
    assert "The epidemic" in shown.inner_text("main")
    assert "疫情曲线" not in shown.inner_text("main")
    shown.close()
