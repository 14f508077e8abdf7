"""`ringfence init`: make a home."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    HomeOption,
    JsonOption,
    LangOption,
    clock_refused,
    make_context,
)
from ringfence.errors import Text, UsageError

_JURISDICTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,31}", re.ASCII)


def register(app: typer.Typer) -> None:
    app.command("init", help=said("Make a home for data.", "创建数据目录。"))(init)


def init(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[DIR]",
            help=said(
                "New or empty folder. [default: as --home]", "新建或空的目录。[默认：同 --home]"
            ),
        ),
    ] = None,
    *,
    synthetic: Annotated[
        bool,
        typer.Option(
            "--synthetic",
            help=said(
                "For invented people only; cannot be undone.", "仅存放虚构人员数据；不可更改。"
            ),
        ),
    ] = False,
    jurisdiction: Annotated[
        str,
        typer.Option(
            metavar="CODE",
            help=said(
                "Code of the jurisdiction, such as CN or CN-3201.", "管辖地代码，如 CN 或 CN-3201。"
            ),
        ),
    ] = "CN",
    zone: Annotated[
        str,
        typer.Option(metavar="ZONE", help=said("IANA time zone.", "IANA 时区。")),
    ] = "Asia/Shanghai",
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.lake import create_home

    context = make_context(folder or home, clock, as_json, lang)
    if context.clock is not None and not synthetic:
        raise clock_refused()
    if not _JURISDICTION.fullmatch(jurisdiction):
        raise UsageError(
            "--jurisdiction is a code of letters, digits and hyphens, such as CN or CN-3201",
            "--jurisdiction 应为由字母、数字和连字符组成的代码，例如 CN 或 CN-3201",
        )
    made = create_home(
        context.home_folder,
        synthetic=synthetic,
        jurisdiction=jurisdiction,
        zone=zone,
        now=context.now(),
    )
    if as_json:
        context.print_json(
            {
                "home": str(made.root),
                "synthetic": made.synthetic,
                "jurisdiction": made.jurisdiction,
                "zone": made.zone,
                "created_at": made.created_at.isoformat(),
            }
        )
        return 0
    kind = Text("synthetic home", "演练数据目录") if synthetic else Text("home", "数据目录")
    context.print(
        Text(
            f"Made a {kind.en} in {made.root} (jurisdiction {jurisdiction}, zone {zone}).\n"
            f"Next: ringfence import FILE --as TABLE --home {made.root}",
            f"已在 {made.root} 创建{kind.zh}（管辖地 {jurisdiction}，时区 {zone}）。\n"
            f"下一步：ringfence import FILE --as TABLE --home {made.root}",
        )
    )
    return 0
