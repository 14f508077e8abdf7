"""Subjects that bear one number and are not linked: told where they come in, and with a trace."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ringfence.cli.acting import acting
from ringfence.cli.options import Context
from ringfence.errors import Text, UserError

if TYPE_CHECKING:
    from ringfence.engines.snapshot import Snapshot
    from ringfence.lake import Home, ImportReceipt, Receipt
    from ringfence.trace.result import Trace

NEXT = "ringfence identity link"
_SHOWN = 5


def waiting_after(context: Context, home: Home, receipt: Receipt | ImportReceipt) -> int:
    """How many subjects of the batch bear a number that others bear, and are not linked."""
    if receipt.dry_run or not receipt.told:
        return 0
    return waiting_in(context, home, receipt.batch)


def waiting_in(context: Context, home: Home, batch: str, *along: str) -> int:
    """The same of batches that count. What was done is done: where the vault cannot be read now,
    that is only told.
    """
    from ringfence.identity.waiting import not_looked_up, waiting_in_batch

    try:
        return waiting_in_batch(home, batch, *along)
    except UserError as error:
        print(context.say(not_looked_up(error)), file=sys.stderr)  # noqa: T201
        return 0


def waiting_as_json(waiting: int) -> dict[str, object]:
    return {"unlinked_subjects": waiting, "next": NEXT} if waiting else {}


def tell_waiting(context: Context, waiting: int) -> None:
    if waiting:
        subjects = "1 subject" if waiting == 1 else f"{waiting:,} subjects"
        bear, are = ("bears", "is") if waiting == 1 else ("bear", "are")
        context.print(
            Text(
                f"{subjects} of this batch {bear} a number that others bear too, and {are} not "
                f"linked with them yet. `{NEXT}` links whom nothing speaks against, and counts "
                "the rest.",
                f"本批次有 {waiting:,} 个人员编号的证件号码与其他编号相同，尚未关联。"
                f"`{NEXT}` 将关联无疑点的编号，并给出须核对的数目。",
            )
        )


def waiting_warnings(
    context: Context, home: Home, found: Trace, known: Snapshot
) -> tuple[Text, ...]:
    """Said where further subjects may be a case's person, by a link or once somebody looked."""
    from ringfence.identity.waiting import not_looked_up
    from ringfence.operations.tracing import waiting_for

    person_of = {case.case: case.subject for case in found.cases}
    try:
        waiting = waiting_for(home, found, known, by=acting(), now=context.now())
    except UserError as error:
        return (not_looked_up(error),)
    told = []
    for case, one in waiting.items():
        if one.joined:
            told.append(_to_link(case, person_of[case], one.joined))
        if one.disputed:
            told.append(_to_settle(case, person_of[case], one.disputed))
    return tuple(told)


def _counted(others: tuple[str, ...]) -> tuple[str, str]:
    named = ", ".join(others[:_SHOWN]) + (" …" if len(others) > _SHOWN else "")
    return "1 subject bears" if len(others) == 1 else f"{len(others):,} subjects bear", named


def _to_settle(case: str, subject: str, others: tuple[str, ...]) -> Text:
    many, named = _counted(others)
    return Text(
        f"Case {case}: {many} a number of {subject} ({named}), but something speaks against one "
        "person; what is recorded of them is not in this trace. See `ringfence identity "
        "conflicts`, merge or split them, then trace again.",
        f"病例 {case}：另有 {len(others):,} 个编号与 {subject} 证件号码相同（{named}），"
        "但信息有矛盾，其记录未计入本次追踪。请查看 `ringfence identity conflicts`，"
        "合并或拆分后再重新追踪。",
    )


def _to_link(case: str, subject: str, others: tuple[str, ...]) -> Text:
    many, named = _counted(others)
    return Text(
        f"Case {case}: {many} a number of {subject} and would be linked with it ({named}); what "
        f"is recorded of them is not in this trace. Run `{NEXT}`, then trace again.",
        f"病例 {case}：另有 {len(others):,} 个编号与 {subject} 证件号码相同、可以关联（{named}），"
        f"其记录未计入本次追踪。请先运行 `{NEXT}`，再重新追踪。",
    )
