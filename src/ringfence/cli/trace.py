"""`ringfence trace`: who was exposed to a case, and who was exposed to those."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli.identity_waiting import waiting_warnings
from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    Context,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
)
from ringfence.cli.tracing import (
    AsOfOption,
    EngineOption,
    NoCrowdLimitOption,
    OrdersOption,
    ProtocolOption,
    run_trace,
)
from ringfence.cli.written import check_file, write_whole
from ringfence.errors import Text, UsageError

if TYPE_CHECKING:
    from ringfence.cli.api.asking import Server
    from ringfence.engines.snapshot import Snapshot
    from ringfence.trace.result import Trace

FORMATS = ("table", "json", "csv", "parquet", "html")
_WITHOUT_WARNINGS = ("csv", "parquet")
_THROUGH = ("table", "json")


def register(app: typer.Typer) -> None:
    app.command(
        "trace",
        help=said(
            "List who was exposed to cases, with the evidence.",
            "列出病例的接触者、所依规则与证据。",
        ),
    )(trace)


def trace(
    cases: Annotated[
        list[str],
        typer.Argument(metavar="CASE…", help=said("Numbers of cases.", "病例编号。")),
    ],
    *,
    orders: OrdersOption = 2,
    protocol: ProtocolOption = None,
    as_of: AsOfOption = None,
    form: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="|".join(FORMATS),
            help=said("Form of the answer. [default: table]", "输出格式。[默认：table]"),
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="F",
            help=said("Write to this file.", "写入此文件。"),
        ),
    ] = None,
    no_crowd_limit: NoCrowdLimitOption = False,
    engine: EngineOption = "sql",
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    context = make_context(home, clock, as_json, lang)
    chosen = form or ("json" if as_json else "table")
    _check(chosen, output, as_json=as_json)
    if (server := context.server()) is not None:
        own = orders == 2 and protocol is None and as_of is None and engine == "sql"
        _check_through(cases, chosen, plain=own and not no_crowd_limit)
        return _through(context, server, cases[0], chosen, output)
    found, known = run_trace(
        context,
        cases,
        orders=orders,
        protocol=protocol,
        as_of=as_of,
        engine=engine,
        crowd_limit=not no_crowd_limit,
    )
    waiting = waiting_warnings(context, context.home(), found, known)
    found = replace(found, warnings=(*found.warnings, *waiting))
    if chosen in _WITHOUT_WARNINGS:
        for warning in waiting:
            print(context.say(warning), file=sys.stderr)  # noqa: T201
    if chosen == "table":
        _show(context, found, output)
        return 0
    _give(context, _content(found, known, chosen, context.language), output)
    return 0


def _give(context: Context, content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
    else:
        write_whole(output, content, "--output")
        print(  # noqa: T201
            context.say(Text(f"wrote {output}", f"已写入 {output}")), file=sys.stderr
        )


def _check_through(cases: list[str], form: str, *, plain: bool) -> None:
    """What a server traces: one case, by the protocol in force, as all is known now."""
    if len(cases) > 1:
        raise UsageError(
            "a server traces one case at a time: name one", "服务器每次追踪一个病例：请只指定一个"
        )
    if form not in _THROUGH:
        raise UsageError(
            f"through a server --format is one of: {', '.join(_THROUGH)}; contacts are exported in "
            "the console, by whoever may",
            f"通过服务器时 --format 应为：{', '.join(_THROUGH)}；接触者由有权限者在控制台导出",
        )
    if not plain:
        raise UsageError(
            "a server traces by the protocol in force, both orders, as all is known now: leave "
            "--orders, --protocol, --as-of, --engine and --no-crowd-limit out",
            "服务器按有效方案、以当前全部已知信息追踪密接与次密接：请勿使用 --orders、--protocol、"
            "--as-of、--engine、--no-crowd-limit",
        )


def _through(context: Context, server: Server, case: str, form: str, output: Path | None) -> int:
    import json

    from ringfence.cli.api import failing
    from ringfence.cli.api.tracing import trace_through
    from ringfence.trace.views.kept import document_in, trace_of

    told = trace_through(server, case)
    try:
        if form == "table":
            _show(context, trace_of(told), output)
        else:
            document = document_in(told, context.language)
            _give(
                context,
                f"{json.dumps(document, ensure_ascii=False, indent=2)}\n".encode(),
                output,
            )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise failing.no_server(server.address) from None
    return 0


def _check(form: str, output: Path | None, *, as_json: bool) -> None:
    if form not in FORMATS:
        names = ", ".join(FORMATS)
        raise UsageError(f"--format is one of: {names}", f"--format 应为：{names}")
    if as_json and form != "json":
        raise UsageError("--json and --format contradict each other", "--json 与 --format 相互矛盾")
    if output is not None:
        check_file(output, "--output")
    if form == "parquet" and output is None and sys.stdout.isatty():
        raise UsageError("Parquet needs --output F", "Parquet 格式需用 --output 指定文件")


def _show(context: Context, found: Trace, output: Path | None) -> None:
    from ringfence.trace.views import table

    if output is None:
        table.show(found, context.console(), context.language)
        return
    from io import StringIO

    from rich.console import Console

    text = StringIO()
    table.show(found, Console(file=text, width=120), context.language)
    write_whole(output, text.getvalue().encode(), "--output")


def _content(found: Trace, known: Snapshot, form: str, language: str) -> bytes:
    if form == "json":
        from ringfence.trace.views import as_json

        return as_json.text(found, language).encode()
    if form == "csv":
        from ringfence.trace.views import as_csv

        return as_csv.content(found, language)
    if form == "parquet":
        from io import BytesIO

        from ringfence.trace.views import as_parquet

        buffer = BytesIO()
        as_parquet.write(found, buffer)
        return buffer.getvalue()
    from ringfence.trace.views.html import page

    return page(found, language, known.batches).encode()
