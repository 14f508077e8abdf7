"""`ringfence import`: deliver a file to the lake, canonical or through a mapping."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringfence.cli.key_notice import key_notice
from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    Context,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
)
from ringfence.cli.progress import bytes_progress
from ringfence.errors import DataError, Text, UsageError

if TYPE_CHECKING:
    from ringfence.cli.api.asking import Server
    from ringfence.lake import Home, ImportReceipt, Receipt

Progress = Callable[[int, int, int], None]


def register(app: typer.Typer) -> None:
    app.command(
        "import",
        help=said(
            "Import a file: canonical (--as), or of a channel (--mapping).",
            "导入文件：规范文件（--as）或某渠道的文件（--mapping）。",
        ),
    )(import_command)


def import_command(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help=said(
                "CSV, TSV, xlsx, JSON, NDJSON, Parquet or zip; - is standard input.",
                "CSV、TSV、xlsx、JSON、NDJSON、Parquet 或 zip；- 表示标准输入。",
            ),
        ),
    ],
    *,
    table: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="TABLE",
            help=said(
                "Table of the rows: presence, case, link …", "行所属的表：presence、case、link 等。"
            ),
        ),
    ] = None,
    mapping: Annotated[
        str | None,
        typer.Option(
            "--mapping",
            metavar="NAME[@VERSION]",
            help=said(
                "Mapping of the channel; see `ringfence mappings list`.",
                "该渠道的映射；见 `ringfence mappings list`。",
            ),
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help=said(
                "Who delivers it. [default: the table's name, or what the mapping says]",
                "报送来源。[默认：表名，或映射中的来源]",
            ),
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
    from ringfence.cli.identity_waiting import waiting_after

    context = make_context(home, clock, as_json, lang)
    server = context.server()
    opened = None if server is not None else context.home()
    if (table is None) == (mapping is None):
        raise UsageError(
            "say what the file is: --as TABLE for a canonical one, --mapping NAME for another",
            "请说明文件类型：规范文件用 --as 表名，其他文件用 --mapping 映射名",
        )
    if server is not None:
        wanted = {"table": table, "mapping": mapping, "source": source, "dry_run": dry_run}
        receipt, waiting = _through(context, server, file, wanted)
        return _tell(context, receipt, lambda: waiting)
    assert opened is not None
    with key_notice(context, opened), _progress(context) as progress:
        receipt = _imported(
            opened,
            file,
            table,
            mapping,
            source=source,
            now=context.now(),
            dry_run=dry_run,
            progress=progress,
        )
    return _tell(context, receipt, lambda: waiting_after(context, opened, receipt))


def _tell(context: Context, receipt: Receipt | ImportReceipt, wait: Callable[[], int]) -> int:
    """The exit code. What was done is told before it is looked up who waits to be linked."""
    from ringfence.cli.identity_waiting import tell_waiting, waiting_as_json
    from ringfence.cli.receipts import show_any_receipt

    if not context.as_json:
        show_any_receipt(context, receipt)
    waiting = wait()
    if context.as_json:
        context.print_json(receipt.as_json() | waiting_as_json(waiting))
    else:
        tell_waiting(context, waiting)
    refused = receipt.rows_in > 0 and receipt.quarantined == receipt.rows_in
    return DataError.exit_code if refused else 0


def _through(
    context: Context, server: Server, file: str, wanted: Mapping[str, Any]
) -> tuple[Receipt | ImportReceipt, int]:
    from ringfence.cli.api.importing import Wanted, import_through

    with bytes_progress(context) as progress:
        try:
            return import_through(server, file, Wanted(**wanted), progress)
        except KeyboardInterrupt:
            more = Text(
                "what was sent is kept for a day: the same command goes on from there",
                "已上传的部分保留一天：再次运行同一命令即可继续",
            )
            print(context.say(more), file=sys.stderr)  # noqa: T201
            raise


def _imported(
    home: Home, file: str, table: str | None, mapping: str | None, **how: Any
) -> Receipt | ImportReceipt:
    from ringfence.sources import import_file, import_mapped
    from ringfence.sources.mapping.catalogue import named

    if table is not None:
        return import_file(home, file, table=table, **how)
    assert mapping is not None
    return import_mapped(home, file, channel=named(mapping, home.root).read(), **how)


@contextmanager
def _progress(context: Context) -> Iterator[Progress | None]:
    """A bar on a terminal; nothing where the output is read by a program."""
    if not sys.stderr.isatty() or context.as_json:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    rows_word, per_second = context.say(Text("rows", "行")), context.say(Text("rows/s", "行/秒"))
    with Progress(
        TextColumn("{task.fields[rows]:,} " + rows_word),
        TextColumn("{task.fields[pace]:,.0f} " + per_second),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None, rows=0, pace=0)
        begun = time.monotonic()

        def tell(rows: int, done: int, size: int) -> None:
            pace = rows / max(time.monotonic() - begun, 0.001)
            bar.update(task, completed=min(done, size), total=size, rows=rows, pace=pace)

        yield tell
