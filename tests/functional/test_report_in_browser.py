"""The page of a trace in a real browser: quiet, usable by keyboard and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.views import samples

from ringfence.errors import Text
from ringfence.trace.result import Trace
from ringfence.trace.views import html
from ringfence.trace.views.html.page import as_script_data
from ringfence.trace.views.html.page_words import PAGE_WORDS

DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 780}


class Opened:
    """A page with everything that it complained of or asked the network for."""

    def __init__(self, chromium: Any, file: Path, viewport: dict[str, int], scheme: str) -> None:
        self.context = chromium.new_context(viewport=viewport, color_scheme=scheme)
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(file.as_uri())

    def people(self) -> list[str]:
        return list(self.page.locator("button.person").all_inner_texts())


@pytest.fixture
def opened(chromium: Any, tmp_path: Path) -> Iterator[Any]:
    pages: list[Opened] = []

    def opens(
        trace: Trace,
        language: str = "en",
        viewport: dict[str, int] = DESK,
        scheme: str = "light",
    ) -> Opened:
        file = tmp_path / f"{len(pages)}.html"
        file.write_text(html.page(trace, language, samples.BATCHES), encoding="utf-8")
        pages.append(Opened(chromium, file, viewport, scheme))
        return pages[-1]

    yield opens
    complaints = [complaint for page in pages for complaint in page.complaints]
    asked = [
        url for page in pages for url in page.requests if not url.startswith(("file:", "data:"))
    ]
    for page in pages:
        page.context.close()
    assert complaints == []
    assert asked == []


def test_the_head_says_what_it_rests_on(opened: Any) -> None:
    page = opened(samples.forty()).page
    assert page.title() == "Trace of C001, C002 · Ringfence"
    assert page.locator(".banner").count() == 2
    assert "2022-07-01 00:00 to 2022-07-06 09:30" in page.locator(".case-list").inner_text()
    figures = page.locator(".figures dd").all_inner_texts()
    assert figures == ["40", "20", "6", "14", "3", "1"]
    assert "teahouse-5 well ventilated" in page.locator("#review").inner_text()
    assert "1,312" in page.locator("#venues").inner_text()


def test_columns_sort_both_ways(opened: Any) -> None:
    report = opened(samples.forty())
    for column in ("person", "first", "minutes", "release", "rules"):
        button = report.page.locator(f"[data-sort={column}]")
        button.click()
        upwards = report.people()
        assert button.locator("xpath=..").get_attribute("aria-sort") == "ascending"
        button.click()
        assert button.locator("xpath=..").get_attribute("aria-sort") == "descending"
        assert report.people()[0] != upwards[0]
    report.page.locator("[data-sort=person]").click()
    assert report.people() == sorted(report.people())


def test_filters_reach_table_timeline_and_graph(opened: Any) -> None:
    report = opened(samples.forty())
    page = report.page
    page.select_option("#filter-class", "second")
    assert len(report.people()) == 14
    assert page.locator(".lane[data-person]").count() == 14
    assert page.locator(".graph .hint, #graph .hint").first.inner_text() == "14 of 14 drawn"
    assert page.locator(".node.second").count() == 14
    assert page.locator(".node.ghost").count() > 0
    page.select_option("#filter-class", "")
    page.select_option("#filter-order", "1")
    assert len(report.people()) == 26
    page.select_option("#filter-rule", "household")
    page.fill("#filter-text", "s-0010 nowhere")
    page.get_by_text("No contact is left by this filter.").wait_for()
    page.get_by_role("button", name="Clear").click()
    assert len(report.people()) == 40
    assert page.input_value("#filter-text") == ""


def test_text_finds_places_and_contacts_between(opened: Any) -> None:
    report = opened(samples.forty())
    report.page.fill("#filter-text", "home-3")
    report.page.get_by_text("1 of 40 contacts").wait_for()
    assert report.people() == ["S-0103"]


def test_evidence_opens_with_its_rows(opened: Any) -> None:
    page = opened(samples.forty()).page
    name = page.get_by_role("button", name="S-0012", exact=True).last
    name.focus()
    page.keyboard.press("Enter")
    told = page.locator("tr.evidence").inner_text()
    assert "presence.csv, row 4 (register)" in told
    assert "1a2b3c4d" in told
    assert "2022-07-01 – 2022-07-08" in told
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.keyboard.press("Enter")
    assert page.locator("tr.evidence").count() == 0


def test_a_bar_leads_to_its_evidence(opened: Any) -> None:
    page = opened(samples.forty()).page
    page.locator('.lane[data-person="S-0018"] .bar').click()
    assert "119 min" in page.locator("#timeline .detail").inner_text()
    page.locator("#timeline .detail button").click()
    assert page.evaluate("document.activeElement.innerText") == "S-0018"
    assert page.locator("tr.evidence").count() == 1


def test_the_graph_can_be_walked_by_keyboard(opened: Any) -> None:
    page = opened(samples.forty()).page
    page.locator("#graph svg").focus()
    page.keyboard.press("ArrowRight")
    first = page.locator("#graph .detail strong").inner_text()
    page.keyboard.press("ArrowRight")
    assert page.locator("#graph .detail strong").inner_text() != first
    assert page.locator(".node.chosen").count() == 1
    page.keyboard.press("+")
    page.keyboard.press("Enter")
    assert page.locator("tr.evidence").count() == 1


def test_a_node_can_be_tapped_and_the_drawing_dragged(opened: Any) -> None:
    page = opened(samples.forty()).page
    page.locator(".node.second .shape").first.click()
    assert page.locator("#graph .detail strong").inner_text().startswith("S-01")
    before = page.locator("#graph svg").get_attribute("viewBox")
    box = page.locator("#graph svg").bounding_box()
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    page.mouse.up()
    assert page.locator("#graph svg").get_attribute("viewBox") != before
    page.get_by_role("button", name="Show all").click()
    assert page.locator("#graph svg").get_attribute("viewBox") == before


def test_the_language_turns_without_reload(opened: Any) -> None:
    report = opened(samples.forty())
    page = report.page
    page.select_option("#filter-class", "close")
    report.requests.clear()
    page.locator(".language").click()
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert page.title() == "C001、C002 接触者追踪 · Ringfence"
    assert "teahouse-5 通风是否良好？" in page.locator("#review").inner_text()
    assert len(report.people()) == 20
    assert page.input_value("#filter-class") == "close"
    page.select_option("#filter-class", "")
    assert page.locator(".lane[data-person]").count() == 40
    page.locator(".language").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    assert report.requests == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_phone_never_scrolls_sideways(opened: Any, language: str) -> None:
    page = opened(samples.forty(), language, PHONE).page
    for number in range(4):
        page.locator("button.person").nth(number * 3).click()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    wide = page.evaluate(
        """() => [...document.querySelectorAll("#contacts td, #review td, .figures dd, h1")]
          .filter((e) => e.getBoundingClientRect().right > 361 || e.scrollWidth > e.clientWidth + 1
            && getComputedStyle(e).display !== "none" && e.clientWidth > 0)
          .map((e) => e.innerText)"""
    )
    assert wide == []
    longest = max(samples.forty().contacts, key=lambda contact: contact.minutes)
    page.select_option("#sort-by", "minutes down")
    assert page.locator("button.person").first.inner_text() == longest.person


def test_times_are_the_homes_whatever_the_browser_thinks(chromium: Any, tmp_path: Path) -> None:
    file = tmp_path / "trace.html"
    file.write_text(html.page(samples.small()), encoding="utf-8")
    context = chromium.new_context(timezone_id="America/New_York")
    page = context.new_page()
    page.goto(file.as_uri())
    assert "07-01 20:00" in page.locator("#contacts").inner_text()
    assert page.locator(".bands i").count() == 6
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_contrast_and_roles(opened: Any, scheme: str) -> None:
    page = opened(samples.forty(), "en", DESK, scheme).page
    page.locator("button.person").first.click()
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, select, input, svg[role]")]
          .filter((e) => !(e.getAttribute("aria-label") || e.innerText || e.title).trim())
          .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    twice = page.evaluate(
        """() => { const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
          return ids.filter((id, at) => ids.indexOf(id) !== at); }"""
    )
    assert twice == []
    faint = page.evaluate(
        """() => {
          const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
            .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
            .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
          const ground = (e) => {
            for (; e; e = e.parentElement) {
              const colour = parts(getComputedStyle(e).backgroundColor);
              if (colour.length === 3 || colour[3] === 1) return colour;
            }
            return [255, 255, 255];
          };
          const words = [...document.querySelectorAll("#page *")].filter((e) =>
            [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) &&
            !e.closest("svg") && !e.disabled && e.tagName !== "OPTION");
          return words.map((e) => {
            const [a, b] = [light(parts(getComputedStyle(e).color)), light(ground(e))];
            return [(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), e.innerText];
          }).filter(([ratio]) => ratio < 4.5);
        }"""
    )
    assert faint == []


def test_every_word_of_the_page_is_known(opened: Any) -> None:
    for language in ("en", "zh"):
        page = opened(samples.forty(), language).page
        assert "undefined" not in page.locator("body").inner_text()
        assert "{" not in page.locator("body").inner_text()
    assert all(text.en and text.zh for text in PAGE_WORDS.values())


def test_no_record_becomes_markup(opened: Any) -> None:
    key = "</script><img src=x onerror=alert(1)>\u2028"
    trace = samples.a_trace(
        samples.a_contact(key, samples.some_evidence(place="<b>&amp;")),
        warnings=(Text("<!--<script>", "<!--<script>"),),
    )
    page = opened(trace).page
    page.locator("button.person").click()
    assert page.locator("img").count() == 0
    assert "</script><img" in page.locator("#contacts").inner_text()
    assert "<b>&amp;" in page.locator("#contacts").inner_text()
    written = as_script_data([key])
    assert "<" not in written
    assert "\u2028" not in written


def test_an_empty_trace_is_a_page_too(opened: Any) -> None:
    page = opened(samples.a_trace()).page
    assert "No contact was found." in page.locator("#contacts").inner_text()
    assert "Nothing is in doubt." in page.locator("#review").inner_text()


def test_a_thousand_are_drawn(opened: Any) -> None:
    page = opened(samples.many(1000)).page
    assert page.locator("#graph .section-head .hint").inner_text() == "1,000 of 1,000 drawn"
    assert page.locator(".node").count() == 1003


def test_twenty_thousand_do_not_freeze(opened: Any) -> None:
    report = opened(samples.many(20_000))
    page = report.page
    assert page.locator("button.person").count() == 50
    assert "1,000 of 20,000 drawn" in page.locator("#graph .section-head .hint").inner_text()
    spent = page.evaluate(
        """() => {
          const start = performance.now();
          for (const column of ["person", "minutes", "rules"]) {
            document.querySelector(`[data-sort=${column}]`).click();
          }
          Data.change({ text: "s-0123" });
          return performance.now() - start;
        }"""
    )
    assert spent < 4000
    page.get_by_text("100 of 20,000 contacts").wait_for()
    page.get_by_role("button", name="Next").click()
    assert len(report.people()) == 50


def test_print_shows_every_line(opened: Any) -> None:
    page = opened(samples.many(120)).page
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("button.person").count() == 120
    assert not page.locator(".filter").is_visible()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("button.person").count() == 50
