"""A window of the browser with everything that its pages complained of or asked the network for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

AXE = Path(__file__).parent / "vendored" / "axe.min.js"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
_FULLY = {"zh": DESK, "en": PHONE}
"""Where all rules are asked by day; at the other width, the colours by night. Of both languages
together each width is looked at by day and by night.
"""
CODES = {"zh": "zh-hans", "en": "en"}
_ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_OF_COLOURS = ["color-contrast", "link-in-text-block"]
_CLEAN = """async (runOnly) => {
  const found = await axe.run(document, { runOnly });
  return found.violations.map((v) => v.id + " (" + v.impact + "): " +
    v.nodes.map((n) => n.target.join(" ") + " " + n.failureSummary).join(" | "));
}"""
_SMALL = """() => [...document.querySelectorAll("a, button, summary, select, input, textarea")]
  .filter((e) => e.checkVisibility() && !e.closest(".skip") && e.type !== "hidden")
  .filter((e) => !(e.matches("p a, li a, dd a") && getComputedStyle(e).display === "inline"))
  .map((e) => [e, (e.matches("[type=checkbox], [type=radio]") ? e.labels[0] : e)
    .getBoundingClientRect()])
  .filter(([, box]) => box.height < 43.5 || box.width < 43.5)
  .map(([e, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ` +
    e.outerHTML.slice(0, 90))"""

_COVERED = """() => [...document.querySelectorAll(".top a, .top button, .top input, .top summary")]
  .filter((e) => e.checkVisibility() && e.type !== "hidden")
  .filter((e) => {
    const box = e.getBoundingClientRect();
    const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return !(seen && (e.contains(seen) || seen.contains(e)));
  })
  .map((e) => e.outerHTML.slice(0, 90))"""


class Browsing:
    def __init__(
        self,
        browser: Any,
        url: str,
        *,
        language: str = "zh",
        viewport: dict[str, int] = DESK,
        scheme: str = "light",
        scripts: bool = True,
    ) -> None:
        self.url = url
        self.language = language
        phone = viewport["width"] < 600
        self.context = browser.new_context(
            viewport=viewport,
            color_scheme=scheme,
            java_script_enabled=scripts,
            has_touch=phone,
            reduced_motion="reduce",
        )
        chosen = {"name": "language", "value": CODES[language], "url": url}
        self.context.add_cookies([chosen])
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.expected = 0
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))

    def _hear(self, message: Any) -> None:
        """A status that the test asked for is told by the browser as an error of loading."""
        if message.type == "error" and "status of" in message.text and self.expected:
            self.expected -= 1
            return
        self.complaints.append(f"{message.type}: {message.text}")

    def carry(self, session: str) -> None:
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": self.url}])

    def go(self, path: str, status: int = 200) -> Any:
        self.expected += status >= 400
        answer = self.page.goto(f"{self.url}{path}")
        assert answer.status == status, f"{path} answered {answer.status}"
        return self.page

    def turn(self, viewport: dict[str, int], scheme: str) -> None:
        """The page that stands there, in another window and at another time of day."""
        self.page.set_viewport_size(viewport)
        self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")

    def violations(self, *, of_colours: bool = False) -> list[str]:
        """What axe finds, whatever its weight."""
        # Evaluated by the protocol: the page's own policy does not let it in, and must not.
        if not self.page.evaluate("typeof axe === 'object'"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        return list(self.page.evaluate(_CLEAN, _OF_COLOURS if of_colours else _ALL))

    def hard_to_use(self, name: str) -> list[str]:
        """What is so on the page that stands there: wide and narrow, by day or night."""
        found = []
        for viewport in (DESK, PHONE):
            fully = viewport is _FULLY[self.language]
            scheme = "light" if fully else "dark"
            self.turn(viewport, scheme)
            at = f"{name} at {viewport['width']}, {scheme}"
            found += [f"{at}: {fault}" for fault in self.violations(of_colours=not fully)]
            if self.overflow() > 0:
                found.append(f"{at}: scrolls sideways by {self.overflow()}")
            if viewport is PHONE:
                found += [f"{at}: small target {target}" for target in self.small_targets()]
        return found

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(
            self.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
        )

    def small_targets(self) -> list[str]:
        return list(self.page.evaluate(_SMALL))

    def covered(self) -> list[str]:
        """What of the page's head nobody could click, for something else lies over it."""
        return list(self.page.evaluate(_COVERED))
