"""`ringfence lists`: persons to check whom somebody hands down."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli import list_acts
from ringfence.cli.acting import acting
from ringfence.cli.key_notice import key_notice
from ringfence.cli.language import said
from ringfence.cli.list_views import (
    show_funnel,
    show_lists,
    show_persons,
    show_refused,
    tell_taken,
)
from ringfence.cli.options import (
    ClockOption,
    Context,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
)
from ringfence.errors import NotAllowed, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from ringfence.cli.api.asking import Server
    from ringfence.operations.lists import Person, ReceivedList

_NOBODY_NAMED = Text(
    "a server tells no program who somebody is: leave --purpose out; the console shows cases and "
    "contacts to those who may see them",
    "服务器不向程序提供身份信息：请去掉 --purpose；病例与接触者的身份可由有权限者在控制台查看",
)


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
    from ringfence.operations.lists import check_list, read_list_form, receive, refused_rows

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        told = {"agency": agency, "basis": basis, "case": case, "form": form}
        return _import_through(context, server, file, told)
    opened, now = context.home(), context.now()
    read = None if form is None else read_list_form(form)
    with key_notice(context, opened):
        done = receive(
            opened, file, agency=agency, basis=basis, case=case, form=read, by=acting(), now=now
        )
    figures = check_list(opened, done.list.name, by=acting(), now=now).as_json()
    rows = refused_rows(opened, done.list)
    return tell_taken(
        context, done.list, figures, rows, done.unread, replayed=done.replayed, ends=done.open_end
    )


def _import_through(
    context: Context, server: Server, file: str, said_of_it: Mapping[str, Any]
) -> int:
    from ringfence.cli.api.lists import funnel_through, import_list, refused_through
    from ringfence.cli.progress import bytes_progress

    with bytes_progress(context) as progress:
        came = import_list(server, file, progress=progress, **said_of_it)
    figures = funnel_through(server, came.name)
    taken, rows = refused_through(server, came.name)
    return tell_taken(context, taken, figures, rows, came.unread, replayed=came.replayed)


def list_(
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.lists import all_lists
    from ringfence.operations.lists import funnel as figures_of

    context = make_context(home, clock, as_json, lang)
    found: Iterable[tuple[ReceivedList, Mapping[str, Any]]]
    if (server := context.server()) is not None:
        from ringfence.cli.api.lists import lists_through

        found = lists_through(server)
    else:
        opened = context.home()
        # Figures are read for the table alone.
        found = (
            (one, {} if as_json else figures_of(opened, one).as_json()) for one in all_lists(opened)
        )
    if as_json:
        context.print_json([one.as_json() for one, _ in found])
    elif found := list(found):
        show_lists(context, found)
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
    if (server := context.server()) is not None:
        from ringfence.cli.api.lists import funnel_through

        figures = funnel_through(server, name)
    else:
        opened = context.home()
        figures = figures_of(opened, the_list(opened, name)).as_json()
    if as_json:
        context.print_json(figures)
    else:
        show_funnel(context, figures)
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
    found: Sequence[Person]
    if (server := context.server()) is not None:
        from ringfence.cli.api.lists import persons_through

        if purpose is not None:
            raise NotAllowed(*_NOBODY_NAMED)
        found = persons_through(server, name, stage, only or ())
    else:
        found = persons_at(
            context.home(), name, stage, purpose=purpose, only=only, by=acting(), now=context.now()
        )
    if as_json:
        context.print_json([person.as_json() for person in found])
    else:
        show_persons(context, found, named=purpose is not None)
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
    if (server := context.server()) is not None:
        from ringfence.cli.api.lists import refused_through

        found, rows = refused_through(server, name)
    else:
        opened = context.home()
        found = the_list(opened, name)
        rows = refused_rows(opened, found)
    if as_json:
        context.print_json([reject.as_json(of_parts=len(found.parts) > 1) for reject in rows])
    else:
        show_refused(context, found, rows)
    return 0
