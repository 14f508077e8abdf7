"""`ringfence mappings draft`: a first mapping of a file that nobody has seen before."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from ringfence.cli.language import said
from ringfence.cli.options import ClockOption, HomeOption, JsonOption, LangOption, make_context
from ringfence.errors import Text, UsageError

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def register(group: typer.Typer) -> None:
    group.command(
        "draft",
        help=said(
            "Look at a file and write a first mapping, its doubts marked.",
            "分析文件并起草映射，存疑之处作标记。",
        ),
    )(draft_command)


def draft_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=said("Any file.", "任意文件。"))],
    *,
    name: Annotated[
        str,
        typer.Option(
            "--name",
            metavar="NAME",
            help=said(
                "Name of the channel: small letters, digits, -.", "渠道名称：小写字母、数字、-。"
            ),
        ),
    ] = "new-channel",
    write: Annotated[
        bool,
        typer.Option(
            "--write",
            help=said(
                "Write it to HOME/mappings/NAME/v1 instead of showing it.",
                "写入 数据目录/mappings/名称/v1，而不是显示。",
            ),
        ),
    ] = False,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet",
            metavar="NAME",
            help=said(
                "Sheet of a workbook. [default: the first visible one that looks like a table]",
                "工作簿的工作表。[默认：第一个像数据表的可见工作表]",
            ),
        ),
    ] = None,
    header_row: Annotated[
        int | None,
        typer.Option(
            "--header-row",
            metavar="N",
            min=1,
            max=1000,
            help=said("Row of the header, from 1.", "表头所在行，从 1 起。"),
        ),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.sources.mapping.catalogue import FILE, own_folder
    from ringfence.sources.mapping.drafting import draft
    from ringfence.sources.mapping.reading import read
    from ringfence.sources.opening import open_delivery

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    if not _NAME.fullmatch(name):
        raise UsageError(
            "a name is small letters, digits and - (hotel-register)",
            "名称只能用小写字母、数字和 -（如 hotel-register）",
        )
    with open_delivery(opened, file) as delivered:
        drafted = draft(
            delivered,
            name,
            opened.zone,
            context.now(),
            language=context.language,
            sheet=sheet,
            header_row=header_row,
        )
    read(drafted.text.encode(), FILE)
    target = own_folder(opened.root) / name / "v1" / FILE
    if write:
        _write(target, drafted.text)
    if as_json:
        context.print_json(
            {
                "mapping": name,
                "rows_looked_at": drafted.rows,
                "doubts": drafted.doubts,
                "file": str(target) if write else None,
                "text": drafted.text,
            }
        )
    elif write:
        context.print(
            Text(
                f"{target}: drafted from {drafted.rows:,} rows, {drafted.doubts} doubts to settle "
                f"(# DOUBT:). Then: ringfence import {file} --mapping {name} --dry-run",
                f"{target}：依据 {drafted.rows:,} 行起草，有 {drafted.doubts} 处存疑（# 存疑：）。"
                f"之后运行：ringfence import {file} --mapping {name} --dry-run",
            )
        )
    else:
        print(drafted.text, end="")  # noqa: T201
    return 0


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(
            f"{target} exists already; choose another --name", f"{target} 已存在；请改用其他 --name"
        ) from None
