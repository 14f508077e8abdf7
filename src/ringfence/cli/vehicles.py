"""`ringfence vehicles`: which vehicles were in a risk area while it was one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ringfence.cli.language import said
from ringfence.cli.options import ClockOption, HomeOption, JsonOption, LangOption, make_context
from ringfence.cli.tracing import AsOfOption, EngineOption, engine_named, read_as_of
from ringfence.cli.written import check_file, write_whole


def register(app: typer.Typer) -> None:
    app.command(
        "vehicles",
        help=said(
            "List the vehicles seen in a risk area while it was one, for the next checkpoint.",
            "列出风险区域在列管期间出现过的车辆，供下一卡口使用。",
        ),
    )(vehicles)


def vehicles(
    area: Annotated[
        str, typer.Argument(metavar="AREA", help=said("Key of the area.", "区域编号。"))
    ],
    *,
    csv: Annotated[
        Path | None,
        typer.Option(
            "--csv",
            metavar="F.csv",
            help=said("Write the list to this file too.", "另将清单写入此文件。"),
        ),
    ] = None,
    as_of: AsOfOption = None,
    engine: EngineOption = "sql",
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    context = make_context(home, clock, as_json, lang)
    if csv is not None:
        check_file(csv, "--csv")
    from ringfence.operations.areas import views
    from ringfence.operations.areas.asking import vehicles_asked

    told = vehicles_asked(
        context.home(),
        area,
        make_engine=engine_named(engine),
        now=context.now(),
        as_of=read_as_of(as_of),
    )
    if csv is not None:
        write_whole(csv, views.sheet(told), "--csv")
    if as_json:
        sys.stdout.write(views.text(told, context.language))
    else:
        views.show(told, context.console(), context.language)
    return 0
