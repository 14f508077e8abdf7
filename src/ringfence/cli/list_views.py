"""What the commands about lists show: figures, rows set aside, persons by their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ringfence.cli.options import Context
from ringfence.errors import DataError, Text

if TYPE_CHECKING:
    from ringfence.lake import Reject
    from ringfence.operations.lists import Person, ReceivedList

_SHOWN_REJECTS = 20
_FUNNEL: tuple[tuple[str, Text], ...] = (
    ("received", Text("rows received", "收到行数")),
    ("refused", Text("rows refused", "无效行数")),
    ("valid", Text("rows valid", "有效行数")),
    ("duplicates", Text("rows that repeat a person", "重复行数")),
    ("persons", Text("persons", "人数")),
    ("earlier", Text("on an earlier list too", "此前名单已有")),
    ("known", Text("known here", "本地已知")),
    ("located", Text("located", "已定位")),
    ("sent", Text("sent on", "已转办")),
    ("answered", Text("answered", "已答复")),
    ("positive", Text("positive", "阳性")),
)
_MORE_PERSONS = Text(
    'If persons to check are in them, write `form: {sheet: "*"}` in the list form (--form), and '
    "give each the same header.",
    '若其中有待核查人员，请在名单格式文件（--form）中写 form: {sheet: "*"}，并使各表表头一致。',
)
_STATES = {
    "received": Text("received", "已接收"),
    "signed": Text("signed off", "已签发"),
    "answered": Text("answered", "已回复"),
    "withdrawn": Text("withdrawn", "已撤回"),
}


def tell_taken(
    context: Context,
    taken: ReceivedList,
    figures: Mapping[str, Any],
    rows: tuple[Reject, ...],
    unread: tuple[str, ...],
    *,
    replayed: bool,
    ends: bool = False,
) -> int:
    """The exit code: a list of which no row is valid was kept, and must not pass for one that was
    taken in. `ends`: the last line of a stream does not end.
    """
    from ringfence.cli.receipts import OPEN_END, unread_sheets

    code = 0 if figures["valid"] else DataError.exit_code
    if context.as_json:
        context.print_json(
            {
                **taken.as_json(),
                "unread": list(unread),
                **({"open_end": True} if ends else {}),
                "replayed": replayed,
                "funnel": figures,
            }
        )
        return code
    if replayed:
        context.print(
            Text(
                f"{taken.file} was received before, as {taken.name}.",
                f"{taken.file} 此前已接收，编号 {taken.name}。",
            )
        )
    else:
        context.print(
            Text(
                f"{taken.name}: {taken.file} of {taken.agency}.",
                f"{taken.name}：{taken.agency} 的 {taken.file}。",
            )
        )
    show_funnel(context, figures)
    if unread:
        context.print(unread_sheets(unread, _MORE_PERSONS))
    if ends:
        context.print(OPEN_END)
    show_refused(context, taken, rows[:_SHOWN_REJECTS])
    return code


def show_funnel(context: Context, figures: Mapping[str, Any]) -> None:
    from rich.table import Table

    shown = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    shown.add_column(justify="right")
    shown.add_column()
    for name, label in _FUNNEL:
        shown.add_row(f"{figures[name]:,}", context.say(label))
    context.console().print(shown)


def show_refused(context: Context, found: ReceivedList, rows: tuple[Reject, ...]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from ringfence.lake.lineage import told_place
    from ringfence.operations.lists.model import refused_for

    if not rows:
        return
    shown = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (Text("file", "文件"), Text("row", "行"), Text("reason", "原因")):
        shown.add_column(context.say(heading), overflow="fold")
    parts = dict(enumerate(found.parts))
    for reject in rows:
        file, row = told_place(found.file, parts, reject.row)
        reason = context.say(refused_for(reject.field, reject.reason))
        shown.add_row(escape(file), str(row), escape(reason))
    context.console().print(shown)


def show_lists(context: Context, found: Iterable[tuple[ReceivedList, Mapping[str, Any]]]) -> None:
    from rich.markup import escape
    from rich.table import Table

    shown = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (Text("list", "名单"), Text("from", "来文单位"), Text("state", "状态")):
        shown.add_column(context.say(heading), overflow="fold")
    columns = ("persons", "located", "sent", "answered", "positive")
    labels = dict(_FUNNEL)
    for column in columns:
        shown.add_column(context.say(labels[column]), justify="right")
    for one, figures in found:
        shown.add_row(
            one.name,
            escape(one.agency),
            context.say(_STATES[one.state]),
            *(f"{figures[column]:,}" for column in columns),
        )
    context.console().print(shown)


def show_persons(context: Context, found: Sequence[Person], *, named: bool) -> None:
    from rich.markup import escape
    from rich.table import Table

    if not found:
        context.print(Text("Nobody.", "没有人员。"))
        return
    shown = Table(box=None, padding=(0, 2, 0, 0))
    headings = [
        Text("person", "人员"),
        Text("rows", "行"),
        Text("known as", "本地编号"),
        Text("division", "区划"),
        Text("unit", "单位"),
        Text("outcome", "结果"),
    ]
    for heading in [*headings, *([Text("who", "身份")] if named else [])]:
        shown.add_column(context.say(heading), overflow="fold")
    for person in found:
        who = [", ".join(values) for values in (person.identity or {}).values()]
        cells = [
            str(person.person),
            ", ".join(map(str, person.rows)),
            ", ".join(person.known),
            person.division or "",
            person.unit or "",
            person.outcome or "",
            *(["; ".join(who)] if named else []),
        ]
        shown.add_row(*map(escape, cells))
    context.console().print(shown)
