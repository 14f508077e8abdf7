"""What `trace` and `explain` share: the options of a question, and how its words are read."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli.language import said
from ringfence.cli.options import Context, read_time
from ringfence.errors import UsageError

if TYPE_CHECKING:
    from ringfence.engines.question import EngineMaker
    from ringfence.engines.snapshot import Snapshot
    from ringfence.trace.result import Trace

ENGINES = ("sql", "reference")

OrdersOption = Annotated[
    int,
    typer.Option(
        "--orders",
        min=1,
        max=2,
        help=said("1: contacts; 2: contacts of contacts too.", "1：接触者；2：含次密接。"),
    ),
]
ProtocolOption = Annotated[
    str | None,
    typer.Option(
        "--protocol",
        metavar="P",
        help=said(
            "Protocol: id, id@version or a file. [default: the one in force]",
            "防控方案：编号、编号@版本或文件。[默认：报告日有效的方案]",
        ),
    ),
]
AsOfOption = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="T|N",
        help=said(
            "As known at this time, or at this sequence number.",
            "以此时间或此序号时的已知信息为准。",
        ),
    ),
]
EngineOption = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="sql|reference",
        help=said("sql, or the slow reference.", "sql，或缓慢的参照引擎。"),
    ),
]
NoCrowdLimitOption = Annotated[
    bool,
    typer.Option(
        "--no-crowd-limit",
        help=said("Expand crowded venues too.", "人员密集场所也全部展开。"),
    ),
]


def run_trace(
    context: Context,
    cases: Sequence[str],
    *,
    orders: int,
    protocol: str | None,
    as_of: str | None,
    engine: str,
    crowd_limit: bool,
) -> tuple[Trace, Snapshot]:
    """The words of the command line, asked of the home."""
    from ringfence.operations.tracing import Asked, trace_asked

    _refuse_no_text(cases)
    make_engine = engine_named(engine)
    asked = Asked(cases, orders, protocol, read_as_of(as_of), crowd_limit)
    return trace_asked(context.home(), asked, make_engine=make_engine, now=context.now())


def _refuse_no_text(words: Sequence[str]) -> None:
    try:
        "".join(words).encode()
    except UnicodeEncodeError:
        raise UsageError("a case number is text", "病例编号应为文本") from None


def engine_named(name: str) -> EngineMaker:
    if name == "sql":
        from ringfence.engines.sql import SqlEngine

        return SqlEngine
    if name == "reference":
        from ringfence.engines.reference import ReferenceEngine

        return ReferenceEngine
    raise UsageError("--engine is sql or reference", "--engine 只能是 sql 或 reference")


def read_as_of(text: str | None) -> datetime | int | None:
    """A time with offset, or a sequence number of the lake."""
    if text is None:
        return None
    if text.isascii() and text.isdigit() and (day := _day(text)):
        raise UsageError(
            f"--as-of {text} looks like a date; a moment is meant, with its offset, like "
            f"{day}T08:00:00+08:00, or a sequence number of the lake",
            f"--as-of {text} 像是日期；请写明时刻及时区偏移，例如 {day}T08:00:00+08:00，"
            "或数据湖的序号",
        )
    return int(text) if text.isascii() and text.isdigit() else read_time("--as-of", text)


def _day(digits: str) -> date | None:
    """The day that eight digits name, of a time in which outbreaks are traced."""
    with suppress(ValueError):
        day = datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC).date()
        return day if len(digits) == 8 and 1900 <= day.year < 2200 else None
    return None
