"""What is registered of a risk area, and whether a list may rest on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringfence.engines.question import Engine
from ringfence.errors import NotAllowed, NotFound, Text
from ringfence.operations.areas.seen import Span
from ringfence.protocols.faults import offered
from ringfence.records.vocabularies import AREA_LEVELS
from ringfence.trace import words
from ringfence.trace.case_files import CaseFile, known_cases
from ringfence.trace.local_days import closing

AT_RISK = ("high", "medium")
"""Levels of which there are lists; what is low is no risk area."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class RiskArea:
    """`spans` of the rows that cite a case that stands, and all those `cases`."""

    area: str
    spans: tuple[Span, ...]
    cases: tuple[str, ...]
    warnings: tuple[Text, ...]


def area_rows(engine: Engine, area: str) -> list[dict[str, Any]]:
    """What the sources tell of it, in order of time. NotFound: no such area; others are named."""
    rows: list[dict[str, Any]] = engine.rows("area", "area", [area]).to_pylist()
    if not rows:
        known = engine.rows("area", "area", None)["area"].to_pylist()
        names = offered(area, sorted(set(known)))
        raise NotFound(
            f"no such area is known as of the time asked for; there are: {names.en}",
            f"截至所询时间没有此区域；现有区域：{names.zh}",
        )
    return sorted(rows, key=lambda row: (row["from"], row["source"]))


def cited(rows: Iterable[Row]) -> list[str]:
    return sorted({case for row in rows for case in row["cases"] or ()})


def risk_area(engine: Engine, rows: Sequence[Row]) -> RiskArea:
    """NotAllowed: it was at low risk only, or cites no case that stands."""
    area, zone = rows[0]["area"], engine.snapshot.zone
    risky = [row for row in rows if row["level"] in AT_RISK]
    if not risky:
        raise low_risk()
    files = known_cases(engine, cited(risky))
    stand = {case for case, file in files.items() if not file.ended}
    resting = [row for row in risky if stand.intersection(row["cases"] or ())]
    if not resting:
        raise _no_case(area, cited(risky), files)
    told = [*_contradictions(rows, zone), *_provisional([files[case] for case in sorted(stand)])]
    if len(resting) < len(risky):
        told.append(
            Text(
                f"times of {area} that cite no case that stands are left out",
                f"{area} 中未引用有效病例的时段未计入",
            )
        )
    spans = tuple(dict.fromkeys(_span(row, zone) for row in resting))
    cases = sorted(stand.intersection(cited(resting)))
    return RiskArea(area, spans, tuple(cases), tuple(told))


def low_risk() -> NotAllowed:
    return NotAllowed(
        "an area at low risk is no risk area: there is no list of its vehicles",
        "低风险地区不属于风险区域：不提供车辆名单",
    )


def _no_case(area: str, cases: Iterable[str], files: Mapping[str, CaseFile]) -> NotAllowed:
    why = [(case, _ENDED if case in files else _UNKNOWN) for case in cases]
    return NotAllowed(
        f"area {area} cites no case that stands, so there is no list: "
        + ", ".join(f"{case} {what.en}" for case, what in why),
        f"区域 {area} 未引用有效病例，不提供名单：" + "、".join(f"{c} {w.zh}" for c, w in why),
    )


_ENDED = Text("was discarded or withdrawn", "已被排除或撤销")
_UNKNOWN = Text("is not known", "未知")


def _span(row: Row, zone: str) -> Span:
    return Span(row["level"], row["from"], _end(row, zone), frozenset(row["places"] or ()))


def _end(row: Row, zone: str) -> datetime | None:
    """A last day is over with that day."""
    return None if row["to"] is None else closing(row["to"], row["to_precision"], zone)


def _provisional(files: Sequence[CaseFile]) -> list[Text]:
    """Where a confirmed case is cited the others change nothing."""
    if not all(file.provisional for file in files):
        return []
    return [words.warning("provisional", case=file.case) for file in files]


def _contradictions(rows: Sequence[Row], zone: str) -> list[Text]:
    """Where two levels hold at one time and place: both are told, and somebody should say which."""
    told = {}
    for number, one in enumerate(rows):
        for other in rows[number + 1 :]:
            if one["level"] != other["level"] and _meet(_span(one, zone), _span(other, zone)):
                levels = [AREA_LEVELS[row["level"]] for row in (one, other)]
                told[one["level"], other["level"]] = Text(
                    f"{one['area']} is told to have been at {levels[0].en} and at {levels[1].en} "
                    "at one time: both count; give the former the day on which it ended",
                    f"{one['area']} 在同一时段既为{levels[0].zh}又为{levels[1].zh}：两者均计入；"
                    "请补报前者的终止日期",
                )
    return list(told.values())


def _meet(one: Span, other: Span) -> bool:
    """Whether they have a place and a moment in common."""
    begins = max(one.start, other.start)
    goes_on = all(span.end is None or begins < span.end for span in (one, other))
    return goes_on and bool(one.places & other.places)
