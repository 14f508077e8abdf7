"""`ringfence trajectory`: where a case, or a contact under an order, was, with every doubt."""

from __future__ import annotations

import sys
from collections.abc import Mapping
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
    from ringfence.cli.api.asking import Server
    from ringfence.operations.moving.asking import Trajectory


def register(app: typer.Typer) -> None:
    app.command(
        "trajectory",
        help=said(
            "Show where a case was: every channel as one timeline, with conflicts and gaps.",
            "显示病例的行程轨迹：各渠道合为一条时间线，并列出矛盾与空白。",
        ),
    )(trajectory)


def trajectory(
    case: Annotated[
        str | None,
        typer.Argument(metavar="CASE", help=said("Number of the case.", "病例编号。")),
    ] = None,
    *,
    contact: Annotated[
        str | None,
        typer.Option(
            "--contact",
            metavar="S",
            help=said(
                "Instead of a case: a contact under an open order, by number.",
                "代替病例：处于管控措施中的接触者编号。",
            ),
        ),
    ] = None,
    first: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="D",
            help=said(
                "First day. [default: 14 days before the first sign]",
                "起始日。[默认：最早病征前 14 天]",
            ),
        ),
    ] = None,
    last: Annotated[
        str | None,
        typer.Option(
            "--to",
            metavar="D",
            help=said("Last day. [default: isolation]", "截止日。[默认：隔离日]"),
        ),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="F.html",
            help=said("Write a page with map and timeline too.", "另写入含地图与时间线的页面。"),
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="F.docx",
            help=said("Write a case investigation report too.", "另写入流行病学调查报告。"),
        ),
    ] = None,
    release: Annotated[
        Path | None,
        typer.Option(
            "--release",
            metavar="F.html",
            help=said(
                "Write a release for the public too: places, no routes.",
                "另写入公开发布稿：仅场所，不含路线。",
            ),
        ),
    ] = None,
    settled: Annotated[
        list[str] | None,
        typer.Option(
            "--settled",
            metavar="PLACE",
            help=said(
                "All contacts of this place are known: it is not released.",
                "该场所接触者已全部查明：不予发布。",
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
    if (case is None) == (contact is None):
        raise UsageError(
            "name a case, or a contact with --contact", "请指定病例，或用 --contact 指定接触者"
        )
    files = {"--html": html, "--report": report, "--release": release}
    for option, file in files.items():
        if file is not None:
            check_file(file, option)
    if release is not None and (first is not None or last is not None):
        raise UsageError(
            "a release is made of all days, by which it shows where the case is regularly: leave "
            "--from and --to out",
            "公开发布须依据全部日期，以判断病例经常到访之处：请勿使用 --from、--to",
        )
    since = None if first is None else read_day("--from", first)
    until = None if last is None else read_day("--to", last)
    if (server := context.server()) is not None:
        if as_of is not None or engine != "sql" or contact is not None:
            raise UsageError(
                "a server answers of a case, as all is known now: leave --contact, --as-of and "
                "--engine out",
                "服务器仅按病例、以当前全部已知信息作答：请勿使用 --contact、--as-of、--engine",
            )
        days = {
            name: None if day is None else day.isoformat()
            for name, day in (("from", since), ("to", until))
        }
        named = {"case": case, **days, "protocol": protocol}
        return _through(context, server, named, files, settled or [])
    from ringfence.operations.moving.asking import TrajectoryAsked, trajectory_asked

    asked = TrajectoryAsked(
        case,
        contact,
        since,
        until,
        protocol,
        read_as_of(as_of),
    )
    told = trajectory_asked(
        context.home(), asked, make_engine=engine_named(engine), now=context.now(), by=acting()
    )
    return _show(context, told, files, settled or [])


def _through(
    context: Context,
    server: Server,
    asked: Mapping[str, str | None],
    files: Mapping[str, Path | None],
    settled: list[str],
) -> int:
    from ringfence.cli.api.bringing import brought, sound
    from ringfence.operations.moving.kept import trajectory_of_kept

    told = brought(server, "movements", asked, trajectory_of_kept)
    with sound(server):
        return _show(context, told, files, settled)


def _show(
    context: Context, told: Trajectory, files: Mapping[str, Path | None], settled: list[str]
) -> int:
    if (html := files["--html"]) is not None:
        from ringfence.operations.moving.page import page

        write_whole(html, page(told, context.language).encode(), "--html")
    if (report := files["--report"]) is not None:
        from ringfence.operations.moving.report import content

        write_whole(report, content(told, context.language), "--report")
    if (release := files["--release"]) is not None:
        _release(context, told, release, settled)
    if context.as_json:
        from ringfence.operations.moving import as_json as view

        sys.stdout.write(view.text(told, context.language))
    else:
        from ringfence.operations.moving import table

        table.show(told, context.console(), context.language)
    return 0


def _release(context: Context, told: Trajectory, file: Path, settled: list[str]) -> None:
    """Written for the public; what is withheld is said here only."""
    from ringfence.operations.moving.release import page, released, withheld_lines

    found = released(told, settled)
    write_whole(file, page(found, told, context.language).encode(), "--release")
    for line in withheld_lines(found):
        print(context.say(line), file=sys.stderr)  # noqa: T201
