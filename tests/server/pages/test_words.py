"""Every word of a template stands in both languages: {% say "Cases" "病例" %}."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import ringfence_server

ROOT = Path(ringfence_server.__file__).parent
TEMPLATES = sorted(
    path for ending in ("html", "txt") for path in ROOT.glob(f"*/templates/**/*.{ending}")
)
SAID = re.compile(r"""\{%\s*say\s+(?P<en>"[^"]*"|'[^']*')\s+(?P<zh>"[^"]*"|'[^']*')""")
COMMENT = re.compile(r"\{%\s*comment\s*%\}.*?\{%\s*endcomment\s*%\}|\{#.*?#\}", re.DOTALL)
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
CJK = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
READ_OUT = {"alt", "aria-label", "title", "placeholder", "data-name", "aria-description"}
KNOWN = {"Ringfence", "演练 EXERCISE", "[演练 EXERCISE]  · Ringfence"}
"""A name, and what is said in both languages at once."""


class Words(HTMLParser):
    """What a reader sees or hears of a template once its tags are out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._within: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._within.append(tag)
        self.found += [value for name, value in attrs if name in READ_OUT and value]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._within:
            while self._within.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self._within):
            self.found.append(data)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_bare_words(path: Path) -> None:
    words = Words()
    words.feed(TAGS.sub("", COMMENT.sub("", path.read_text(encoding="utf-8"))))
    bare = [word.strip() for word in words.found if WORD.search(word)]
    assert [word for word in bare if word not in KNOWN] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_both_languages_say_something(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    said = list(SAID.finditer(text))
    assert len(said) == len(re.findall(r"\{%\s*say\b", text)), "say has both sentences in quotes"
    for one in said:
        en, zh = one["en"][1:-1].strip(), one["zh"][1:-1].strip()
        assert en, "the English sentence is empty"
        assert not CJK.search(en), f"the first sentence is English: {en}"
        assert CJK.search(zh), f"the second sentence is Chinese: {zh!r} beside {en!r}"
        held = re.findall(r"\{(\w+)\}", en)
        assert sorted(held) == sorted(re.findall(r"\{(\w+)\}", zh)), f"both hold the same: {en}"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_script_or_style_within(path: Path) -> None:
    """The policy of every answer would refuse them."""
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 20
