"""What `trace` and `explain` share: the snapshot, the engine and the protocol of a question."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli.language import said
from ringfence.cli.options import Context, read_time
from ringfence.errors import UsageError

if TYPE_CHECKING:
    from ringfence.engines.question import Engine, EngineMaker
    from ringfence.engines.snapshot import Snapshot
    from ringfence.lake import Home
    from ringfence.protocols.model import Protocol
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


@dataclass(frozen=True)
class Asked:
    """The words of a trace on the command line."""

    cases: Sequence[str]
    orders: int
    protocol: str | None
    as_of: str | None
    engine: str
    no_crowd_limit: bool


def run_trace(context: Context, asked: Asked) -> tuple[Trace, Snapshot]:
    from ringfence.identity import snapshot
    from ringfence.trace.tracing import trace_cases

    _refuse_no_text(asked.cases)
    make_engine = engine_named(asked.engine)
    home = context.home()
    known = snapshot(home, context.now(), read_as_of(asked.as_of))
    engine = make_engine(known)
    protocol = _protocol(home, known, engine, asked)
    trace = trace_cases(
        known, engine, protocol, asked.cases, asked.orders, crowd_limit=not asked.no_crowd_limit
    )
    return trace, known


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


def _protocol(home: Home, known: Snapshot, engine: Engine, asked: Asked) -> Protocol:
    from ringfence.protocols.catalogue import load_all, named
    from ringfence.trace.choosing import protocol_in_force

    if asked.protocol is not None:
        return named(asked.protocol, home.protocols).protocol
    protocols = [file.protocol for file in load_all(home.protocols)]
    return protocol_in_force(known, engine, asked.cases, protocols)
