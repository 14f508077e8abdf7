"""`ringfence passengers`: who rode with a case on one run, in which seat, from stop to stop."""

from __future__ import annotations

import sys
from pathlib import Path
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
    read_day,
)
from ringfence.cli.tracing import AsOfOption, EngineOption, ProtocolOption, engine_named, read_as_of
from ringfence.cli.written import check_file, write_whole
from ringfence.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.cli.api.asking import Server
    from ringfence.operations.riding.asking import PassengerList


def register(app: typer.Typer) -> None:
    app.command(
        "passengers",
        help=said(
            "List who rode with a case on a train, flight, coach or ship, by seat and stop.",
            "列出与病例同乘某车次、航班、客车或轮船的人员，按座位与区间。",
        ),
    )(passengers)


def passengers(
    service: Annotated[
        str,
        typer.Argument(
            metavar="SERVICE",
            help=said("Public number of the run, or its key.", "车次、航班号或班次编号。"),
        ),
    ],
    day: Annotated[
        str,
        typer.Argument(
            metavar="DATE",
            help=said("Local day of departure from the first stop.", "始发日期。"),
        ),
    ],
    *,
    case: Annotated[
        str,
        typer.Option("--case", metavar="C", help=said("Number of the case.", "病例编号。")),
    ],
    carriage: Annotated[
        str | None,
        typer.Option(
            "--carriage",
            metavar="N",
            help=said("Where the case sat, instead of the record.", "病例所在车厢，代替记录。"),
        ),
    ] = None,
    seat: Annotated[
        str | None,
        typer.Option("--seat", metavar="S", help=said("Its seat, as 12F.", "其座位，如 12F。")),
    ] = None,
    board: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="A",
            help=said("Stop of boarding: station or number.", "上车站：站名或站序。"),
        ),
    ] = None,
    alight: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="B",
            help=said("Stop of leaving: station or number.", "下车站：站名或站序。"),
        ),
    ] = None,
    plan: Annotated[
        Path | None,
        typer.Option(
            "--plan",
            metavar="F.html",
            help=said(
                "Write a page with the seat plan to this file too.", "另将座位图页面写入此文件。"
            ),
        ),
    ] = None,
    protocol: ProtocolOption = None,
    as_of: AsOfOption = None,
    engine: EngineOption = "sql",
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    context = make_context(home, clock, as_json, lang)
    if plan is not None:
        check_file(plan, "--plan")
    departs = read_day("DATE", day)
    if (server := context.server()) is not None:
        if as_of is not None or engine != "sql":
            raise UsageError(
                "a server answers as all is known now: leave --as-of and --engine out",
                "服务器以当前全部已知信息作答：请勿使用 --as-of、--engine",
            )
        named = {"service": service, "date": departs.isoformat(), "case": case}
        stated = {"carriage": carriage, "seat": seat, "from": board, "to": alight}
        return _through(context, server, {**named, **stated, "protocol": protocol}, plan)
    from ringfence.operations.riding.asking import PassengersAsked, passengers_asked
    from ringfence.rides.stating import read_stated

    asked = PassengersAsked(
        case,
        service,
        departs,
        read_stated(carriage=carriage, seat=seat, board=board, alight=alight),
        protocol,
        read_as_of(as_of),
    )
    told = passengers_asked(
        context.home(), asked, make_engine=engine_named(engine), now=context.now(), by=acting()
    )
    return _show(context, told, plan)


def _through(
    context: Context, server: Server, asked: Mapping[str, str | None], plan: Path | None
) -> int:
    from ringfence.cli.api.bringing import brought, sound
    from ringfence.operations.riding.kept import list_of

    told = brought(server, "passengers", asked, list_of)
    with sound(server):
        return _show(context, told, plan)


def _show(context: Context, told: PassengerList, plan: Path | None) -> int:
    if plan is not None:
        from ringfence.operations.riding.plan import page

        write_whole(plan, page(told, context.language).encode(), "--plan")
    if context.as_json:
        from ringfence.operations.riding import as_json as view

        sys.stdout.write(view.text(told, context.language))
    else:
        from ringfence.operations.riding import table

        table.show(told, context.console(), context.language)
    return 0
