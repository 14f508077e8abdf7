"""`ringfence where`: what came of a row of a file. Numbers only, so nobody's case is asked.

It goes from row to records and never from a person to the rows: that is asked under a case.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Annotated, Any

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
from ringfence.errors import Text

if TYPE_CHECKING:
    from ringfence.cli.api.asking import Server
    from ringfence.lake import Reject
    from ringfence.lake.saying import Said

_SHOWN = 40


def register(app: typer.Typer) -> None:
    app.command(
        "where",
        help=said(
            "Say what came of a row of a file: its records, or why it was refused.",
            "说明某文件的一行产生了哪些记录，或因何被隔离。",
        ),
    )(where)


def where(
    batch: Annotated[
        str,
        typer.Argument(
            metavar="BATCH",
            help=said("Batch, or its first 8 characters or more.", "批次号，或其前 8 位以上。"),
        ),
    ],
    row: Annotated[
        str,
        typer.Argument(
            metavar="ROW",
            help=said(
                "Row of the batch's file; SHEET:ROW where it has several sheets or members.",
                "该批次文件中的行号；有多个工作表或成员时写作 工作表:行号。",
            ),
        ),
    ],
    *,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.lake.lineage import named_row, part_and_row, told_place
    from ringfence.lake.quarantined import acknowledged
    from ringfence.lake.saying import came_of

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        return _through(context, server, batch, row)
    opened = context.home()
    named = acknowledged(opened, batch)
    number = named_row(row, named.parts)
    found, refused = came_of(opened, named.batch, number)
    file, told = told_place(named.file, named.parts, number)
    if context.as_json:
        context.print_json(
            {
                "batch": named.batch,
                "file": named.file,
                "part": named.parts.get(part_and_row(number)[0]),
                "row": told,
                "source": named.source,
                "read_as": named.mapping or named.table,
                "received_at": named.received_at.isoformat(),
                "withdrawn": named.withdrawn,
                "refused": [
                    {"field": one.field, "reason": context.say(one.reason)} for one in refused
                ],
                "records": [_document(one) for one in found],
            }
        )
        return 0
    received = _day(opened.zone, named.received_at)
    said = _came(
        file,
        told,
        source=named.source,
        received=received,
        read_as=str(named.mapping or named.table),
        batch=named.batch,
    )
    context.print(said)
    _show_refused(context, refused)
    if found:
        _show(context, found)
    return 0


def _came(file: str, row: int, *, source: str, received: str, read_as: str, batch: str) -> Text:
    return Text(
        f"{file}, row {row}: from {source}, received {received}, read as {read_as}, batch "
        f"{batch[:12]}.",
        f"{file} 第 {row} 行：来源 {source}，{received} 收到，按 {read_as} 读取，"
        f"批次 {batch[:12]}。",
    )


def _through(context: Context, server: Server, batch: str, row: str) -> int:
    """Days are those of UTC: the home's zone is the server's."""
    from ringfence.cli.api.rows import where_through

    came = where_through(server, batch, row)
    if context.as_json:
        context.print_json(came.document)
        return 0
    said = _came(
        came.file,
        came.row,
        source=came.source,
        received=_day("UTC", came.received_at),
        read_as=came.read_as,
        batch=came.batch,
    )
    context.print(said)
    _show_refused(context, came.refused)
    if came.found:
        _show(context, came.found)
    return 0


def _show_refused(context: Context, refused: list[Reject]) -> None:
    for one in refused:
        reason = f"{one.field} {context.say(one.reason)}".strip()
        context.print(Text(f"Refused: {reason}", f"被隔离：{reason}"))


def _document(one: Said) -> dict[str, Any]:
    from ringfence.lake.lineage import part_and_row

    part, row = part_and_row(one.row)
    return {
        "batch": one.batch,
        "file": one.file,
        "part": one.parts.get(part),
        "row": row,
        "source": one.source,
        "read_as": one.read_as,
        "table": one.table,
        "subjects": list(one.subjects),
        "received_at": one.received_at.isoformat(),
        "withdrawn": one.withdrawn,
    }


def _show(context: Context, found: list[Said]) -> None:
    """A table under each file that is named: names and numbers stay on one line, to be copied."""
    from rich.markup import escape
    from rich.table import Table

    from ringfence.lake.lineage import part_and_row

    console = context.console()
    for heading, rows in groupby(found[:_SHOWN], partial(_heading, context)):
        print(heading)  # noqa: T201
        shown = Table(box=None, padding=(0, 2, 0, 0))
        for title in (Text("row", "行"), Text("table", "数据表"), Text("subject", "人员")):
            shown.add_column(context.say(title), no_wrap=True)
        for one in rows:
            row = part_and_row(one.row)[1]
            shown.add_row(str(row), one.table, escape("\n".join(one.subjects)))
        console.print(shown)
    left = len(found) - _SHOWN
    if left > 0:
        more = Text(f"… and {left:,} more: use --json", f"……另有 {left:,} 行：请用 --json")
        context.print(more)


def _heading(context: Context, one: Said) -> str:
    from ringfence.lake.lineage import told_place

    file, _ = told_place(one.file, one.parts, one.row)
    mark, batch = _mark(one), one.batch[:12]
    return context.say(
        Text(
            f"{file}, from {one.source}, batch {batch}{mark.en}:",
            f"{file}，来源 {one.source}，批次 {batch}{mark.zh}：",
        )
    )


def _mark(one: Said) -> Text:
    from ringfence.sources.correcting import LABEL

    en, zh = "", ""
    if one.read_as == LABEL:
        en, zh = " (correction)", "（更正）"
    if one.withdrawn:
        en, zh = f"{en} (withdrawn)", f"{zh}（已撤回）"
    return Text(en, zh)


def _day(zone: str, moment: datetime) -> str:
    from zoneinfo import ZoneInfo

    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d}"
