"""A trajectory as a case investigation report, a document that an office can go on writing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Pt

from ringfence.errors import Text
from ringfence.movements.model import Episode
from ringfence.operations.moving import words
from ringfence.operations.moving.asking import Trajectory
from ringfence.records.vocabularies import CASE_EVENT_KINDS, CLASSIFICATIONS
from ringfence.trace.case_files import Moment
from ringfence.trace.local_days import local_day
from ringfence.trace.seeds import instant
from ringfence.trace.views.figures import clock

_FONT, _HAN = "Liberation Serif", "Noto Serif CJK SC"
_EVENTS = {**CASE_EVENT_KINDS, "sample": Text("first positive sample", "首次阳性采样")}


def content(told: Trajectory, language: str = "en") -> bytes:
    """The bytes of a .docx. It names people by their numbers alone."""
    paper = Document()
    _look(paper)
    say = _Saying(told, language)
    paper.core_properties.author = "Ringfence"
    paper.core_properties.title = say.t(_title(told))
    paper.core_properties.created = paper.core_properties.modified = told.known.as_of
    paper.add_heading(say.t(_title(told)), 0)
    for warning in told.warnings:
        paper.add_paragraph(say.t(warning), style="Intense Quote")
    _case(paper, say)
    _movements(paper, say)
    _conflicts(paper, say)
    _gaps(paper, say)
    _questions(paper, say)
    _sources(paper, say)
    written = BytesIO()
    paper.save(written)
    return written.getvalue()


class _Saying:
    """Words and times of the report in one language."""

    def __init__(self, told: Trajectory, language: str) -> None:
        self.told = told
        self.language = language
        self.said = words.Said(told.movements, told.zone)

    def t(self, text: Text) -> str:
        return text.to(self.language)

    def listed(self, names: Iterable[str]) -> str:
        return Text(", ", "、").to(self.language).join(names)

    def moment(self, one: Moment) -> str:
        if one.precision == "day":
            return str(local_day(one.at, self.told.zone))
        return clock(one.at, self.told.zone)


def _title(told: Trajectory) -> Text:
    if told.file is None:
        return Text(f"Movements of contact {told.of}", f"接触者 {told.of} 活动轨迹调查报告")
    return Text(f"Case investigation report: {told.of}", f"病例 {told.of} 流行病学调查报告")


def _look(paper: Paper) -> None:
    """Wide, for tables; fonts that have both scripts."""
    section = paper.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    for name in ("Normal", "Title", "Heading 1", "Intense Quote", "List Number"):
        style = paper.styles[name]
        style.font.name = _FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(kind), _HAN if kind == "w:eastAsia" else _FONT)
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
    paper.styles["Normal"].font.size = Pt(9.5)


def _case(paper: Paper, say: _Saying) -> None:
    told, person = say.told, say.told.movements.person
    paper.add_heading(say.t(Text("1. The case", "一、基本情况")), 1)
    first, last = (clock(instant(at), told.zone) for at in (person.start, person.end))
    rows = [
        (Text("Time covered", "调查时段"), f"{first} – {last} ({told.zone})"),
        (Text("As known at", "截至"), clock(told.known.as_of, told.zone)),
    ]
    if told.file is not None:
        sure = CLASSIFICATIONS[told.file.classification]
        rows.insert(0, (Text("Disease", "病种"), told.file.disease))
        rows.insert(1, (Text("Classification", "病例分类"), say.t(sure)))
        for kind, moment in sorted(told.file.events.items(), key=lambda event: event[1].at):
            rows.append((_EVENTS[kind], say.moment(moment)))
    if told.protocol is not None:
        draft = Text(" (draft)", "（草案）") if told.protocol.draft else Text("", "")
        rows.append((Text("Protocol", "防控方案"), say.t(told.protocol.title) + say.t(draft)))
    if person.window is not None:
        start, end = (clock(instant(at), told.zone) for at in person.window)
        rows.append((Text("Infectious", "传染期"), f"{start} – {end}"))
    _table(paper, (), [(say.t(name), value) for name, value in rows])


def _movements(paper: Paper, say: _Saying) -> None:
    paper.add_heading(say.t(Text("2. Movements", "二、活动轨迹")), 1)
    heads = (
        Text("time", "时间"),
        Text("place or vehicle", "地点或交通工具"),
        Text("kind", "类型"),
        Text("confidence", "可信度"),
        Text("sources", "来源"),
    )
    episodes = say.told.movements.episodes
    _table(paper, [say.t(head) for head in heads], [_episode(say, one) for one in episodes])
    aside = say.told.movements.set_aside
    if aside:
        text = Text("Set aside, because conflicts speak against it:", "因与其他记录矛盾而未采用：")
        paper.add_paragraph(say.t(text))
        _table(paper, [say.t(head) for head in heads], [_episode(say, one) for one in aside])


def _episode(say: _Saying, one: Episode) -> Sequence[str]:
    seats = list(dict.fromkeys(r.detail for r in one.told if r.table == "ride" and r.detail))
    where = words.place(say.said, one.where)
    return (
        words.span(say.said, one.start, one.end),
        " ".join([where, *(seat for seat in seats if seat is not None)]),
        say.t(words.kind_of(say.said, one.where)),
        say.t(words.CONFIDENCE_TERMS[one.confidence]),
        say.listed(one.sources),
    )


def _conflicts(paper: Paper, say: _Saying) -> None:
    conflicts = say.told.movements.conflicts
    paper.add_heading(say.t(Text("3. Conflicts", "三、矛盾与研判")), 1)
    if not conflicts:
        paper.add_paragraph(say.t(Text("None was found.", "未发现矛盾。")))
        return
    heads = (
        Text("kind", "类型"),
        Text("what contradicts", "矛盾内容"),
        Text("likelier, and why", "较可能的一方与理由"),
    )
    rows = [
        (
            say.t(words.KIND_TERMS[one.kind]),
            f"{words.span(say.said, one.at, one.at)}  {say.t(words.conflict(say.said, one))}",
            say.t(words.likelier(one)),
        )
        for one in conflicts
    ]
    _table(paper, [say.t(head) for head in heads], rows)


def _gaps(paper: Paper, say: _Saying) -> None:
    gaps = [one for one in say.told.movements.gaps if not one.settled]
    paper.add_heading(
        say.t(Text("4. Gaps, by what they could hide", "四、空白时段（按可能隐藏的程度）")), 1
    )
    if not gaps:
        paper.add_paragraph(say.t(Text("None of an hour or longer.", "没有一小时以上的空白。")))
        return
    heads = (
        Text("time", "时间"),
        Text("between", "前后"),
        Text("minutes awake", "清醒分钟"),
        Text("of them infectious", "其中传染期内"),
    )
    rows = [
        (
            words.span(say.said, one.start, one.end),
            say.t(words.gap(say.said, one)),
            str(one.waking),
            str(one.infectious),
        )
        for one in gaps
    ]
    _table(paper, [say.t(head) for head in heads], rows)


def _questions(paper: Paper, say: _Saying) -> None:
    paper.add_heading(say.t(Text("5. To ask next", "五、下一步核实")), 1)
    for one in say.told.movements.questions:
        paper.add_paragraph(say.t(words.question(say.said, one)), style="List Number")


def _sources(paper: Paper, say: _Saying) -> None:
    """Which files all of it rests on."""
    found = say.told.movements
    paper.add_heading(say.t(Text("6. Evidence", "六、证据来源")), 1)
    rows = [row for one in (*found.episodes, *found.set_aside) for row in one.told]
    rows += [one.told for one in found.rides if not one.timed]
    rows += list(found.facts)
    counted: dict[tuple[str, str], int] = {}
    for row in rows:
        batch = say.told.known.batches.get(row.batch)
        key = row.source, batch.file_name if batch is not None else row.batch
        counted[key] = counted.get(key, 0) + 1
    heads = (Text("source", "来源"), Text("file", "文件"), Text("records", "记录数"))
    told = [(source, file, str(count)) for (source, file), count in sorted(counted.items())]
    _table(paper, [say.t(head) for head in heads], told)


def _table(paper: Paper, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    table = paper.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
    lines = [heads, *rows] if heads else list(rows)
    for number, cells in enumerate(lines):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            run = cell.paragraphs[0].add_run(_plain(text))
            run.bold = bool(heads) and number == 0


def _plain(text: str) -> str:
    """Without signs that a document cannot hold."""
    return "".join(sign for sign in text if sign.isprintable() or sign in "\t\n")
