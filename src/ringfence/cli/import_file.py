"""`ringfence import`: deliver a canonical file to the lake."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    Context,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
)
from ringfence.errors import DataError, Text

if TYPE_CHECKING:
    from ringfence.lake import Receipt

Progress = Callable[[int, int, int], None]

_SHOWN_REJECTS = 20
_COUNTS: tuple[tuple[str, Text], ...] = (
    ("rows_in", Text("rows in", "读入行数")),
    ("created", Text("created", "新增")),
    ("updated", Text("updated", "更新")),
    ("unchanged", Text("unchanged", "未变")),
    ("merged", Text("merged with other sources", "与其他来源合并")),
    ("quarantined", Text("quarantined", "隔离待查")),
    ("purged", Text("purged before", "此前已清除")),
)


def register(app: typer.Typer) -> None:
    app.command(
        "import",
        help=said("Import a canonical file (CSV or Parquet).", "导入规范文件（CSV 或 Parquet）。"),
    )(import_command)


def import_command(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help=said(
                "CSV or Parquet file; - is standard input.", "CSV 或 Parquet 文件；- 表示标准输入。"
            ),
        ),
    ],
    *,
    table: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="TABLE",
            help=said(
                "Table of the rows: presence, case, link …", "行所属的表：presence、case、link 等。"
            ),
        ),
    ],
    source: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=said("Who delivers it. [default: the table's name]", "报送来源。[默认：表名]"),
        ),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help=said("Say what would happen; store nothing.", "只说明将会如何处理，不保存。"),
        ),
    ] = False,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.sources import import_file

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    with _progress(context) as progress:
        receipt = import_file(
            opened,
            file,
            table=table,
            source=source,
            now=context.now(),
            dry_run=dry_run,
            progress=progress,
        )
    if as_json:
        context.print_json(receipt.as_json())
    else:
        show_receipt(context, receipt)
    refused = receipt.rows_in > 0 and receipt.quarantined == receipt.rows_in
    return DataError.exit_code if refused else 0


@contextmanager
def _progress(context: Context) -> Iterator[Progress | None]:
    """A bar on a terminal; nothing where the output is read by a program."""
    if not sys.stderr.isatty() or context.as_json:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    rows_word = context.say(Text("rows", "行"))
    with Progress(
        TextColumn("{task.fields[rows]:,} " + rows_word),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None, rows=0)

        def tell(rows: int, done: int, size: int) -> None:
            bar.update(task, completed=min(done, size), total=size, rows=rows)

        yield tell


def show_receipt(context: Context, receipt: Receipt) -> None:
    """The receipt as a small table, and the first rows that were refused."""
    from rich.markup import escape
    from rich.table import Table

    console = context.console()
    console.print(escape(context.say(_headline(receipt))))
    counts = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    counts.add_column(justify="right")
    counts.add_column()
    content = receipt.as_json()
    for name, label in _COUNTS:
        if content[name] or name in ("rows_in", "created", "quarantined"):
            counts.add_row(f"{content[name]:,}", context.say(label))
    if receipt.unresolved:
        people, places = receipt.unresolved_subjects, receipt.unresolved_places
        unresolved = Text(
            f"not described yet ({people:,} subjects, {places:,} places)",
            f"尚无资料（{people:,} 名人员，{places:,} 个场所）",
        )
        counts.add_row(f"{receipt.unresolved:,}", context.say(unresolved))
    console.print(counts)
    if receipt.rejects:
        console.print(_rejects(context, receipt))
    left = receipt.quarantined - min(len(receipt.rejects), _SHOWN_REJECTS)
    if left > 0:
        more = Text(
            f"… and {left:,} more rows; --json lists the first 100",
            f"……另有 {left:,} 行；--json 列出前 100 行",
        )
        console.print(context.say(more))


def _headline(receipt: Receipt) -> Text:
    batch = receipt.batch[:12]
    if receipt.dry_run:
        return Text(
            f"Dry run of {receipt.file} as {receipt.table}: nothing was stored.",
            f"试运行：{receipt.file} → {receipt.table}，未保存任何数据。",
        )
    if receipt.replayed:
        return Text(
            f"{receipt.file} was imported before (batch {batch}); nothing changed. Its receipt:",
            f"{receipt.file} 此前已导入（批次 {batch}），未作任何更改。当时的回执：",
        )
    return Text(
        f"Imported {receipt.file} as {receipt.table} from {receipt.source}: batch {batch}, "
        f"sequence {receipt.sequence}.",
        f"已导入 {receipt.file} → {receipt.table}（来源 {receipt.source}）：批次 {batch}，"
        f"序号 {receipt.sequence}。",
    )


def _rejects(context: Context, receipt: Receipt) -> object:
    from rich.markup import escape
    from rich.table import Table

    shown = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (
        Text("file", "文件"),
        Text("row", "行"),
        Text("field", "字段"),
        Text("reason", "原因"),
    ):
        shown.add_column(context.say(heading), overflow="fold")
    for reject in receipt.rejects[:_SHOWN_REJECTS]:
        field = reject.field or context.say(Text("(row)", "（整行）"))
        shown.add_row(escape(receipt.file), str(reject.row), field, context.say(reject.reason))
    return shown
