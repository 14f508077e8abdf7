"""`ringfence lake`: what the lake holds, and its care."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli import lake_changes
from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    Context,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
)
from ringfence.errors import StorageError, Text

if TYPE_CHECKING:
    from ringfence.lake import Status


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said("The store of all deliveries: its state and care.", "数据湖：状态与维护。"),
        no_args_is_help=True,
    )
    group.command("status", help=said("Tables, batches and sizes.", "数据表、批次与大小。"))(status)
    group.command(
        "compact", help=said("Sort what is fresh, for fast traces.", "整理新数据，加快追踪。")
    )(compact)
    group.command(
        "verify",
        help=said("Compare every file with the catalog.", "将所有文件与目录核对。"),
    )(verify)
    group.command(
        "files",
        help=said("Name one copy of each row of a table.", "列出某表每行数据各一份的文件。"),
    )(files)
    lake_changes.register(group)
    app.add_typer(group, name="lake")


def status(
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence import lake

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        from ringfence.cli.api.looking import status_through

        found = status_through(server)
    else:
        found = lake.status(context.home())
    if as_json:
        context.print_json(found.as_json())
    else:
        _show(context, found)
    return 0


def compact(
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence import lake

    context = make_context(home, clock, as_json, lang)
    report = lake.compact(context.home())
    if as_json:
        context.print_json(report.as_json())
        return 0
    rows = sum(table.rows for table in report.tables)
    context.print(
        Text(
            f"All deliveries up to sequence {report.sequence} are sorted: {rows:,} rows.",
            f"序号 {report.sequence} 及以前的数据均已整理：{rows:,} 行。",
        )
    )
    return 0


def verify(
    repair: Annotated[
        bool,
        typer.Option("--repair", help=said("Make derived files again.", "重建可再生的文件。")),
    ] = False,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence import lake

    context = make_context(home, clock, as_json, lang)
    report = lake.verify(context.home(), repair=repair)
    if as_json:
        context.print_json(report.as_json())
    else:
        for fault in report.faults:
            print(f"{fault.path}: {context.say(fault.text)}")  # noqa: T201
        if report.ok:
            context.print(
                Text(
                    f"{report.files} files are as they were acknowledged.",
                    f"{report.files} 个文件与确认时一致。",
                )
            )
    return 0 if report.ok else StorageError.exit_code


def files(
    table: Annotated[
        str, typer.Option("--table", metavar="T", help=said("Name of the table.", "数据表名。"))
    ],
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence import lake

    context = make_context(home, clock, as_json, lang)
    paths = [str(path) for path in lake.files(context.home(), table)]
    if as_json:
        context.print_json(paths)
    else:
        for path in paths:
            print(path)  # noqa: T201
    return 0


def _show(context: Context, found: Status) -> None:
    from rich.markup import escape
    from rich.table import Table

    console = context.console()
    kind = Text("synthetic home", "演练数据目录") if found.synthetic else Text("home", "数据目录")
    place = f"{found.root} ({found.jurisdiction}, {found.zone})"
    sequence = Text(f"sequence {found.sequence}", f"序号 {found.sequence}")
    console.print(escape(f"{context.say(kind)} {place}, {context.say(sequence)}"))
    shown = Table(box=None, padding=(0, 2, 0, 0))
    shown.add_column(context.say(Text("table", "数据表")))
    for heading in (
        Text("batches", "批次"),
        Text("withdrawn", "已撤回"),
        Text("rows", "行"),
        Text("not sorted yet", "待整理"),
        Text("MB", "MB"),
    ):
        shown.add_column(context.say(heading), justify="right")
    for table in found.tables:
        shown.add_row(
            table.table,
            f"{table.batches:,}",
            f"{table.withdrawn:,}",
            f"{table.rows:,}",
            f"{table.fresh_rows:,}",
            f"{table.bytes / 1e6:,.1f}",
        )
    console.print(shown)
    if any(table.fresh_rows for table in found.tables):
        context.print(
            Text(
                "`ringfence lake compact` sorts what is fresh.",
                "可运行 `ringfence lake compact` 整理新数据。",
            )
        )
