"""`ringfence requests`: data asked for from agencies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli.acting import acting
from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    Context,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
    read_time,
)
from ringfence.errors import Text, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ringfence.operations.requests import AgencyTimes, Request

RequestArgument = Annotated[
    str, typer.Argument(metavar="REQUEST", help=said("Like R12.", "例如 R12。"))
]
_STATES = {
    "open": Text("open", "待答复"),
    "answered": Text("answered", "已答复"),
    "late": Text("answered late", "逾期答复"),
    "withdrawn": Text("withdrawn", "已撤回"),
}
_NOT_YET = "–"


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said(
            "Data asked for from agencies, and how long they take.",
            "向有关单位调取数据，及其答复用时。",
        ),
        no_args_is_help=True,
    )
    group.command("open", help=said("Ask an agency for data.", "向单位提出调取请求。"))(open_)
    group.command("list", help=said("Requests as they stand.", "列出请求及其状态。"))(list_)
    group.command(
        "answer", help=said("Say which batch answers a request.", "登记答复请求的批次。")
    )(answer)
    group.command("withdraw", help=said("It is no longer needed.", "撤回请求。"))(withdraw)
    group.command(
        "report", help=said("Minutes waited, by agency.", "按单位统计答复用时（分钟）。")
    )(report)
    app.add_typer(group, name="requests")


def open_(
    agency: Annotated[
        str, typer.Argument(metavar="AGENCY", help=said("Who is asked.", "被调取的单位。"))
    ],
    *,
    case: Annotated[
        str, typer.Option(metavar="C", help=said("The case it is for.", "所为的病例。"))
    ],
    basis: Annotated[
        str,
        typer.Option(metavar="TEXT", help=said("Legal basis of the request.", "法律依据。")),
    ],
    tables: Annotated[
        list[str],
        typer.Option(
            "--table",
            metavar="TABLE",
            help=said("Table asked for; may be repeated.", "调取的数据表；可重复。"),
        ),
    ],
    start: Annotated[
        str,
        typer.Option(
            "--from", metavar="T", help=said("Begin of the time asked for.", "起始时间。")
        ),
    ],
    end: Annotated[
        str,
        typer.Option(
            "--to", metavar="T", help=said("Its end, not included.", "终止时间（不含）。")
        ),
    ],
    due: Annotated[
        str, typer.Option(metavar="T", help=said("Deadline of the answer.", "答复期限。"))
    ],
    places: Annotated[
        list[str] | None,
        typer.Option(
            "--place",
            metavar="P",
            help=said(
                "Everybody at this place; may be repeated. [default: the case's own rows only]",
                "该场所的所有人员；可重复。[默认：仅病例本人的记录]",
            ),
        ),
    ] = None,
    services: Annotated[
        list[str] | None,
        typer.Option(
            "--service",
            metavar="S",
            help=said("Everybody on this service; may be repeated.", "该班次的所有人员；可重复。"),
        ),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.requests import Scope, open_request

    context = make_context(home, clock, as_json, lang)
    scope = Scope(
        tuple(tables),
        read_time("--from", start),
        read_time("--to", end),
        tuple(places or ()),
        tuple(services or ()),
    )
    until, act = read_time("--due", due), Text("Asked", "已提出")
    if (server := context.server()) is not None:
        from ringfence.cli.api.requesting import open_through

        told = open_through(server, agency=agency, basis=basis, case=case, scope=scope, due=until)
        _tell(context, told.request, act, replayed=told.replayed, now=told.at)
        return 0
    now = context.now()
    done = open_request(
        context.home(),
        agency=agency,
        basis=basis,
        case=case,
        scope=scope,
        due=until,
        by=acting(),
        now=now,
    )
    _tell(context, done.request, act, replayed=done.replayed, now=now)
    return 0


def answer(
    request: RequestArgument,
    batch: Annotated[
        str,
        typer.Argument(
            metavar="BATCH",
            help=said("Batch, or its first 8 characters or more.", "批次号，或其前 8 位以上。"),
        ),
    ],
    *,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.requests import answer_request

    context = make_context(home, clock, as_json, lang)
    act = Text("Answered", "已登记答复")
    if (server := context.server()) is not None:
        from ringfence.cli.api.requesting import answer_through

        told = answer_through(server, request, batch)
        _tell(context, told.request, act, replayed=told.replayed, now=told.at)
        return 0
    now = context.now()
    done = answer_request(context.home(), request, batch, by=acting(), now=now)
    _tell(context, done.request, act, replayed=done.replayed, now=now)
    return 0


def withdraw(
    request: RequestArgument,
    *,
    reason: Annotated[
        str, typer.Option(metavar="R", help=said("Why; it is kept.", "理由；将被保存。"))
    ],
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.requests import withdraw_request

    context = make_context(home, clock, as_json, lang)
    act = Text("Withdrawn", "已撤回")
    if (server := context.server()) is not None:
        from ringfence.cli.api.requesting import withdraw_through

        told = withdraw_through(server, request, reason)
        _tell(context, told.request, act, replayed=told.replayed, now=told.at)
        return 0
    now = context.now()
    done = withdraw_request(context.home(), request, reason, by=acting(), now=now)
    _tell(context, done.request, act, replayed=done.replayed, now=now)
    return 0


def list_(
    *,
    case: Annotated[
        str | None, typer.Option(metavar="C", help=said("Of this case only.", "仅该病例的请求。"))
    ] = None,
    state: Annotated[
        str | None,
        typer.Option(
            metavar="|".join(_STATES), help=said("In this state only.", "仅处于该状态的请求。")
        ),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.requests import all_requests

    if state is not None and state not in _STATES:
        words = ", ".join(_STATES)
        raise UsageError(f"--state is one of: {words}", f"--state 只能是：{words}")
    context = make_context(home, clock, as_json, lang)
    found: Sequence[Request]
    if (server := context.server()) is not None:
        from ringfence.cli.api.requesting import requests_through

        told = requests_through(server, case, state)
        found, now, zone = told.requests, told.at, told.zone
    else:
        opened, now = context.home(), context.now()
        zone = opened.zone
        found = [
            request
            for request in all_requests(opened)
            if case in (None, request.case) and state in (None, request.state)
        ]
    if as_json:
        context.print_json([request.as_json(now) for request in found])
    elif found:
        _show(context, found, now, zone)
    else:
        context.print(Text("There is no such request.", "没有这样的请求。"))
    return 0


def report(
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.requests import all_requests, answer_times

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        from ringfence.cli.api.requesting import requests_through

        told = requests_through(server)
        times = answer_times(told.requests, told.at)
    else:
        times = answer_times(all_requests(context.home()), context.now())
    if as_json:
        context.print_json([agency.as_json() for agency in times])
    elif times:
        _show_times(context, times)
    else:
        context.print(Text("Nothing has been asked for.", "尚未提出任何请求。"))
    return 0


def _tell(context: Context, request: Request, act: Text, *, replayed: bool, now: datetime) -> None:
    if context.as_json:
        context.print_json({**request.as_json(now), "replayed": replayed})
        return
    if replayed:
        context.print(
            Text(
                f"{request.name} was so before; nothing changed.",
                f"{request.name} 此前已如此；未作更改。",
            )
        )
    else:
        context.print(
            Text(
                f"{act.en}: {request.name} ({request.agency}, case {request.case}).",
                f"{act.zh}：{request.name}（{request.agency}，病例 {request.case}）。",
            )
        )
    if request.received_at is not None:
        waited = request.minutes_waited(now)
        late = Text("late", "逾期") if request.state == "late" else Text("in time", "按期")
        context.print(
            Text(
                f"The answer took {waited:,.0f} minutes: {late.en}.",
                f"答复用时 {waited:,.0f} 分钟：{late.zh}。",
            )
        )
    if request.coverage is not None and request.coverage.beyond:
        rows, beyond = request.coverage.rows, request.coverage.beyond
        context.print(
            Text(
                f"{beyond:,} of its {rows:,} rows were not asked for (other times, places, "
                "services).",
                f"其 {rows:,} 行中有 {beyond:,} 行超出调取范围（时间、场所或班次）。",
            )
        )


def _show(context: Context, requests: Sequence[Request], now: datetime, zone: str) -> None:
    from zoneinfo import ZoneInfo

    from rich.markup import escape
    from rich.table import Table

    local = ZoneInfo(zone)
    shown = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (
        Text("request", "请求"),
        Text("agency", "单位"),
        Text("case", "病例"),
        Text("tables", "数据表"),
        Text("due", "期限"),
        Text("state", "状态"),
        Text("batch", "批次"),
    ):
        shown.add_column(context.say(heading), overflow="fold")
    waited = Text("minutes", "分钟")
    shown.add_column(context.say(waited), justify="right")
    for request in requests:
        state = context.say(_STATES[request.state])
        if request.overdue(now):
            state = context.say(Text("overdue", "已逾期"))
        shown.add_row(
            request.name,
            escape(request.agency),
            escape(request.case),
            ", ".join(request.scope.tables),
            f"{request.due.astimezone(local):%m-%d %H:%M}",
            state,
            _NOT_YET if request.batch is None else request.batch[:8],
            f"{request.minutes_waited(now):,.0f}",
        )
    context.console().print(shown)


def _show_times(context: Context, times: tuple[AgencyTimes, ...]) -> None:
    from rich.markup import escape
    from rich.table import Table

    shown = Table(box=None, padding=(0, 2, 0, 0))
    shown.add_column(context.say(Text("agency", "单位")), overflow="fold")
    for heading in (
        Text("answered", "已答复"),
        Text("late", "逾期"),
        Text("open", "待答复"),
        Text("overdue", "已逾期"),
        Text("median", "中位数"),
        Text("p90", "P90"),
        Text("longest open", "最长等待"),
    ):
        shown.add_column(context.say(heading), justify="right", no_wrap=True)
    for agency in times:
        counts = (agency.answered, agency.late, agency.open, agency.overdue)
        minutes = (agency.median_minutes, agency.p90_minutes, agency.longest_open_minutes)
        shown.add_row(
            escape(agency.agency),
            *(str(count) for count in counts),
            *(_NOT_YET if wait is None else f"{wait:,.0f}" for wait in minutes),
        )
    context.console().print(shown)
    context.print(Text("Times are minutes from question to answer.", "用时为提出至答复的分钟数。"))
