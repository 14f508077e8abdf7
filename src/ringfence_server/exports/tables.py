"""What a list says, row by row: pseudonyms, places, times, words. Who a person is, none of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from ringfence.errors import NotFound, Text
from ringfence.lake import Home
from ringfence.protocols import catalogue
from ringfence.records.vocabularies import CLASSIFICATIONS
from ringfence.trace import words
from ringfence_server.cases import words as of_cases
from ringfence_server.cases.models import Case
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.tasks import words as of_tasks
from ringfence_server.tasks.kinds import kind_of
from ringfence_server.tasks.models import Task
from ringfence_server.tracing.models import Contact, Run

_AT_ONCE = 2_000
_CLASSES = {outcome.value: text for outcome, text in words.CLASS_SHORT.items()}
_YES = {True: Text("yes", "是"), False: Text("no", "否")}
Row = Sequence[str]


@dataclass(frozen=True)
class Table:
    """`rows`: read as they are sent. `about`: what the audit is told of it besides."""

    kind: str
    unit: Unit
    count: int
    heads: Sequence[Text]
    rows: Iterator[Row]
    case: Case | None = None
    run: Run | None = None
    filters: Mapping[str, str] = field(default_factory=dict)


def contacts(home: Home, run: Run, rows: QuerySet[Contact], spoken: str) -> Table:
    """Of one run. `spoken`: the reader's language."""
    heads = (
        Text("Case", "病例"),
        Text("Person (pseudonym)", "人员编号（代码）"),
        Text("Class", "类别"),
        Text("Ring", "圈层"),
        Text("First exposure", "首次暴露"),
        Text("Last exposure", "末次暴露"),
        Text("Minutes", "分钟"),
        Text("Places", "场所"),
        Text("Rules", "规则"),
        Text("Release", "解除日期"),
        Text("Provisional", "临时追踪"),
    )
    titles = _rules(home, run)
    zone = ZoneInfo(home.zone)

    def told() -> Iterator[Row]:
        for one in rows.order_by("rank").iterator(_AT_ONCE):
            yield (
                run.case.number,
                one.person,
                _CLASSES[one.outcome].to(spoken),
                str(one.order),
                _when(one.first_exposure, zone),
                _when(one.last_exposure, zone),
                "" if one.minutes is None else f"{one.minutes:.0f}",
                _places(one.stays, zone),
                "; ".join(
                    titles[rule].to(spoken) if rule in titles else rule for rule in one.rules
                ),
                one.release_date.isoformat() if one.release_date else "",
                _YES[one.provisional].to(spoken),
            )

    return Table("contacts", run.case.unit, rows.count(), heads, told(), run.case, run)


def _rules(home: Home, run: Run) -> dict[str, Text]:
    """Titles of the rules; where the home has this protocol no more, their keys stand alone."""
    try:
        protocol = catalogue.named(run.protocol, home.protocols).protocol
    except NotFound:
        return {}
    return {rule.id: words.rule_title(rule) for rule in protocol.rules}


def _places(stays: Sequence[Sequence[str]], zone: ZoneInfo) -> str:
    said = []
    for label, part, start, end, *_ in stays:
        where = f"{label}, {part}" if part else label
        came, left = (datetime.fromisoformat(moment) for moment in (start, end))
        said.append(f"{where} {_when(came, zone)}–{_when(left, zone)}")
    return "; ".join(said)


def cases(
    home: Home, unit: Unit, rows: QuerySet[Case], filters: Mapping[str, str], spoken: str
) -> Table:
    heads = (
        Text("Number", "编号"),
        Text("Disease", "病种"),
        Text("Classification", "分类"),
        Text("Unit", "单位"),
        Text("Owner", "归属单位"),
        Text("Onset", "发病"),
        Text("Sample", "采样"),
        Text("Report", "报告"),
        Text("Isolation", "隔离"),
        Text("State", "状态"),
    )
    zone = ZoneInfo(home.zone)

    def told() -> Iterator[Row]:
        for one in rows.select_related("unit", "owner").iterator(_AT_ONCE):
            yield (
                one.number,
                one.disease,
                CLASSIFICATIONS[one.classification].to(spoken),
                one.unit.name(spoken),
                one.owner.name(spoken),
                *(
                    _moment(getattr(one, f"{name}_at"), getattr(one, f"{name}_precision"), zone)
                    for name in ("onset", "sampled", "reported", "isolated")
                ),
                of_cases.STATES[one.state].to(spoken),
            )

    return Table("cases", unit, rows.count(), heads, told(), filters=filters)


def tasks(
    home: Home, unit: Unit, rows: QuerySet[Task], filters: Mapping[str, str], spoken: str
) -> Table:
    heads = (
        Text("Number", "编号"),
        Text("Task", "任务"),
        Text("Person (pseudonym)", "人员编号（代码）"),
        Text("Unit", "单位"),
        Text("In hand of", "执行账户"),
        Text("State", "状态"),
        Text("Made", "生成时间"),
        Text("Due", "时限"),
    )
    zone = ZoneInfo(home.zone)

    def told() -> Iterator[Row]:
        for one in rows.order_by("due_at", "pk").iterator(_AT_ONCE):
            yield (
                str(one.pk),
                kind_of(one.kind).text.to(spoken),
                one.follow_up.person,
                one.unit.name(spoken),
                one.account.username if one.account else "",
                of_tasks.STATES[one.state].to(spoken),
                _when(one.made_at, zone),
                _when(one.due_at, zone),
            )

    return Table("tasks", unit, rows.count(), heads, told(), filters=filters)


def _when(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def _moment(at: datetime | None, precision: str, zone: ZoneInfo) -> str:
    if at is None:
        return ""
    return f"{at.astimezone(zone):%Y-%m-%d}" if precision == "day" else _when(at, zone)
