"""`ringfence vehicles`: which vehicles were seen in a risk area while it was one."""

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
    read_time,
)
from ringfence.cli.tracing import AsOfOption, EngineOption, engine_named, read_as_of
from ringfence.cli.written import check_file, write_whole
from ringfence.errors import Text, UsageError

if TYPE_CHECKING:
    from ringfence.operations.areas.asking import VehicleList


def register(app: typer.Typer) -> None:
    app.command(
        "vehicles",
        help=said(
            "List vehicles seen in a risk area while it was one, for the next checkpoint. "
            "Leaves an audit row.",
            "列出风险区域存续期间驶经的车辆，供下一卡口查验；记入审计。",
        ),
    )(vehicles)


def vehicles(
    area: Annotated[
        str, typer.Argument(metavar="AREA", help=said("Key of the area.", "区域编号。"))
    ],
    *,
    level: Annotated[
        str | None,
        typer.Option(
            "--level",
            metavar="high|medium",
            help=said("Only those seen while it was at this risk.", "仅列该等级期间所见。"),
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="T",
            help=said("Only those seen inside then or later.", "仅列此时间起在区内所见。"),
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="F.csv",
            help=said("Write the list to this file (CSV).", "将名单写入此文件（CSV）。"),
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
    _refuse_no_text(area)
    if output is not None:
        if as_json:
            raise UsageError(
                "--json and --output contradict each other", "--json 与 --output 相互矛盾"
            )
        check_file(output, "--output")
    from ringfence.operations.areas.asking import VehiclesAsked, vehicles_asked

    asked = VehiclesAsked(
        area, level, None if since is None else read_time("--since", since), read_as_of(as_of)
    )
    told = vehicles_asked(
        context.home(),
        asked,
        by=acting(),
        make_engine=engine_named(engine),
        now=context.now(),
    )
    _tell(context, told, output)
    return 0


def _refuse_no_text(area: str) -> None:
    try:
        area.encode()
    except UnicodeEncodeError:
        raise UsageError("the key of an area is text", "区域编号应为文本") from None


def _tell(context: Context, told: VehicleList, output: Path | None) -> None:
    if output is not None:
        _write(context, told, output)
    elif context.as_json:
        from ringfence.operations.areas import as_json

        context.print_json(as_json.document(told, context.language))
    else:
        from ringfence.operations.areas import table

        table.show(told, context.console(), context.language)


def _write(context: Context, told: VehicleList, output: Path) -> None:
    """What the file does not say stands beside it."""
    from ringfence.operations.areas import as_csv

    write_whole(output, as_csv.content(told, context.language), "--output")
    for warning in told.warnings:
        print(context.say(warning), file=sys.stderr)  # noqa: T201
    count = len(told.vehicles)
    wrote = Text(f"wrote {output}: {count} vehicles", f"已写入 {output}：{count} 辆")
    print(context.say(wrote), file=sys.stderr)  # noqa: T201
