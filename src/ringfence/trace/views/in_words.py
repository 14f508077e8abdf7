"""Why a person is, or is not, a contact: each piece of evidence as a sentence, down to its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ringfence.engines.snapshot import Batch
from ringfence.errors import Text
from ringfence.lake.lineage import file_of, part_and_row
from ringfence.protocols.model import Protocol
from ringfence.trace import words
from ringfence.trace.result import Contact, Evidence, RecordRow, ReviewItem, Trace, TracedCase
from ringfence.trace.views import as_json
from ringfence.trace.views.figures import clock, number, span


def sentences(trace: Trace, person: str, batches: Mapping[str, Batch]) -> tuple[Text, ...]:
    """What can be said about `person` (a person or one of the subjects), headline first.

    Lines that start with two blanks tell the rows behind the line above them.
    """
    contact = _contact(trace, person)
    said: list[Text] = []
    if contact is not None:
        said += of_contact(trace, contact, batches)
    else:
        said.append(_not_a_contact(trace, person))
        said += _what_was_not_seen(trace, person)
    return (*said, *still_open(trace, person))


def still_open(trace: Trace, person: str) -> list[Text]:
    """What is not answered yet about `person`."""
    questions = _questions(trace, person)
    said: list[Text] = []
    if questions:
        said.append(
            Text(
                "Questions still open about this person:",
                "关于此人尚待核实的问题：",
            )
        )
        said += [_indented(item.question) for item in questions]
    elif _contact(trace, person) is None and not _is_case(trace, person):
        said.append(
            Text(
                "No open question is about this person either.",
                "也没有与此人有关的待核实问题。",
            )
        )
    return said


def of_contact(trace: Trace, contact: Contact, batches: Mapping[str, Batch]) -> list[Text]:
    """Why this contact is one, headline first."""
    said = _headline(trace, contact)
    for evidence in contact.evidence:
        said.append(_evidence(trace, contact, evidence))
        said += [_indented(_row(row, batches)) for row in evidence.rows]
    said += [words.flag(flag, trace.protocol) for flag in contact.flags]
    return [*said, *_orders(contact)]


def text(trace: Trace, person: str, batches: Mapping[str, Batch], language: str = "en") -> str:
    return "\n".join(line.to(language) for line in sentences(trace, person, batches)) + "\n"


def document(
    trace: Trace, person: str, batches: Mapping[str, Batch], language: str = "en"
) -> dict[str, Any]:
    """The same as JSON: the contact as `trace` gives it, rows with the name of their file and the
    batch of its receipt.
    """
    contact = _contact(trace, person)
    found = None if contact is None else as_json.contact_document(contact, trace.zone)
    for evidence in found["evidence"] if found else ():
        for row in evidence["rows"]:
            batch = batches.get(row["batch"])
            row["file"] = _file(batch, row.get("part", 0))
            row["import"] = batch.receipt if batch else None
    return {
        "person": person,
        "protocol": trace.protocol.id,
        "protocol_version": trace.protocol.version,
        "draft": trace.protocol.draft,
        "cases": [case.case for case in trace.cases],
        "is_contact": contact is not None,
        "is_case": _is_case(trace, person),
        "contact": found,
        "review": [
            as_json.review_document(item, trace.zone, language)
            for item in _questions(trace, person)
        ],
        "sentences": [line.to(language) for line in sentences(trace, person, batches)],
    }


def _contact(trace: Trace, person: str) -> Contact | None:
    return next(
        (c for c in trace.contacts if person == c.person or person in c.subjects),
        None,
    )


def _questions(trace: Trace, person: str) -> list[ReviewItem]:
    contact = _contact(trace, person)
    names = {person} if contact is None else {contact.person, *contact.subjects}
    return [item for item in trace.review if names & set(item.people)]


def _is_case(trace: Trace, person: str) -> bool:
    return any(case.subject == person for case in trace.cases)


def _headline(trace: Trace, contact: Contact) -> list[Text]:
    kind = words.CLASS_TERMS[contact.outcome]
    cases_en = ", ".join(contact.cases)
    cases_zh = "、".join(contact.cases)
    plural = "s" if len(contact.cases) > 1 else ""
    said = [
        Text(
            f"{contact.person}: {kind.en} of case{plural} {cases_en} (ring {contact.order}), "
            f"by protocol {_version(trace.protocol).en}.",
            f"{contact.person}：病例 {cases_zh} 的{kind.zh}（第 {contact.order} 圈），"
            f"依据方案 {_version(trace.protocol).zh}。",
        )
    ]
    if contact.provisional:
        said.append(
            Text(
                "Provisional: it rests on a case that is not confirmed. No orders follow from it.",
                "暂定：所依据的病例尚未确诊，不得据此下达管控措施。",
            )
        )
    return said


def _version(protocol: Protocol) -> Text:
    return Text(
        f"{protocol.id} version {protocol.version}" + (" (draft)" if protocol.draft else ""),
        f"{protocol.id} 第 {protocol.version} 版" + ("（草案）" if protocol.draft else ""),
    )


def _evidence(trace: Trace, contact: Contact, evidence: Evidence) -> Text:
    start, end = span(evidence.start, evidence.end, trace.zone)
    rule = next((rule for rule in trace.protocol.rules if rule.id == evidence.rule), None)
    title = words.rule_title(rule) if rule else Text(evidence.rule, evidence.rule)
    who = _who(contact, evidence)
    where = _where(trace, evidence)
    lasting = _lasting(evidence)
    grade = words.certainty(evidence.certainty)
    return Text(
        f"{who.en}{where.en}, from {start} to {end} ({lasting.en}): "
        f'rule "{title.en}" ({evidence.rule}) of {_version(trace.protocol).en}; '
        f"certainty: {grade.en}.",
        f"{start} 至 {end}（{lasting.zh}），{who.zh}{where.zh}："
        f"依据 {_version(trace.protocol).zh}规则“{title.zh}”（{evidence.rule}）；"
        f"证据等级：{grade.zh}。",
    )


def _who(contact: Contact, evidence: Evidence) -> Text:
    if evidence.via is None:
        other = Text(f"case {evidence.case}", f"病例 {evidence.case}")
    else:
        other = Text(
            f"{evidence.via} (close contact of case {evidence.case})",
            f"{evidence.via}（病例 {evidence.case} 的密接）",
        )
    verb = {
        "presence": Text("shared a place with", "与{other} 同处"),
        "event": Text("was recorded at the same place as", "与{other} 留有记录于"),
        "encounter": Text("was measured near", "与{other} 有近距离接触记录"),
        "link": Text("has a declared relation with", "与{other} 有申报关系"),
        "ride": Text("travelled with", "与{other} 同乘"),
        "occupancy": Text("shared a vehicle with", "与{other} 同车"),
    }[evidence.kind]
    return Text(
        f"{contact.person} {verb.en} {other.en}",
        f"{contact.person} {verb.zh.format(other=other.zh)}",
    )


_PART_OF_A_PLACE = Text("zone", "分区")
_PART_OF_A_RUN = Text("the latter's seat", "后者座位")


def _where(trace: Trace, evidence: Evidence) -> Text:
    setting = words.setting(evidence.setting)
    if evidence.kind == "encounter":
        return Text("", "")
    if evidence.place is None:
        return Text(f" ({setting.en})", f"（{setting.zh}）")
    part = _PART_OF_A_RUN if evidence.kind == "ride" else _PART_OF_A_PLACE
    zone_en = f", {part.en} {evidence.zone}" if evidence.zone else ""
    zone_zh = f"，{part.zh} {evidence.zone}" if evidence.zone else ""
    place = trace.place_label(evidence.place)
    where = {"ride": "on", "occupancy": "in"}.get(evidence.kind, "at")
    return Text(f" {where} {place}, {setting.en}{zone_en}", f" {place}，{setting.zh}{zone_zh}")


def _lasting(evidence: Evidence) -> Text:
    if evidence.minutes is None:
        return Text("no duration recorded", "未记录时长")
    return Text(f"{number(evidence.minutes)} min", f"{number(evidence.minutes)} 分钟")


def _row(row: RecordRow, batches: Mapping[str, Batch]) -> Text:
    of = words.ROW_TERMS[row.of]
    part, number = part_and_row(row.row)
    batch = batches.get(row.batch)
    file = _file(batch, part)
    receipt = (batch.receipt if batch else row.batch)[:8]
    en = f"file {file}" if file else "a file no longer listed"
    zh = f"文件 {file}" if file else "已不在目录中的文件"
    return Text(
        f"record {of.en}: {en}, row {number} (source {row.source}, batch {receipt})",
        f"{of.zh}记录：{zh} 第 {number} 行（来源 {row.source}，批次 {receipt}）",
    )


def _file(batch: Batch | None, part: int) -> str | None:
    return None if batch is None else file_of(batch.file_name, batch.parts, part)


def _orders(contact: Contact) -> list[Text]:
    said = []
    for ordered in contact.measures:
        kind = words.measure(ordered.measure.kind)
        tests = ", ".join(day.isoformat() for day in ordered.tests)
        said.append(
            Text(
                f"Measure: {kind.en}, {ordered.measure.days} days, from {ordered.start} "
                f"until {ordered.until}" + (f"; tests on {tests}" if tests else "") + ".",
                f"措施：{kind.zh} {ordered.measure.days} 天，自 {ordered.start} "
                f"至 {ordered.until}" + (f"；检测日期 {tests}" if tests else "") + "。",
            )
        )
    if contact.release_date is not None:
        said.append(
            Text(f"Release date: {contact.release_date}.", f"解除日期：{contact.release_date}。")
        )
    return said


def _not_a_contact(trace: Trace, person: str) -> Text:
    own = next((case for case in trace.cases if case.subject == person), None)
    if own is not None:
        return Text(
            f"{person} is the person of case {own.case}: the traced cases are not listed "
            "as contacts.",
            f"{person} 即病例 {own.case} 本人：被追踪的病例不列为接触者。",
        )
    en = ", ".join(_window(trace, case).en for case in trace.cases)
    zh = "、".join(_window(trace, case).zh for case in trace.cases)
    return Text(
        f"{person} is not a contact of {en}: no record known satisfies a rule of "
        f"{_version(trace.protocol).en}.",
        f"{person} 不是{zh}的接触者：已知记录均不符合方案 {_version(trace.protocol).zh}的规则。",
    )


def _what_was_not_seen(trace: Trace, person: str) -> list[Text]:
    """ "Not a contact" is only as good as what was looked at."""
    if _is_case(trace, person):
        return []
    said = list(trace.warnings)
    if trace.venues:
        count = len(trace.venues)
        said.append(
            Text(
                f"People at {count} crowded venue stay(s) were counted, not listed: "
                "this person may be one of them.",
                f"{count} 处人员密集停留仅计数、未展开：此人可能在其中。",
            )
        )
    return said


def _window(trace: Trace, case: TracedCase) -> Text:
    if case.start is None:
        return Text(f"case {case.case} (window not known)", f"病例 {case.case}（传染期不明）")
    start = clock(case.start, trace.zone)
    end = clock(case.end or trace.as_of, trace.zone)
    return Text(
        f"case {case.case} (infectious from {start} to {end})",
        f"病例 {case.case}（传染期 {start} 至 {end}）",
    )


def _indented(line: Text) -> Text:
    return Text("  " + line.en, "  " + line.zh)
