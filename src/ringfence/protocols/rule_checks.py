"""What the fields of one rule must have to do with each other."""

from __future__ import annotations

from ringfence.protocols.fields import Section
from ringfence.protocols.model import Fact, OneOf, Rule
from ringfence.records.vocabularies import relation_setting


def check_evidence(section: Section, found: Rule) -> None:
    if found.minutes and "link" in found.evidence:
        section.note(
            "a link has no duration: a rule that reads links cannot ask for minutes",
            "关系记录没有时长：读取 link 的规则不能要求分钟数",
            "minutes",
        )
    if found.lag_minutes and not {"presence", "event", "occupancy"} & set(found.evidence):
        section.note(
            "only stays (presence, event, occupancy) leave air behind: lag needs one of them",
            "只有停留记录（presence、event、occupancy）才有残留空气：lag 需要其中之一",
            "lag",
        )
    if found.accepts_assumed and not {"presence", "event", "ride"} & set(found.evidence):
        section.note(
            "only stays (presence, event) and rides can be assumed",
            "只有停留（presence、event）和乘坐记录可能是推定的",
            "accepts",
        )
    if (found.ride or "ride" in found.evidence) and found.evidence != ("ride",):
        section.note(
            "rides are judged by themselves, and tell seat, vehicle and trip: evidence is ride",
            "乘坐记录单独判定，seat、vehicle、trip 均取自其中：evidence 应仅为 ride",
            "evidence",
        )
    for exempt in found.exemptions:
        if exempt.ppe and "link" not in found.evidence:
            section.note(
                "ppe is known of links only; this rule reads none",
                "ppe 只见于关系记录；本规则不读取 link",
                "unless",
            )
        if exempt.apart_m is not None and "encounter" not in found.evidence:
            section.note(
                "apart is known of encounters only; this rule reads none",
                "apart 只见于近距离接触记录；本规则不读取 encounter",
                "unless",
            )


def check_relations(section: Section, found: Rule) -> None:
    if found.relations and "link" not in found.evidence:
        section.note(
            "relation is read from links: evidence must have link",
            "relation 取自关系记录：evidence 必须包含 link",
            "relation",
        )
    for condition in found.conditions:
        if isinstance(condition, OneOf) and condition.fact is Fact.SETTING:
            for relation in found.relations:
                setting = relation_setting(relation)
                if setting not in condition.words:
                    section.note(
                        f"the relation '{relation}' has the setting {setting}, "
                        "which this rule does not name",
                        f"关系“{relation}”的场景为 {setting}，本规则未列出",
                        "relation",
                    )
