"""`ringfence lake withdraw|reinstate|purge`: what stops counting, and what is erased."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli.acting import acting
from ringfence.cli.contact_changes import done_with_changes, protocols_of, tell_changes
from ringfence.cli.identity_waiting import tell_waiting, waiting_as_json, waiting_in
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
    from ringfence.lake import BatchAct, Hold, Home, PurgeReport

BatchArgument = Annotated[
    str,
    typer.Argument(
        metavar="BATCH",
        help=said("Batch, or its first 8 characters or more.", "批次号，或其前 8 位以上。"),
    ),
]
ReasonOption = Annotated[
    str,
    typer.Option("--reason", metavar="R", help=said("Why; it is kept.", "理由；将被保存。")),
]


def register(group: typer.Typer) -> None:
    group.command("withdraw", help=said("A batch no longer counts.", "撤回一个批次。"))(withdraw)
    group.command("reinstate", help=said("A withdrawn batch counts again.", "恢复已撤回的批次。"))(
        reinstate
    )
    group.command(
        "purge",
        help=said("Erase what is past its retention.", "清除超过保存期限的数据。"),
    )(purge)


def withdraw(
    batch: BatchArgument,
    *,
    reason: ReasonOption,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.batches import withdraw as act

    context = make_context(home, clock, as_json, lang)
    _tell_difference(
        context,
        batch,
        lambda opened, now: act(opened, batch, reason=reason, by=acting(), now=now),
    )
    return 0


def reinstate(
    batch: BatchArgument,
    *,
    reason: ReasonOption,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.batches import reinstate as act

    context = make_context(home, clock, as_json, lang)
    _tell_difference(
        context,
        batch,
        lambda opened, now: act(opened, batch, reason=reason, by=acting(), now=now),
    )
    return 0


def purge(
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.purging import purge_home

    context = make_context(home, clock, as_json, lang)
    opened, now = context.home(), context.now()
    done = purge_home(opened, protocols=protocols_of(opened), by=acting(), now=now)
    if as_json:
        context.print_json(done.as_json())
    else:
        _tell_purge(context, done.report, done.hold)
    return 0


def _tell_difference(
    context: Context, batch: str, act: Callable[[Home, datetime], BatchAct]
) -> None:
    """Do it, and list what it changed for the contacts of open cases."""
    from ringfence.lake import told_by

    opened = context.home()
    done, changed = done_with_changes(
        context,
        opened,
        told_by(opened, batch),
        lambda now: act(opened, now),
        lambda done: _tell_act(context, done),
    )
    waiting = 0
    if done.act == "reinstate":
        waiting = waiting_in(context, opened, done.batch, *done.along)
    if context.as_json:
        contacts = [vars(change) for change in changed]
        context.print_json(done.as_json() | {"contacts": contacts} | waiting_as_json(waiting))
    else:
        tell_changes(context, changed)
        tell_waiting(context, waiting)


def _tell_act(context: Context, done: BatchAct) -> None:
    """Told at once: it is done, however long it takes to list what it changed."""
    acts = {"withdraw": Text("Withdrawn", "已撤回"), "reinstate": Text("Reinstated", "已恢复")}
    print(f"{context.say(acts[done.act])}: {done.batch[:12]} ({done.file})", flush=True)  # noqa: T201
    if done.along:
        named = ", ".join(batch[:12] for batch in done.along)
        context.print(
            Text(f"With it what puts its rows right: {named}", f"更正其数据的批次随之处理：{named}")
        )


def _tell_purge(context: Context, report: PurgeReport, hold: Hold) -> None:
    for table in report.tables:
        if table.rows:
            context.print(
                Text(
                    f"{table.table}: {table.rows:,} rows erased, {table.held_rows:,} held; "
                    f"looked for again: {table.found_again} found",
                    f"{table.table}：清除 {table.rows:,} 行，保留 {table.held_rows:,} 行；"
                    f"复查发现 {table.found_again} 行",
                )
            )
    if report.sequence is None:
        context.print(Text("Nothing is past its retention.", "没有超过保存期限的数据。"))
    held, unsettled = len(hold.cases), ", ".join(sorted(hold.unsettled))
    context.print(
        Text(f"Evidence of {held} open cases is held.", f"{held} 个未结病例的证据予以保留。")
    )
    if unsettled:
        context.print(
            Text(
                "More than usual is held for open cases without a usable date or a protocol in "
                f"force; add what is missing, or close them: {unsettled}",
                f"以下未结病例缺少可用日期或有效方案，为其保留的数据多于通常；请补充或结案：{unsettled}",
            )
        )
