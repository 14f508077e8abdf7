"""`ringfence quarantine`: rows that were refused, to be put right and brought again."""

from __future__ import annotations

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
)
from ringfence.errors import DataError, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringfence.lake import Home
    from ringfence.lake.quarantined import Acknowledged
    from ringfence.lake.refused import RefusedBatch, RefusedRow

BatchArgument = Annotated[
    str,
    typer.Argument(
        metavar="BATCH",
        help=said("Batch, or its first 8 characters or more.", "批次号，或其前 8 位以上。"),
    ),
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said(
            "Refused rows: list, export, replay once put right.", "隔离行：列出、导出、更正后重放。"
        ),
        no_args_is_help=True,
    )
    group.command("list", help=said("List batches with refused rows.", "列出含隔离行的批次。"))(
        list_rows
    )
    group.command(
        "export",
        help=said("Write a batch's refused rows to a file.", "将某批次的隔离行写入文件。"),
    )(export)
    group.command("replay", help=said("Import rows that were put right.", "导入已更正的隔离行。"))(
        replay_rows
    )
    app.add_typer(group, name="quarantine")


def list_rows(
    batch: Annotated[
        str | None,
        typer.Argument(metavar="[BATCH]", help=said("Rows of one batch.", "某一批次的各行。")),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        from ringfence.cli.api.looking import refused_batches_through, refused_rows_through

        if batch is None:
            _list_batches(context, refused_batches_through(server))
        else:
            _list_rows(context, *refused_rows_through(server, batch))
        return 0
    from ringfence.lake.refused import refused_batches, refused_rows

    opened = context.home()
    if batch is None:
        _list_batches(context, refused_batches(opened))
    else:
        _list_rows(context, *refused_rows(opened, batch))
    return 0


def _list_batches(context: Context, found: Sequence[RefusedBatch]) -> None:
    if context.as_json:
        context.print_json([vars(one) for one in found])
        return
    from rich.markup import escape
    from rich.table import Table

    shown = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (Text("batch", "批次"), Text("file", "文件"), Text("source", "来源")):
        shown.add_column(context.say(heading))
    for heading in (Text("quarantined", "隔离"), Text("still open", "待处理")):
        shown.add_column(context.say(heading), justify="right")
    for one in found:
        shown.add_row(
            one.batch[:12],
            escape(one.file),
            escape(one.source),
            f"{one.quarantined:,}",
            f"{one.open:,}",
        )
    context.console().print(shown)


def _list_rows(context: Context, batch: str, rows: Sequence[RefusedRow]) -> None:
    if context.as_json:
        context.print_json(
            [
                {
                    "file": one.file,
                    "row": one.row,
                    "field": one.field,
                    "reason": context.say(one.reason),
                    "open": one.open_in is not None,
                    "open_in": one.open_in,
                }
                for one in rows
            ]
        )
        return
    for one in rows:
        place = Text(f"{one.file}, row {one.row}", f"{one.file} 第 {one.row} 行")
        reason = f"{one.field} {context.say(one.reason)}".strip()
        since = context.say(_since(batch, one.open_in))
        print(f"{context.say(place)}: {reason}{since}")  # noqa: T201


def _since(batch: str, open_in: str | None) -> Text:
    """What became of a refused row since."""
    if open_in is None:
        return Text(" (put right)", "（已更正）")
    if open_in == batch:
        return Text("", "")
    again = open_in[:12]
    return Text(f" (refused again, see batch {again})", f"（再次被隔离，见批次 {again}）")


def export(
    batch: BatchArgument,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help=said("New .csv or .xlsx.", "新的 .csv 或 .xlsx 文件。")
        ),
    ],
    *,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence import audit
    from ringfence.lake import rejects
    from ringfence.lake.quarantined import acknowledged
    from ringfence.sources.quarantine import check_ending, write_rows
    from ringfence.vault import has_vault, open_vault

    context = make_context(home, clock, as_json, lang)
    check_ending(file)
    opened = context.home()
    named = acknowledged(opened, batch)
    left = _open_rows(opened, named)
    refused = [reject for reject in rejects(opened, named.batch) if reject.row in left]
    if not refused:
        raise DataError(
            "no row of this batch is in quarantine any more", "该批次没有仍在隔离中的行"
        )
    about = {"batch": named.batch, "rows": str(len(left))}
    with audit.acting(
        opened, "quarantine.export", by=acting(), at=context.now(), about=about
    ) as told:
        kept: list[tuple[int, str]] = []
        if has_vault(opened):
            with open_vault(opened) as vault:
                kept = list(vault.rejects(named.batch))
        rows = write_rows(file, kept, refused, context.language)
        told["written"] = str(rows)
    if as_json:
        context.print_json({"batch": named.batch, "file": str(file), "rows": rows})
    else:
        context.print(
            Text(
                f"{rows:,} rows are in {file}. It holds what identifies people: put it right, "
                f"`ringfence quarantine replay {named.batch[:12]} {file}`, and delete it.",
                f"已写出 {rows:,} 行至 {file}。文件含身份信息：更正后运行 "
                f"`ringfence quarantine replay {named.batch[:12]} {file}`，然后删除该文件。",
            )
        )
    return 0


def replay_rows(
    batch: BatchArgument,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help=said("The corrected file.", "更正后的文件。"))
    ],
    *,
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
    from ringfence import audit
    from ringfence.cli.identity_waiting import tell_waiting, waiting_after, waiting_as_json
    from ringfence.cli.receipts import show_any_receipt
    from ringfence.lake.quarantined import acknowledged
    from ringfence.sources.replaying import channel_of, replay

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    named = acknowledged(opened, batch)
    about = {"batch": named.batch}
    with audit.acting(
        opened, "quarantine.replay", by=acting(), at=context.now(), about=about
    ) as told:
        receipt = replay(
            opened,
            file,
            mended=named,
            channel=channel_of(opened, named),
            open_rows=_open_rows(opened, named),
            now=context.now(),
            dry_run=dry_run,
        )
        told["replay"] = receipt.batch
        told["accepted"] = str(receipt.accepted)
    if not as_json:
        show_any_receipt(context, receipt)
    waiting = waiting_after(context, opened, receipt)
    if as_json:
        context.print_json(receipt.as_json() | waiting_as_json(waiting))
    else:
        tell_waiting(context, waiting)
    return DataError.exit_code if receipt.quarantined == receipt.rows_in else 0


def _open_rows(home: Home, named: Acknowledged) -> frozenset[int]:
    from ringfence.lake.open_rows import OpenRows

    return frozenset(OpenRows(home).of(named.batch))
