"""Every word of a trace that a person reads, in English and Chinese."""

from __future__ import annotations

from ringfence.errors import Text
from ringfence.protocols.model import Exemption, Fact, Outcome, Protocol, Rule
from ringfence.records import vocabularies
from ringfence.trace.ride_words import RIDE_QUESTIONS

CLASS_TERMS: dict[Outcome, Text] = {
    Outcome.CLOSE: Text("close contact", "密切接触者"),
    Outcome.GENERAL: Text("general contact", "一般接触者"),
    Outcome.SECOND: Text("contact of a contact", "次密接（密接的密接）"),
}
CLASS_SHORT: dict[Outcome, Text] = {
    Outcome.CLOSE: Text("close", "密接"),
    Outcome.GENERAL: Text("general", "一般接触"),
    Outcome.SECOND: Text("second", "次密接"),
}
KIND_TERMS: dict[str, Text] = {
    "presence": Text("stay at the same place", "同处停留"),
    "event": Text("record at the same place", "同处瞬时记录"),
    "encounter": Text("measured encounter", "近距离接触记录"),
    "link": Text("declared relation", "申报关系"),
    "ride": Text("same conveyance", "同乘"),
    "occupancy": Text("same vehicle", "同车"),
}
ROW_TERMS: dict[str, Text] = {
    "case": Text("of the case", "病例"),
    "via": Text("of the contact between", "中间接触者"),
    "contact": Text("of the contact", "接触者"),
}
FLAG_TERMS: dict[str, Text] = {
    "exposure_ongoing": Text("exposure goes on", "暴露仍在持续"),
    "known_case": Text("is a case too", "本人已是病例"),
    "later_exposure_unknown": Text(
        "may have been exposed later: see the questions", "可能有更晚的暴露：见待核问题"
    ),
}
UNDESCRIBED_SETTING = Text("place not described", "场所未登记")

# {place} and {case} are the sender's keys; where no place is known the second text is used.
_QUESTIONS: dict[str, tuple[Text, Text]] = {
    Fact.SETTING: (
        Text("What kind of place is {place}?", "{place} 是什么类型的场所？"),
        Text(
            "In what kind of place did they meet case {case}?", "与病例 {case} 接触的是什么场所？"
        ),
    ),
    Fact.ZONE: (
        Text(
            "In which part of {place} (hall, floor, ward) was each of them?",
            "在 {place} 内，各人分别处于哪个区域（厅、楼层、病区）？",
        ),
        Text(
            "Were they in the same part of the place as case {case}?",
            "与病例 {case} 是否处于场所内同一区域？",
        ),
    ),
    Fact.VENTILATION: (
        Text("Was {place} well ventilated?", "{place} 通风是否良好？"),
        Text(
            "Was the place where they met case {case} well ventilated?",
            "与病例 {case} 接触的场所通风是否良好？",
        ),
    ),
    Fact.DISTANCE: (
        Text(
            "How near to case {case} did they come at {place}?",
            "在 {place} 与病例 {case} 的最近距离是多少？",
        ),
        Text("How near to case {case} did they come?", "与病例 {case} 的最近距离是多少？"),
    ),
    Fact.PHYSICAL: (
        Text("Did they touch case {case} at {place}?", "在 {place} 与病例 {case} 是否有身体接触？"),
        Text("Did they touch case {case}?", "与病例 {case} 是否有身体接触？"),
    ),
    Fact.INDOOR: (
        Text("Was it indoors at {place}?", "在 {place} 的接触是否在室内？"),
        Text("Did they meet case {case} indoors?", "与病例 {case} 的接触是否在室内？"),
    ),
    Fact.CASE_ROLE: (
        Text(
            "What did case {case} do at {place} (visitor, staff, patient …)?",
            "病例 {case} 在 {place} 是什么身份（访客、工作人员、患者等）？",
        ),
        Text(
            "What was the role of case {case} (visitor, staff, patient …)?",
            "病例 {case} 是什么身份（访客、工作人员、患者等）？",
        ),
    ),
    Fact.CONTACT_ROLE: (
        Text(
            "What did these people do at {place} (visitor, staff, patient …)?",
            "这些人员在 {place} 是什么身份（访客、工作人员、患者等）？",
        ),
        Text(
            "What was the role of these people (visitor, staff, patient …)?",
            "这些人员是什么身份（访客、工作人员、患者等）？",
        ),
    ),
    Fact.SYMPTOMATIC: (
        Text("Has case {case} had symptoms?", "病例 {case} 是否有症状？"),
        Text("Has case {case} had symptoms?", "病例 {case} 是否有症状？"),
    ),
    Fact.DWELL: (
        Text("How long did they really stay at {place}?", "他们在 {place} 实际停留了多久？"),
        Text(
            "How long were they really together with case {case}?",
            "与病例 {case} 实际相处了多久？",
        ),
    ),
    Fact.CASE_STAY: (
        Text(
            "Was case {case} (or the contact between) really at {place}? It was denied.",
            "病例 {case}（或中间接触者）是否确实到过 {place}？已有人否认。",
        ),
        Text(
            "Was case {case} (or the contact between) really there? It was denied.",
            "病例 {case}（或中间接触者）是否确实在场？已有人否认。",
        ),
    ),
    Fact.CONTACT_STAY: (
        Text(
            "Were these people really at {place}? It was denied.",
            "这些人员是否确实到过 {place}？已有人否认。",
        ),
        Text(
            "Were these people really there? It was denied.", "这些人员是否确实在场？已有人否认。"
        ),
    ),
    "anchor": (
        Text(
            "When did case {case} fall ill, or when was the first positive sample taken? "
            "Without a date the case cannot be traced.",
            "病例 {case} 何时发病，或首次阳性样本何时采集？缺少日期无法追踪。",
        ),
        Text(
            "When did case {case} fall ill, or when was the first positive sample taken? "
            "Without a date the case cannot be traced.",
            "病例 {case} 何时发病，或首次阳性样本何时采集？缺少日期无法追踪。",
        ),
    ),
}

