"""Options that every command takes, and the context that they make.

@app.command("status")
def status(home: HomeOption = None, clock: ClockOption = None, as_json: JsonOption = False,
           lang: LangOption = None) -> int:
    context = make_context(home, clock, as_json, lang)
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringfence.cli.language import LANGUAGE, LANGUAGES, said
from ringfence.errors import NotAllowed, Text, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from ringfence.cli.api.address import Address
    from ringfence.cli.api.asking import Server
    from ringfence.lake import Home

HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home",
        metavar="DIR",
        help=said(
            "The home to work in. [default: RINGFENCE_HOME, else ./ringfence-home]",
            "数据目录。[默认：RINGFENCE_HOME，否则 ./ringfence-home]",
        ),
    ),
]
ClockOption = Annotated[
    str | None,
    typer.Option(
        "--clock",
        metavar="T",
        help=said(
            "Live at this time (ISO 8601 with offset); synthetic homes only.",
            "以此时间为当前时间（ISO 8601，带偏移）；仅限演练数据目录。",
        ),
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help=said("Answer in JSON.", "以 JSON 输出。"))]
LangOption = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="zh|en",
        help=said(
            "Language of messages. [default: RINGFENCE_LANG, else the locale]",
            "信息语言。[默认：RINGFENCE_LANG，否则系统语言]",
        ),
    ),
]


@dataclass(frozen=True)
class Context:
    """What a command knows beside its own arguments. `home_named`: the folder was, by --home."""

    home_folder: Path
    clock: datetime | None
    as_json: bool
    language: str
    home_named: bool = False

    def home(self) -> Home:
        """The opened home. A clock of one's own is refused where people are real; a command that
        may not go past a server is refused where one uses the home.
        """
        from ringfence.cli.ways import not_here, refuse_where_served, way
        from ringfence.lake import open_home

        refuse_where_served(self.home_folder)
        if not way().anywhere and (address := self._address()) is not None:
            raise NotAllowed(*not_here(str(address)))
        home = open_home(self.home_folder)
        if self.clock is not None and not home.synthetic:
            raise clock_refused()
        return home

    def server(self) -> Server | None:
        """The server through which the command acts; None: in a home of this machine."""
        from ringfence.cli.api.asking import Server
        from ringfence.cli.api.logins import token_for

        address = self._address()
        if address is None:
            return None
        if self.clock is not None:
            raise UsageError(
                "--clock is for homes of this machine; a server has its own clock",
                "--clock 只用于本机的数据目录；服务器使用其自身的时钟",
            )
        return Server(address, token_for(address, os.environ), self.language)

    def _address(self) -> Address | None:
        from ringfence.cli.api.choosing import server_of

        return server_of(self.home_folder, named=self.home_named)

    def now(self) -> datetime:
        return datetime.now(UTC) if self.clock is None else self.clock

    def say(self, text: Text) -> str:
        return text.to(self.language)

    def print(self, text: Text) -> None:
        print(self.say(text))  # noqa: T201

    def print_json(self, content: Any) -> None:
        json.dump(content, sys.stdout, ensure_ascii=False, indent=2)
        sys.stdout.write("\n")

    def console(self) -> Console:
        """For tables and colours on standard output."""
        from rich.console import Console

        return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def make_context(home: Path | None, clock: str | None, as_json: bool, lang: str | None) -> Context:
    if lang is not None and lang not in LANGUAGES:
        raise UsageError("--lang is zh or en", "--lang 只能是 zh 或 en")
    folder = home or Path(os.environ.get("RINGFENCE_HOME") or "ringfence-home")
    return Context(
        folder,
        None if clock is None else read_time("--clock", clock),
        as_json,
        lang or LANGUAGE,
        home is not None,
    )


def read_time(option: str, text: str) -> datetime:
    """An instant given on the command line, in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UsageError(
            f"{option} needs a time with an offset, like 2022-07-01T08:00:00+08:00",
            f"{option} 需要带时区偏移的时间，例如 2022-07-01T08:00:00+08:00",
        )
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise UsageError(f"{option} lies outside the calendar", f"{option} 超出日历范围") from None


def read_day(option: str, text: str) -> date:
    """A calendar day; UsageError names the option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{option} is a calendar day, such as 2022-07-05", f"{option} 应为日期，例如 2022-07-05"
        ) from None


def clock_refused() -> NotAllowed:
    return NotAllowed(
        "--clock works in synthetic homes only; this home keeps the real clock",
        "--clock 只能用于演练数据目录；本目录使用真实时间",
    )
