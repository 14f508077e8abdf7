"""A trace on a terminal: the head, then short tables that leave no line out without a word."""

from __future__ import annotations

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text as Styled

from ringfence.errors import Text
from ringfence.protocols.model import Outcome
from ringfence.trace import words
from ringfence.trace.result import Contact, ReviewItem, Trace, TracedCase, Venue
from ringfence.trace.views.figures import NO_FIGURE, brief, clock, when
from ringfence.trace.views.rows import minutes_of

DEFAULT_ROWS = 40
_WIDE = 110
_WHOLE = 27
"""A subject number that was made of an identity is as long: it is to be copied from one line."""
_STYLES = {Outcome.CLOSE: "red", Outcome.GENERAL: "yellow", Outcome.SECOND: "blue"}
_GRAVITY = list(Outcome)


def show(trace: Trace, console: Console, language: str = "en", rows: int = DEFAULT_ROWS) -> None:
    """Prints head, warnings, contacts, questions and crowded venues; `rows` of each at most."""
    _head(trace, console, language)
    _contacts(trace, console, language, rows)
    if trace.review:
        _review(trace, console, language, rows)
    if trace.venues:
        _venues(trace, console, language, rows)


def by_priority(trace: Trace) -> list[Contact]:
    """Most urgent first: the rule's priority, then class, ring and first exposure."""
    return sorted(
        trace.contacts,
        key=lambda c: (
            c.priority,
            _GRAVITY.index(c.outcome),
            c.order,
            c.first_exposure,
            c.person,
        ),
    )


def _head(trace: Trace, console: Console, language: str) -> None:
    protocol = trace.protocol
    line = Styled()
    line.append(protocol.title.to(language), style="bold")
    line.append(f"  {protocol.id} ")
    line.append(Text(f"version {protocol.version}", f"第 {protocol.version} 版").to(language))
    if protocol.draft:
        line.append("  ")
        line.append(Text(" DRAFT ", " 草案 ").to(language), style="black on yellow")
    if any(case.provisional for case in trace.cases):
        line.append("  ")
        line.append(Text(" PROVISIONAL ", " 暂定 ").to(language), style="black on yellow")
    console.print(line)
    for case in trace.cases:
        console.print(_case_line(trace, case, language))
    known = Text(
        f"as of {clock(trace.as_of, trace.zone)} ({trace.zone}), "
        f"lake sequence {trace.lake_sequence}, engine {trace.engine}",
        f"截至 {clock(trace.as_of, trace.zone)}（{trace.zone}），"
        f"数据序号 {trace.lake_sequence}，引擎 {trace.engine}",
    )
    console.print(Styled(known.to(language), style="dim"))
    console.print(_counts(trace, language))
    for warning in trace.warnings:
        console.print(Styled("! ", style="yellow").append(warning.to(language)))


def _case_line(trace: Trace, case: TracedCase, language: str) -> Styled:
    line = Styled(Text("case ", "病例 ").to(language))
    line.append(case.case, style="bold")
    line.append(f"  {words.classification(case.classification).to(language)}  ")
    if case.start is None:
        return line.append(Text("no usable date", "无可用日期").to(language), style="yellow")
    end = clock(case.end or trace.as_of, trace.zone)
    line.append(
        Text(
            f"infectious {clock(case.start, trace.zone)} to {end}",
            f"传染期 {clock(case.start, trace.zone)} 至 {end}",
        ).to(language)
    )
    if case.open_ended:
        line.append(Text(" (still open)", "（尚未结束）").to(language))
    return line


def _counts(trace: Trace, language: str) -> Styled:
    line = Styled()
    for outcome in Outcome:
        count = sum(contact.outcome is outcome for contact in trace.contacts)
        line.append(f"{count} ", style=f"bold {_STYLES[outcome]}")
        line.append(words.CLASS_SHORT[outcome].to(language) + "   ")
    asked, crowds = len(trace.review), len(trace.venues)
    line.append(f"{asked} ", style="bold")
    question = Text("question" if asked == 1 else "questions", "待核实问题")
    line.append(question.to(language) + "   ")
    line.append(f"{crowds} ", style="bold")
    crowd = Text("crowded venue" if crowds == 1 else "crowded venues", "人员密集场所")
    return line.append(crowd.to(language))


