"""`ringfence lists`: persons to check whom somebody hands down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli import list_acts
from ringfence.cli.acting import acting
from ringfence.cli.key_notice import key_notice
from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    Context,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
)
from ringfence.errors import DataError, Text

if TYPE_CHECKING:
    from ringfence.lake import Home, Reject
    from ringfence.operations.lists import Funnel, Person, ReceivedList

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


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said(
            "Lists of persons to check, handed down by others.", "上级或外地下发的待核查人员名单。"
        ),
        no_args_is_help=True,
    )
    group.command("import", help=said("Take in a list.", "导入名单。"))(import_)
    group.command("list", help=said("Lists as they stand.", "列出名单及其状态。"))(list_)
    group.command("funnel", help=said("What became of a list.", "名单处置漏斗。"))(funnel)
    group.command("persons", help=said("The persons of a stage.", "列出某一阶段的人员。"))(persons)
    group.command("refused", help=said("Rows set aside, and why.", "无效行及原因。"))(refused)
    list_acts.register(group)
    app.add_typer(group, name="lists")


def import_(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help=said("The list, of any form; - is standard input.", "名单文件；- 表示标准输入。"),
        ),
    ],
    *,
    agency: Annotated[
        str, typer.Option("--from", metavar="AGENCY", help=said("Who sent it.", "来文单位。"))
    ],
    basis: Annotated[
        str, typer.Option(metavar="TEXT", help=said("Legal basis of the check.", "法律依据。"))
    ],
    case: Annotated[
        str | None,
        typer.Option(metavar="C", help=said("A case of this home it belongs to.", "关联病例。")),
    ] = None,
    form: Annotated[
        Path | None,
        typer.Option(
            metavar="YAML",
            help=said(
                "What the columns mean. [default: canonical columns]",
                "列含义说明文件。[默认：规范列名]",
            ),
        ),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.cli.receipts import OPEN_END, unread_sheets
    from ringfence.operations.lists import check_list, read_list_form, receive, refused_rows

    context = make_context(home, clock, as_json, lang)
    opened, now = context.home(), context.now()
    read = None if form is None else read_list_form(form)
    with key_notice(context, opened):
        done = receive(
            opened, file, agency=agency, basis=basis, case=case, form=read, by=acting(), now=now
        )
    figures = check_list(opened, done.list.name, by=acting(), now=now)
    if as_json:
        context.print_json(
            {
                **done.list.as_json(),
                "unread": list(done.unread),
                **({"open_end": True} if done.open_end else {}),
                "replayed": done.replayed,
                "funnel": figures.as_json(),
            }
        )
        return _code(figures)
    if done.replayed:
        context.print(
            Text(
                f"{done.list.file} was received before, as {done.list.name}.",
                f"{done.list.file} 此前已接收，编号 {done.list.name}。",
            )
        )
    else:
        context.print(
            Text(
                f"{done.list.name}: {done.list.file} of {agency}.",
                f"{done.list.name}：{agency} 的 {done.list.file}。",
            )
        )
    _show_funnel(context, figures)
    if done.unread:
        context.print(unread_sheets(done.unread, _MORE_PERSONS))
    if done.open_end:
        context.print(OPEN_END)
    _show_refused(context, done.list, refused_rows(opened, done.list)[:_SHOWN_REJECTS])
    return _code(figures)


def _code(figures: Funnel) -> int:
    """A list of which no row is valid was kept, and must not pass for one that was taken in."""
    return 0 if figures.valid else DataError.exit_code


def list_(
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.lists import all_lists

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    found = all_lists(opened)
    if as_json:
        context.print_json([one.as_json() for one in found])
    elif found:
        _show_lists(context, opened, found)
    else:
        context.print(Text("No list was received.", "尚未接收名单。"))
    return 0


def funnel(
    name: list_acts.ListArgument,
    *,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.lists import funnel as figures_of
    from ringfence.operations.lists import the_list

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    figures = figures_of(opened, the_list(opened, name))
    if as_json:
        context.print_json(figures.as_json())
    else:
        _show_funnel(context, figures)
    return 0


def persons(
    name: list_acts.ListArgument,
    *,
    stage: Annotated[
        str,
        typer.Option(
            "--at",
            metavar="STAGE",
            help=said(
                "persons, earlier, known, located, sent, answered or positive",
                "persons、earlier、known、located、sent、answered 或 positive",
            ),
        ),
    ] = "persons",
    only: Annotated[
        list[int] | None,
        typer.Option(
            "--person",
            metavar="N",
            help=said("This person; may be repeated.", "仅该人员；可重复。"),
        ),
    ] = None,
    purpose: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help=said(
                "Show who they are, for this purpose; it is kept in the audit.",
                "为此用途显示身份；用途将记入审计。",
            ),
        ),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.lists import persons_at

    context = make_context(home, clock, as_json, lang)
    found = persons_at(
        context.home(), name, stage, purpose=purpose, only=only, by=acting(), now=context.now()
    )
    if as_json:
        context.print_json([person.as_json() for person in found])
    else:
        _show_persons(context, found, named=purpose is not None)
    return 0


def refused(
    name: list_acts.ListArgument,
    *,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.lists import refused_rows, the_list

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    found = the_list(opened, name)
    rows = refused_rows(opened, found)
    if as_json:
        context.print_json([reject.as_json(of_parts=len(found.parts) > 1) for reject in rows])
    else:
        _show_refused(context, found, rows)
    return 0


def _show_funnel(context: Context, figures: Funnel) -> None:
    from rich.table import Table

    shown = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    shown.add_column(justify="right")
    shown.add_column()
    content = figures.as_json()
    for name, label in _FUNNEL:
        shown.add_row(f"{content[name]:,}", context.say(label))
    context.console().print(shown)


def _show_refused(context: Context, found: ReceivedList, rows: tuple[Reject, ...]) -> None:
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


def _show_lists(context: Context, home: Home, found: tuple[ReceivedList, ...]) -> None:
    from rich.markup import escape
    from rich.table import Table

    from ringfence.operations.lists import funnel as figures_of

    shown = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (Text("list", "名单"), Text("from", "来文单位"), Text("state", "状态")):
        shown.add_column(context.say(heading), overflow="fold")
    columns = ("persons", "located", "sent", "answered", "positive")
    labels = dict(_FUNNEL)
    for column in columns:
        shown.add_column(context.say(labels[column]), justify="right")
    for one in found:
        content = figures_of(home, one).as_json()
        shown.add_row(
            one.name,
            escape(one.agency),
            context.say(_STATES[one.state]),
            *(f"{content[column]:,}" for column in columns),
        )
    context.console().print(shown)


def _show_persons(context: Context, found: tuple[Person, ...], *, named: bool) -> None:
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