_WARNINGS: dict[str, Text] = {
    "draft": Text(
        "{protocol} is a draft: its primary source is not complete. Do not order measures by it.",
        "{protocol} 为草案：原始依据不完整，不得据此下达管控措施。",
    ),
    "provisional": Text(
        "case {case} is not confirmed: everything that rests on it is provisional",
        "病例 {case} 尚未确诊：由其得出的结果均为暂定",
    ),
    "disease": Text(
        "{protocol} is not for the disease of case {case}",
        "{protocol} 不适用于病例 {case} 的病种",
    ),
    "case_told_apart": Text(
        "sources contradict each other about case {case} ({columns}): the least sure is taken",
        "各来源对病例 {case} 的说法不一（{columns}）：取最不确定者",
    ),
    "empty_window": Text(
        "case {case} was isolated before it could infect anybody",
        "病例 {case} 在传染期开始前已被隔离",
    ),
    "purged": Text(
        "evidence purged: {table} records of this period were removed at the end of their "
        "retention; the list may be shorter than it was",
        "证据已清除：该时段的 {table} 记录已按保存期限清除，名单可能少于当时",
    ),
    "no_anchor": Text(
        "case {case} has no date from which its infectious window can be reckoned",
        "病例 {case} 缺少可用于推算传染期的日期",
    ),
    "place_kind": Text(
        "sources contradict each other about the kind of {place}: that of {source} is used",
        "各来源对 {place} 的场所类型说法不一，采用 {source} 的说法",
    ),
    "no_crowd_limit": Text(
        "traced without crowd limit: crowded venues are expanded in full",
        "未设人数上限：人员密集场所已全部展开",
    ),
}


def question(fact: str, *, place: str | None, case: str) -> Text:
    """What to ask so that people stop being doubtful. `fact`: of a rule or a ride, or `anchor`."""
    if fact in RIDE_QUESTIONS:
        chosen = RIDE_QUESTIONS[fact]
    else:
        here, anywhere = _QUESTIONS[fact]
        chosen = anywhere if place is None else here
    return Text(*(form.format(place=place, case=case) for form in chosen))


def warning(name: str, **values: str) -> Text:
    return Text(*(form.format(**values) for form in _WARNINGS[name]))


def setting(name: str | None) -> Text:
    if name is None:
        return UNDESCRIBED_SETTING
    return vocabularies.SETTING_TERMS[vocabularies.Setting(name)]


def certainty(name: str) -> Text:
    return vocabularies.CERTAINTIES[name]


def classification(name: str) -> Text:
    return vocabularies.CLASSIFICATIONS.get(name, Text(name, name))


def measure(kind: str) -> Text:
    return vocabularies.MEASURE_KINDS.get(kind, Text(kind, kind))


def anchor(kind: str | None) -> Text:
    if kind is None:
        return Text("no usable date", "无可用日期")
    if kind == "sample":
        return Text("first positive sample", "首次阳性采样")
    return vocabularies.CASE_EVENT_KINDS.get(kind, Text(kind, kind))


def flag(name: str, protocol: Protocol) -> Text:
    """A flag of a contact; `<exemption>_unknown` says that an exemption could not be judged."""
    if name in FLAG_TERMS:
        return FLAG_TERMS[name]
    known = {f"{e.id}_unknown": e for rule in protocol.rules for e in rule.exemptions}
    if name in known:
        what = _exemption(known[name])
        return Text(f"not known: {what.en}", f"情况不明：{what.zh}")
    exemption, _, state = name.rpartition("_")
    if state == "unknown" and exemption:
        return Text(f"exemption {exemption} not known", f"豁免条件 {exemption} 情况不明")
    return Text(name.replace("_", " "), name)


def _exemption(stated: Exemption) -> Text:
    """All that an exemption asks for, in words."""
    asked: list[Text] = []
    if stated.masks is not None:
        asked.append(_MASKS[stated.masks])
    if stated.ppe:
        asked.append(Text("protective equipment", "是否有效防护"))
    if stated.doses is not None:
        asked.append(Text(f"{stated.doses} vaccine doses", f"是否接种 {stated.doses} 剂疫苗"))
    if stated.roles:
        roles = [vocabularies.ROLES.get(role, Text(role, role)) for role in stated.roles]
        asked.append(
            Text(
                "both being " + " or ".join(role.en for role in roles),
                "双方是否为" + "或".join(role.zh for role in roles),
            )
        )
    if stated.indoor is not None:
        asked.append(_INDOOR[stated.indoor])
    if stated.apart_m is not None:
        metres = f"{stated.apart_m:g}"
        asked.append(Text(f"{metres} m apart", f"是否相距 {metres} 米"))
    return Text(", ".join(text.en for text in asked), "、".join(text.zh for text in asked))


_MASKS = {
    "both": Text("masks of both", "双方是否佩戴口罩"),
    "either": Text("a mask of either", "任一方是否佩戴口罩"),
}
_INDOOR = {True: Text("indoors", "是否在室内"), False: Text("outdoors", "是否在室外")}


def rule_title(rule: Rule) -> Text:
    return rule.title or Text(rule.id, rule.id)
