"""What stands in a text: dates, clocks, services, acts, people; found by rules that are data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import yaml

KINDS = ("dates", "clocks", "services", "means", "homes", "acts", "people", "ways")
"""Files of rules, in the order of their weight: of marks that are equally long, the first wins."""

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_ENGLISH = re.compile(r"[A-Za-z]{2}")
_NAMED = re.compile(r"(?<![.:\n] )\b[A-Z][\w'&-]*\s$")
_NAMES = (
    r"(?![店馆房室厅场院站所亭]|点(?![\d一二三四五六七八九十多半左心])|中心|门诊|酒店|宾馆|机构|公司|部门"
    r"|区域|病[区房]|基地|服务|专业|用品|人员|单位|\s(?:cent(?:re|er)|facility|site|hotel|ward|shop|room|station)\b)"
)
"""What follows an act that is but part of a place's name: 健身房, 隔离点, shopping centre."""


@dataclass(frozen=True)
class Rule:
    """`finds`, `leaves`: examples that it must find whole, and not find. `means`: what a mark of
    it says beside its named parts. `chinese`, `english`: it finds nothing in a text without a
    character, or a word, of that writing.
    """

    kind: str
    name: str
    pattern: re.Pattern[str]
    means: Mapping[str, Any] = field(default_factory=dict)
    finds: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    chinese: bool = False
    english: bool = False


@dataclass(frozen=True)
class Mark:
    """[start, end) of the plain text. `parts`: the named parts that were written."""

    rule: Rule
    start: int
    end: int
    parts: Mapping[str, str]

    @property
    def name(self) -> str:
        return self.rule.name

    @property
    def means(self) -> Mapping[str, Any]:
        return self.rule.means


@cache
def rules() -> tuple[Rule, ...]:
    return tuple(rule for kind in KINDS for rule in rules_of(kind))


def rules_of(kind: str, words: Mapping[str, str] | None = None) -> Iterator[Rule]:
    """Of one file. `words`: what stands for a word in capitals in its patterns."""
    for told in read_rules(kind):
        means, leaves = told.get("means", {}), tuple(told.get("leaves", ()))
        for key in ("pattern", "english"):
            if key not in told:
                continue
            written = told[key]
            for word, stands_for in (words or {}).items():
                written = written.replace(word, stands_for)
            pattern = _compiled(written, act=kind == "acts", english=key == "english")
            finds = tuple(example for example in told["finds"] if pattern.search(example))
            chinese = key == "pattern" and all(_CHINESE.search(example) for example in finds)
            yield Rule(kind, told["name"], pattern, means, finds, leaves, chinese, key == "english")


def _compiled(pattern: str, *, act: bool, english: bool) -> re.Pattern[str]:
    flags = re.IGNORECASE if english else 0
    return re.compile(f"(?>{pattern}){_NAMES}" if act else pattern, flags)


def read_rules(kind: str) -> list[dict[str, Any]]:
    text = (resources.files(__package__) / "rules" / f"{kind}.yaml").read_text("utf-8")
    return list(yaml.safe_load(text))


def marks_of(plain: str, every: Sequence[Rule] | None = None) -> list[Mark]:
    """Marks that do not overlap, in their order: the longest at a place, then the first rule's."""
    chinese, english = bool(_CHINESE.search(plain)), bool(_ENGLISH.search(plain))
    found = [
        Mark(
            rule,
            at.start(),
            at.start() + len(at.group().rstrip()),
            {k: v for k, v in at.groupdict().items() if v},
        )
        for rule in (rules() if every is None else every)
        if (chinese or not rule.chinese) and (english or not rule.english)
        for at in rule.pattern.finditer(plain)
        if at.end() > at.start() and not _named_so(rule, plain, at.start())
    ]
    found.sort(key=lambda mark: (mark.start, -mark.end))
    kept: list[Mark] = []
    for mark in found:
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def _named_so(rule: Rule, plain: str, start: int) -> bool:
    """Whether an English word is but part of a name: Moonlight Karaoke."""
    of_name = rule.english and rule.kind in {"acts", "means", "homes"} and plain[start].isupper()
    return of_name and _NAMED.search(plain, max(start - 20, 0), start) is not None
