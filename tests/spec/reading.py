"""Reads the Markdown of a chapter. What does not follow the form is refused with file and line."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path

from ringfence.records import TABLES

from .chapters import (
    DEFAULT_AS_OF,
    EXPECTED,
    Act,
    Area,
    Case,
    Chapter,
    ChapterError,
    Expected,
    Given,
    Home,
    Moved,
    Refusal,
    Ridden,
    Rows,
    Run,
)

_NAMED = re.compile(r"\*\*(?P<word>Given|Then|and)\*\* (?P<no>no )?`(?P<name>[a-z_]+)`(?P<rest>.*)")
_OPTION = re.compile(r" (from|as|received) `([^`]+)`")
_ACT = re.compile(r"\*\*(Withdraw|Reinstate)\*\* `([^`]+)` at `([^`]+)`")
_WHO = re.compile(r"\*\*(Merge|Split)\*\* ((?:`[^`]+`(?:, )?)+) at `([^`]+)`")
_ASKED = re.compile(r"\*\*(Trace|Passengers|Trajectory|Vehicles)\*\* `([^`]*)`")
_REFUSED = re.compile(r"\*\*Then\*\* exit (\d+): “(.+)”")
_HOME = re.compile(r"\*\*Home\*\*(?: zone `(?P<zone>[^`]+)`)?(?: jurisdiction `(?P<code>[^`]+)`)?")
_PROTOCOL = re.compile(r"\*\*Protocol\*\* ((?:`[a-z0-9-]+`(?:, )?)+)")
_WORDS = (
    "**Given**",
    "**Then**",
    "**and**",
    "**Trace**",
    "**Passengers**",
    "**Trajectory**",
    "**Vehicles**",
)
_ACTS = ("**Withdraw**", "**Reinstate**", "**Merge**", "**Split**")
_SETTINGS = ("**Home**", "**Protocol**")
_OF_A_RIDE = {
    "--seat": "seat",
    "--from": "board",
    "--to": "alight",
    "--protocol": "protocol",
}
_OF_AN_AREA = {"--level": "level", "--since": "since", "--as-of": "as_of"}
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass
class _Scope:
    """What a chapter, a section or a case says; the inner one goes before the outer one."""

    title: str = ""
    line: int = 0
    home: Home = field(default_factory=Home)
    protocols: list[str] = field(default_factory=list)
    shipped: list[str] = field(default_factory=list)
    steps: list[Given | Act] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)


def read_chapter(path: Path, text: str | None = None) -> Chapter:
    """The cases of a chapter, in its order."""
    lines = (path.read_text(encoding="utf-8") if text is None else text).splitlines()
    title = _title(path, lines)
    reader = _Reader(path, lines)
    reader.read()
    if not reader.cases:
        raise ChapterError(path, 1, "the chapter has no case")
    return Chapter(path, title, tuple(reader.cases))


def _title(path: Path, lines: list[str]) -> str:
    if not lines or not lines[0].startswith("# ") or not _HAN.search(lines[0]):
        raise ChapterError(path, 1, "the first line is not '# English title · 中文标题'")
    prose = next((line for line in lines[1:] if line.strip()), "")
    if not _HAN.search(prose):
        raise ChapterError(path, 3, "the chapter does not begin with a paragraph in Chinese")
    return lines[0].removeprefix("# ").strip()


class _Reader:
    def __init__(self, path: Path, lines: list[str]) -> None:
        self.path = path
        self.lines = lines
        self.at = 0
        self.cases: list[Case] = []
        self.chapter = _Scope()
        self.section = _Scope()
        self.case: _Scope | None = None
        self.used: set[int] = set()

    def wrong(self, what: str, line: int | None = None) -> ChapterError:
        return ChapterError(self.path, self.at + 1 if line is None else line, what)

    @property
    def scope(self) -> _Scope:
        return self.case or self.section

    def read(self) -> None:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.startswith("### "):
                self.close_case()
                self.case = _Scope(title=line[4:].strip(), line=self.at + 1)
            elif line.startswith("## "):
                self.close_case()
                self.close_section()
            elif line.startswith("```"):
                self.read_block(line)
            elif line.startswith("|"):
                raise self.wrong("the table has no name: '**Given** `presence`' goes before it")
            elif line.startswith(_WORDS + _ACTS + _SETTINGS):
                self.read_line(line.rstrip())
            self.at += 1
        self.close_case()
        self.close_section()
        for given in _givens(self.chapter):
            if given.line not in self.used:
                raise self.wrong(f"no case uses this table {given.table}", given.line)

    def close_section(self) -> None:
        """What stands before the first section belongs to the whole chapter."""
        if not self.chapter.line:
            self.chapter = replace(self.section, line=1)
        else:
            for given in _givens(self.section):
                if given.line not in self.used:
                    raise self.wrong(f"no case uses this table {given.table}", given.line)
        self.section = _Scope()

    def close_case(self) -> None:
        if self.case is None:
            return
        outer = [self.section] if self.chapter.line == 0 else [self.section, self.chapter]
        own = self.case
        if not own.runs or not all(run.expected or run.refusal for run in own.runs):
            raise self.wrong("the case says nothing that must come out ('**Then** …')", own.line)
        if any(case.title == own.title for case in self.cases):
            raise self.wrong("another case of this chapter has this title", own.line)
        steps = list(own.steps)
        for scope in outer:
            there = {step.table for step in steps if isinstance(step, Given)}
            steps = [*(g for g in _givens(scope) if g.table not in there), *steps]
        self.used.update(step.line for step in steps)
        scopes = [own, *outer]
        speaking = next((s for s in scopes if s.protocols or s.shipped), own)
        home = next((s.home for s in scopes if s.home != Home()), own.home)
        judged = any(run.area is None for run in own.runs)
        if judged and not speaking.protocols and not speaking.shipped:
            raise self.wrong("no protocol is given", own.line)
        if not any(isinstance(step, Given) for step in steps):
            raise self.wrong("nothing is given", own.line)
        self.cases.append(
            Case(
                own.title,
                own.line,
                home,
                tuple(speaking.protocols),
                tuple(speaking.shipped),
                tuple(steps),
                tuple(own.runs),
            )
        )
        self.case = None

    def read_block(self, opening: str) -> None:
        start = self.at
        end = next(
            (n for n in range(start + 1, len(self.lines)) if self.lines[n].startswith("```")), None
        )
        if end is None:
            raise self.wrong("the block is not closed")
        if opening.strip() == "```yaml protocol":
            self.scope.protocols.append("\n".join(self.lines[start + 1 : end]) + "\n")
        self.at = end

    def read_line(self, line: str) -> None:
        if match := _NAMED.fullmatch(line):
            self.read_named(match)
        elif match := _ACT.fullmatch(line):
            word, delivery, at = match.groups()
            if delivery not in {given.name for given in _givens(self.scope)}:
                raise self.wrong(f"no delivery is named '{delivery}'")
            self.scope.steps.append(Act(word.lower(), (delivery,), at, self.at + 1))
        elif match := _WHO.fullmatch(line):
            word, subjects, at = match.groups()
            who = tuple(re.findall(r"`([^`]+)`", subjects))
            self.scope.steps.append(Act(word.lower(), who, at, self.at + 1))
        elif match := _ASKED.fullmatch(line):
            self.read_question(*match.groups())
        elif match := _REFUSED.fullmatch(line):
            self.expect(refusal=Refusal(int(match.group(1)), match.group(2)))
        elif match := _HOME.fullmatch(line):
            home = Home()
            self.scope.home = Home(
                match.group("zone") or home.zone, match.group("code") or home.jurisdiction
            )
        elif match := _PROTOCOL.fullmatch(line):
            self.scope.shipped.extend(re.findall(r"`([^`]+)`", match.group(1)))
        else:
            raise self.wrong("the line is not understood")

    def read_question(self, word: str, words: str) -> None:
        read = {
            "Trace": self.read_trace,
            "Passengers": self.read_passengers,
            "Trajectory": self.read_trajectory,
            "Vehicles": self.read_vehicles,
        }[word]
        try:
            self.inside_case().runs.append(read(words))
        except (StopIteration, ValueError, KeyError):
            raise self.wrong(f"an option of **{word}** is not understood") from None

    def inside_case(self) -> _Scope:
        if self.case is None:
            raise self.wrong("only a case ('### …') can trace")
        return self.case

    def read_trace(self, words: str) -> Run:
        run = Run(line=self.at + 1)
        cases: list[str] = []
        rest = iter(shlex.split(words))
        for word in rest:
            if word == "--no-crowd-limit":
                run = replace(run, crowd_limit=False)
            elif word == "--orders":
                run = replace(run, orders=int(next(rest)))
            elif word == "--as-of":
                day = next(rest)
                run = replace(run, as_of=f"{day} {next(rest)}")
            elif word == "--protocol":
                run = replace(run, protocol=next(rest))
            elif word.startswith("--"):
                raise self.wrong(f"unknown option {word}")
            else:
                cases.append(word)
        return replace(run, cases=tuple(cases))

    def read_passengers(self, words: str) -> Run:
        service, day, case, *options = shlex.split(words)
        rest = iter(options)
        given = {_OF_A_RIDE[word]: next(rest) for word in rest}
        protocol = given.pop("protocol", None)
        ridden = Ridden(service, day, **given)
        return Run(line=self.at + 1, ridden=ridden, cases=(case,), protocol=protocol)

    def read_trajectory(self, words: str) -> Run:
        case, *days = shlex.split(words)
        if len(days) not in (0, 2):
            raise self.wrong("a case, or a case with the first and the last day")
        return Run(line=self.at + 1, moved=Moved(*days), cases=(case,))

    def read_vehicles(self, words: str) -> Run:
        area, *options = shlex.split(words)
        rest = iter(options)
        given = {}
        for word in rest:
            text = next(rest)
            given[_OF_AN_AREA[word]] = text if word == "--level" else f"{text} {next(rest)}"
        as_of = given.pop("as_of", DEFAULT_AS_OF)
        return Run(line=self.at + 1, area=Area(area, **given), as_of=as_of)

    def read_named(self, match: re.Match[str]) -> None:
        word, no, name, rest = match.group("word", "no", "name", "rest")
        line = self.at + 1
        known = {"Given": TABLES.keys(), "Then": EXPECTED.keys()}.get(
            word, TABLES.keys() | EXPECTED.keys()
        )
        if name not in known:
            raise self.wrong(f"unknown table '{name}'; known: {', '.join(sorted(known))}")
        if no:
            self.expect(Expected(name, Rows((), ()), line))
            return
        if name in EXPECTED:
            if rest not in ("", " in order"):
                raise self.wrong("the line is not understood")
            rows = self.read_table(EXPECTED[name])
            self.expect(Expected(name, rows, line, in_order=bool(rest)))
            return
        options = dict(_OPTION.findall(rest))
        if _OPTION.sub("", rest):
            raise self.wrong("the line is not understood")
        if self.case is not None and self.case.runs:
            raise self.wrong("what is given after the last trace is not used")
        columns = frozenset(column.name for column in TABLES[name].columns)
        rows = self.read_table(columns)
        self.scope.steps.append(
            Given(name, rows, line, options.get("from"), options.get("received"), options.get("as"))
        )

    def expect(self, expected: Expected | None = None, refusal: Refusal | None = None) -> None:
        case = self.inside_case()
        if not case.runs:
            case.runs.append(Run(line=self.at + 1))
        run = case.runs[-1]
        if expected is not None:
            if expected.table in {other.table for other in run.expected}:
                raise self.wrong(f"the table {expected.table} is there twice")
            case.runs[-1] = replace(run, expected=(*run.expected, expected))
        else:
            case.runs[-1] = replace(run, refusal=refusal)

    def read_table(self, known: frozenset[str]) -> Rows:
        at = self.at + 1
        while at < len(self.lines) and not self.lines[at].strip():
            at += 1
        start = at
        while at < len(self.lines) and self.lines[at].startswith("|"):
            at += 1
        table = [_cells(line) for line in self.lines[start:at]]
        if len(table) < 3:
            raise self.wrong("a table with a header and at least one row must follow")
        columns = tuple(table[0])
        for column in columns:
            if column not in known:
                offered = ", ".join(sorted(known))
                raise self.wrong(f"unknown column '{column}'; known: {offered}", start + 1)
        for number, cells in enumerate(table[2:], start + 3):
            if len(cells) != len(columns):
                raise self.wrong(f"{len(cells)} cells under {len(columns)} columns", number)
        self.at = at - 1
        return Rows(columns, tuple(dict(zip(columns, cells, strict=True)) for cells in table[2:]))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip()[1:-1].split("|")]


def _givens(scope: _Scope) -> list[Given]:
    return [step for step in scope.steps if isinstance(step, Given)]
