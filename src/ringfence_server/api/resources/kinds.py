"""Kinds of tasks: the shipped ones, and those of the authority's work groups."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from ringfence.errors import Text
from ringfence_server.access import signed_in
from ringfence_server.api.operations import reads
from ringfence_server.api.shapes import InBoth, Told, Words, in_both, words
from ringfence_server.tasks.kinds import Kind, book

router = Router(tags=["tasks"])


class EndTold(Words):
    """`settled`: the task is done by it; else it is sent out again."""

    settled: bool


class KindTold(Words):
    """`hours`: until it is due. `order`: it binds the person. `by_hand`: somebody may add it.
    `group`: who of the authority does it, where that is said.
    """

    hours: int
    order: bool
    by_hand: bool
    own: bool
    group: InBoth | None
    ends: list[EndTold]


class Kinds(Told):
    items: list[KindTold]


@reads(
    router,
    "/kinds",
    Text("Kinds of tasks, with the words that reports end with", "任务类型及其反馈结果"),
    answers=Kinds,
)
@signed_in
def kinds(request: HttpRequest) -> Kinds:  # noqa: ARG001 - they are the same for everybody
    found = book()
    return Kinds(items=[_told(kind, kind.key in found.own) for kind in found.kinds.values()])


def _told(kind: Kind, own: bool) -> KindTold:
    return KindTold(
        **words(kind.key, kind.text).model_dump(),
        hours=int(kind.due.total_seconds() // 3600),
        order=kind.order,
        by_hand=kind.by_hand,
        own=own,
        group=in_both(kind.group) if kind.group is not None else None,
        ends=[
            EndTold(**words(word, end.text).model_dump(), settled=end.settled)
            for word, end in kind.ends.items()
        ],
    )