def _contacts(trace: Trace, console: Console, language: str, rows: int) -> None:
    wide = console.width >= _WIDE
    first = by_priority(trace)
    table = _table(Text("Contacts", "接触者"), language)
    longest = min(_WHOLE, max((cell_len(contact.person) for contact in first[:rows]), default=0))
    table.add_column(
        Text("person", "人员").to(language),
        overflow="fold",
        min_width=max(8, longest),
        max_width=max(18, longest),
    )
    table.add_column(Text("class", "类别").to(language), no_wrap=True)
    if wide:
        room = console.width - _WIDE - max(0, longest - 18)
        table.add_column(Text("case", "病例").to(language), overflow="fold", max_width=16)
        table.add_column(
            Text("via", "经由").to(language),
            overflow="fold",
            max_width=_WHOLE if room >= _WHOLE - 14 else 14,
        )
    table.add_column(Text("first", "首次暴露").to(language), no_wrap=True)
    if wide:
        table.add_column(Text("last", "末次暴露").to(language), no_wrap=True)
    table.add_column(Text("min", "分钟").to(language), justify="right", no_wrap=True)
    table.add_column(Text("rule", "规则").to(language), ratio=1, overflow="fold")
    table.add_column(Text("release", "解除日期").to(language), no_wrap=True)
    titles = {rule.id: words.rule_title(rule).to(language) for rule in trace.protocol.rules}
    for contact in first[:rows]:
        reason = "; ".join(titles.get(rule, rule) for rule in contact.rules)
        marks = [words.flag(flag, trace.protocol).to(language) for flag in contact.flags]
        if contact.provisional:
            marks.append(Text("provisional", "暂定").to(language))
        minutes = minutes_of(contact)
        reasons = Styled(reason)
        if marks:
            reasons.append(" [" + ", ".join(marks) + "]", style="yellow")
        cells: list[str | Styled] = [
            escape(contact.person),
            Styled(words.CLASS_SHORT[contact.outcome].to(language), style=_STYLES[contact.outcome]),
        ]
        if wide:
            vias = dict.fromkeys(e.via for e in contact.evidence if e.via)
            cells += [escape(", ".join(contact.cases)), escape(", ".join(vias))]
        cells.append(brief(contact.first_exposure, trace.zone))
        if wide:
            cells.append(brief(contact.last_exposure, trace.zone))
        cells.append(NO_FIGURE if minutes is None else f"{minutes:g}")
        cells.append(reasons)
        cells.append(contact.release_date.strftime("%m-%d") if contact.release_date else NO_FIGURE)
        table.add_row(*cells)
    if not trace.contacts:
        console.print(Text("No contact found.", "未发现接触者。").to(language))
        return
    console.print(table)
    _rest(console, language, len(first) - rows, Text("--format csv", "--format csv"))


def _review(trace: Trace, console: Console, language: str, rows: int) -> None:
    table = _table(Text("Questions to settle", "待核实问题"), language)
    table.add_column(Text("settles", "涉及人数").to(language), justify="right", no_wrap=True)
    table.add_column(Text("question", "问题").to(language), ratio=1, overflow="fold")
    table.add_column(Text("when", "时间").to(language), no_wrap=True)
    for item in trace.review[:rows]:
        table.add_row(str(len(item.people)), escape(item.question.to(language)), _when(item, trace))
    console.print(table)
    _rest(console, language, len(trace.review) - rows, Text("--format json", "--format json"))


def _when(item: ReviewItem, trace: Trace) -> str:
    if item.start is None or item.end is None:
        return NO_FIGURE
    return when(item.start, item.end, trace.zone)


def _venues(trace: Trace, console: Console, language: str, rows: int) -> None:
    title = Text("Crowded venues: counted, not listed", "人员密集场所：仅计数，未展开")
    table = _table(title, language)
    table.add_column(Text("people", "人数").to(language), justify="right", no_wrap=True)
    table.add_column(Text("limit", "上限").to(language), justify="right", no_wrap=True)
    table.add_column(Text("place", "场所").to(language), ratio=1, overflow="fold")
    table.add_column(Text("case", "病例").to(language), no_wrap=True)
    table.add_column(Text("when", "时间").to(language), no_wrap=True)
    for venue in trace.venues[:rows]:
        table.add_row(
            f"{venue.people:,}",
            str(venue.limit),
            f"{escape(_place(trace, venue))} ({words.setting(venue.setting).to(language)})",
            escape(venue.case),
            when(venue.start, venue.end, trace.zone),
        )
    console.print(table)
    _rest(console, language, len(trace.venues) - rows, Text("--format json", "--format json"))


def _place(trace: Trace, venue: Venue) -> str:
    place = trace.place_label(venue.place)
    return f"{place} / {venue.zone}" if venue.zone else place


def _table(title: Text, language: str) -> Table:
    return Table(
        title=title.to(language),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1),
        collapse_padding=True,
    )


def _rest(console: Console, language: str, left: int, hint: Text) -> None:
    if left > 0:
        line = Text(f"… and {left:,} more: use {hint.en}", f"…… 另有 {left:,} 行：请使用 {hint.zh}")
        console.print(Styled(line.to(language), style="dim"))
