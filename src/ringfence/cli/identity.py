"""`ringfence identity link|merge|split|undo`: which subjects are one person from now on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli import identity_reading
from ringfence.cli.acting import acting
from ringfence.cli.contact_changes import done_with_changes, tell_changes
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
    from ringfence.cli.api.identity import Decided
    from ringfence.identity import Acted
    from ringfence.lake import Home

SubjectsArgument = Annotated[
    list[str], typer.Argument(metavar="SUBJECT…", help=said("Subject numbers.", "人员编号。"))
]
ReasonOption = Annotated[
    str,
    typer.Option(
        "--reason",
        metavar="R",
        help=said(
            "Why; it is kept. No names or numbers of persons.",
            "理由；将被保存。请勿写入个人姓名或号码。",
        ),
    ),
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said("Which subjects are one person.", "哪些编号是同一人。"),
        no_args_is_help=True,
    )
    for name, command, words in (
        ("link", link, said("Link who bears one checked number.", "按有效证件号码关联。")),
        ("merge", merge_, said("These subjects are one person.", "合并为同一人。")),
        ("split", split_, said("These are another person than the rest.", "从同一人中拆出。")),
        ("undo", undo_, said("An act no longer counts.", "取消一次操作。")),
    ):
        group.command(name, help=words)(command)
    identity_reading.register(group)
    app.add_typer(group, name="identity")


def link(
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.identity.linking import link as act

    context = make_context(home, clock, as_json, lang)
    done = act(context.home(), by=acting(), now=context.now())
    if as_json:
        context.print_json(done.as_json())
        return 0
    context.print(
        Text(
            f"{done.numbers:,} numbers are borne by several subjects: {done.begun:,} links new, "
            f"{done.ended:,} ended.",
            f"{done.numbers:,} 个号码对应多个编号：新增关联 {done.begun:,} 个，"
            f"结束 {done.ended:,} 个。",
        )
    )
    if done.conflicts:
        context.print(
            Text(
                f"{len(done.conflicts):,} need a look: `ringfence identity conflicts`.",
                f"{len(done.conflicts):,} 个须人工核对：`ringfence identity conflicts`。",
            )
        )
    return 0


def merge_(
    subjects: SubjectsArgument,
    *,
    reason: ReasonOption,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.engines.sql import SqlEngine
    from ringfence.identity import merge
    from ringfence.identity.people import refuse_unknown
    from ringfence.lake import snapshot

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        return _through(context, server, "merge", reason=reason, subjects=subjects)
    opened = context.home()
    refuse_unknown(SqlEngine(snapshot(opened, context.now())), subjects)
    return _act(
        context,
        opened,
        lambda now: merge(opened, subjects, reason=reason, by=acting(), now=now),
    )


def split_(
    subjects: SubjectsArgument,
    *,
    reason: ReasonOption,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.identity import split

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        return _through(context, server, "split", reason=reason, subjects=subjects)
    opened = context.home()
    return _act(
        context,
        opened,
        lambda now: split(opened, subjects, reason=reason, by=acting(), now=now),
    )


def undo_(
    act: Annotated[int, typer.Argument(metavar="ACT", help=said("Its number.", "操作编号。"))],
    *,
    reason: ReasonOption,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.identity import undo

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        return _through(context, server, "undo", reason=reason, act=act)
    opened = context.home()
    return _act(context, opened, lambda now: undo(opened, act, reason=reason, by=acting(), now=now))


def _act(context: Context, home: Home, act: Callable[[datetime], Acted]) -> int:
    """Do it, and list what it changed for the contacts of open cases."""
    done, changed = done_with_changes(
        context, home, None, act, lambda done: _tell_act(context, done)
    )
    if context.as_json:
        context.print_json({**done.as_json(), "contacts": [vars(change) for change in changed]})
    else:
        tell_changes(context, changed)
    return 0


def _through(
    context: Context,
    server: Server,
    kind: str,
    *,
    reason: str,
    subjects: Sequence[str] = (),
    act: int | None = None,
) -> int:
    from ringfence.cli.api.identity import decided_through

    done = decided_through(server, kind, reason=reason, subjects=subjects, act=act)
    if context.as_json:
        context.print_json(done.as_json())
        return 0
    _tell_act(context, done)
    if done.cases:
        cases = ", ".join(done.cases)
        context.print(
            Text(
                f"Traced anew: {cases}. What it changes waits for approval in the console.",
                f"正在重新追踪：{cases}。名单变化待在控制台审核。",
            )
        )
    return 0


def _tell_act(context: Context, done: Acted | Decided) -> None:
    context.print(Text(f"Act {done.act}. Persons now:", f"操作 {done.act}。目前的人员："))
    for person, subjects in done.persons.items():
        print(f"  {person}: {', '.join(subjects)}")  # noqa: T201
