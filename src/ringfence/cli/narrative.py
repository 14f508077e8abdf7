"""`ringfence narrative`: a text as dated events that point to their words."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import date
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
from ringfence.cli.written import check_file, write_whole
from ringfence.errors import UsageError

if TYPE_CHECKING:
    from ringfence.narratives.model import Reading
    from ringfence.operations.narrating.proposing import Proposed
    from ringfence.operations.narrating.texts import Given


def register(app: typer.Typer) -> None:
    app.command(
        "narrative",
        help=said(
            "Read what an investigator or a notice tells: dated movements, and what is not clear.",
            "读取流调叙述或通报文本：提取带日期的活动轨迹，并列出未能理解之处。",
        ),
    )(narrative)


def narrative(
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help=said(
                "A text, a folder of texts, NDJSON with id and text, or - for standard input.",
                "文本、文本文件夹、含 id 与 text 的 NDJSON，或以 - 表示标准输入。",
            ),
        ),
    ],
    *,
    reference_date: Annotated[
        str | None,
        typer.Option(
            "--reference-date",
            metavar="D",
            help=said(
                "The day on which it was written, by which days without a year are read.",
                "撰写日期，用于确定未写年份的日期。",
            ),
        ),
    ] = None,
    case: Annotated[
        str | None,
        typer.Option(
            "--case",
            metavar="C",
            help=said(
                "Of which case it tells: places and services are looked up in the home.",
                "叙述所属病例编号：在本系统中核对场所与班次。",
            ),
        ),
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--sheet",
            metavar="F.csv",
            help=said(
                "Write a table to accept or change, for import --mapping narrative.",
                "写出供采纳或修改的表，用于 import --mapping narrative。",
            ),
        ),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    context = make_context(home, clock, as_json, lang)
    written = None if reference_date is None else read_day("--reference-date", reference_date)
    if sheet is not None:
        check_file(sheet, "--sheet")
        if case is None:
            raise UsageError(
                "--sheet needs --case: of which case the text tells",
                "--sheet 须与 --case 同用：请指明叙述所属病例",
            )
    if case is not None and context.server() is not None:
        raise UsageError(
            "a served home's places and services are looked up by its server: leave --case out",
            "已部署的数据目录由服务器核对场所与班次：请勿使用 --case",
        )
    from ringfence.operations.narrating.texts import texts_of

    given = texts_of(None if str(file) == "-" else file, sys.stdin.buffer)
    if case is None:
        from ringfence.narratives.telling import read

        _show(context, ((one.id, read(one.text, written), None) for one in given))
        return 0
    return _of_case(context, case, given, written, sheet)


def _of_case(
    context: Context, case: str, given: Iterable[Given], written: date | None, sheet: Path | None
) -> int:
    from ringfence.engines.sql import SqlEngine
    from ringfence.operations.narrating.proposing import about, propose
    from ringfence.operations.narrating.sheet import as_csv

    of = about(context.home(), case, make_engine=SqlEngine, now=context.now(), by=acting())
    told = [(one.id, propose(of, one.text, written)) for one in given]
    if sheet is not None:
        write_whole(sheet, as_csv((one for _, one in told), context.language), "--sheet")
        sheet.chmod(0o600)
    _show(context, ((name, one.reading, one) for name, one in told))
    return 0


def _show(context: Context, told: Iterable[tuple[str | None, Reading, Proposed | None]]) -> None:
    from rich.text import Text as Styled

    from ringfence.narratives.as_json import as_json
    from ringfence.operations.narrating import table

    for name, reading, proposed in told:
        if not context.as_json:
            if name is not None:
                context.console().print(Styled(name, style="bold cyan"))
            table.show(reading, context.console(), context.language, proposed)
        elif name is None:
            context.print_json(as_json(reading))
        else:
            line = {"id": name, **as_json(reading)}
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
