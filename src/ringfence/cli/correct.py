"""`ringfence correct`: one record put right, with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from ringfence.cli.acting import acting
from ringfence.cli.language import said
from ringfence.cli.options import ClockOption, HomeOption, JsonOption, LangOption, make_context
from ringfence.errors import Text, UsageError


def register(app: typer.Typer) -> None:
    app.command(
        "correct",
        help=said("Put one record right, with a reason.", "更正一条记录，并说明理由。"),
    )(correct_command)


def correct_command(
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
                "Row of the file; SHEET:ROW where it has several sheets or members.",
                "文件中的行号；有多个工作表或成员时写作 工作表:行号。",
            ),
        ),
    ],
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help=said("Table of the record.", "记录所在的表。"))
    ],
    *,
    changes: Annotated[
        list[str],
        typer.Option("--set", metavar="COLUMN=VALUE", help=said("What is right.", "正确的值。")),
    ],
    reason: Annotated[
        str,
        typer.Option("--reason", metavar="R", help=said("Why; it is kept.", "理由；将被保存。")),
    ],
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            metavar="COLUMN=VALUE",
            help=said("Which record, where the row gave several.", "该行有多条记录时指定其一。"),
        ),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence import audit
    from ringfence.cli.receipts import show_any_receipt
    from ringfence.lake.lineage import named_row, told_place
    from ringfence.lake.quarantined import acknowledged
    from ringfence.sources.correcting import correct

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    number = named_row(row, acknowledged(opened, batch).parts)
    about = {"batch": batch, "row": row, "table": table, "reason": reason}
    with audit.acting(opened, "correct", by=acting(), at=context.now(), about=about) as told:
        standing, receipt = correct(
            opened,
            batch,
            number,
            table,
            _pairs("--set", changes),
            where=_pairs("--where", where or []),
            reason=reason,
            now=context.now(),
        )
        told["batch"] = standing.batch
        told["correction"] = receipt.batch
    if as_json:
        context.print_json(receipt.as_json())
    else:
        file, told_row = told_place(standing.file, standing.parts, number)
        context.print(
            Text(
                f"Corrected; it stays the record of {file}, row {told_row}.",
                f"已更正；仍对应 {file} 第 {told_row} 行。",
            )
        )
        show_any_receipt(context, receipt)
    return 0


def _pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in given]
    if not all(equals and name for name, equals, _ in pairs):
        raise UsageError(f"{option} wants COLUMN=VALUE", f"{option} 应写作 列=值")
    return {name: value for name, _, value in pairs}
