"""`ringfence accounts`: how the operator of the machine makes the first administrator."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringfence.cli.acting import acting
from ringfence.cli.language import said
from ringfence.cli.options import JsonOption, LangOption, make_context
from ringfence.errors import NotFound, Text, UsageError
from ringfence_server.commands.deploying import DeploymentOption, prepared

if TYPE_CHECKING:
    from ringfence_server.access.operator import Operator
    from ringfence_server.accounts.models import User

_HANDED = Text(
    "Hand it to its owner alone: it is changed at the first signing in, within {n} days.",
    "请单独交给本人：首次登录须修改，{n} 天内有效。",
)
UsernameArgument = Annotated[
    str, typer.Argument(metavar="USERNAME", help=said("User name.", "用户名。"))
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said("Accounts of the server.", "服务器账户。"),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("make", help=said("Make one account.", "创建一个账户。"))(make)
    group.command("bulk", help=said("Make accounts from a list.", "按名单批量创建账户。"))(bulk)
    group.command("list", help=said("Accounts as they stand.", "列出账户。"))(list_)
    group.command(
        "reset", help=said("Give a new first password, or more.", "重置密码或其他登录设置。")
    )(reset)
    app.add_typer(group, name="accounts")


def make(
    username: UsernameArgument,
    *,
    name: Annotated[str, typer.Option(metavar="NAME", help=said("Name.", "姓名。"))],
    role: Annotated[
        str,
        typer.Option(
            metavar="ROLE",
            help=said("Role, such as administrator.", "角色，例如 administrator（系统管理员）。"),
        ),
    ],
    unit: Annotated[
        str, typer.Option(metavar="CODE", help=said("Code of the unit.", "单位代码。"))
    ],
    language: Annotated[
        str, typer.Option(metavar="zh|en", help=said("Language of its pages.", "页面语言。"))
    ] = "zh",
    deployment: DeploymentOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    prepared(deployment, lang)
    from ringfence_server.accounts.actions import make_account
    from ringfence_server.accounts.first_passwords import draw
    from ringfence_server.deployment.here import now

    fields = {"username": username, "name": name, "role": role, "unit": unit, "language": language}
    made = make_account(fields=fields, by=_operator(), at=now(), draw=draw)
    _show_password(made.user, made.password, as_json, lang)
    return 0


def bulk(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help=said(
                "CSV or workbook with username, name, role, unit and, where wanted, language;"
                " - is standard input.",
                "CSV 或工作簿，列为 username、name、role、unit，可另有 language；- 表示标准输入。",
            ),
        ),
    ],
    *,
    sheet: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help=said(
                "New file for the first passwords, readable by you alone.",
                "写入初始密码的新文件，仅本人可读。",
            ),
        ),
    ],
    deployment: DeploymentOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    told = prepared(deployment, lang)
    from django.db import transaction

    from ringfence.lake import open_home
    from ringfence.sources.opening import open_delivery
    from ringfence_server.accounts.actions import make_accounts
    from ringfence_server.accounts.first_passwords import GOOD_FOR, draw
    from ringfence_server.accounts.sheets import new_sheet, write_sheet
    from ringfence_server.deployment.here import now

    with (
        open_delivery(open_home(told.home), file) as given,
        new_sheet(sheet) as descriptor,
        transaction.atomic(),
    ):
        made = make_accounts(file=given.file, name=given.name, by=_operator(), at=now(), draw=draw)
        write_sheet(descriptor, sheet, made)
    context = make_context(None, None, as_json, lang)
    if as_json:
        context.print_json({"made": len(made), "sheet": str(sheet)})
    else:
        days = GOOD_FOR.days
        context.print(
            Text(
                f"{len(made)} accounts are made; their first passwords are in {sheet}.\n"
                f"Hand each to its owner alone, within {days} days; then remove the file.",
                f"已创建 {len(made)} 个账户；初始密码在 {sheet}。\n"
                f"请在 {days} 天内单独交给本人，然后删除该文件。",
            )
        )
    return 0


def list_(
    *,
    unit: Annotated[
        str | None,
        typer.Option(metavar="CODE", help=said("Only this unit and below.", "仅此单位及其下级。")),
    ] = None,
    deployment: DeploymentOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    prepared(deployment, lang)
    from ringfence_server.accounts.models import User
    from ringfence_server.jurisdictions.models import Unit
    from ringfence_server.jurisdictions.queries import within

    found = User.objects.all()
    if unit is not None:
        units = list(Unit.objects.filter(pk=unit))
        if not units:
            raise NotFound("there is no unit of this code", "没有该代码的单位")
        found = within(found, units)
    rows = [_row(user) for user in found.order_by("username").prefetch_related("appointments")]
    context = make_context(None, None, as_json, lang)
    if as_json:
        context.print_json({"accounts": rows})
        return 0
    words = {
        True: context.say(Text("active", "启用")),
        False: context.say(Text("deactivated", "停用")),
    }
    for row in rows:
        roles = ", ".join(f"{one['role']}@{one['unit']}" for one in row["roles"]) or "-"
        line = (row["username"], row["unit"], words[row["active"]], roles)
        context.print(Text(*["\t".join(line)] * 2))
    return 0


def reset(
    username: UsernameArgument,
    *,
    second_factor: Annotated[
        bool,
        typer.Option(
            "--second-factor",
            help=said("Its second factor, not its password.", "重置第二重验证，而非密码。"),
        ),
    ] = False,
    lock: Annotated[
        bool,
        typer.Option(
            "--lock", help=said("The lock after wrong tries only.", "仅解除错误次数过多的锁定。")
        ),
    ] = False,
    deployment: DeploymentOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    if second_factor and lock:
        raise UsageError(
            "--second-factor and --lock are two acts", "--second-factor 与 --lock 请分别执行"
        )
    prepared(deployment, lang)
    from ringfence_server.accounts import actions
    from ringfence_server.accounts.first_passwords import draw
    from ringfence_server.accounts.models import User
    from ringfence_server.deployment.here import now

    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFound("there is no such account", "没有该账户")
    by, at = _operator(), now()
    if not (second_factor or lock):
        password = actions.reset_password(user=user, by=by, at=at, draw=draw)
        _show_password(user, password, as_json, lang)
        return 0
    act = actions.reset_second_factor if second_factor else actions.lift_lock
    act(user=user, by=by, at=at)
    context = make_context(None, None, as_json, lang)
    if as_json:
        context.print_json({"username": user.username})
    else:
        context.print(Text("Done.", "已完成。"))
    return 0


def _operator() -> Operator:
    from ringfence_server.access.operator import Operator

    return Operator(acting())


def _show_password(user: User, password: str, as_json: bool, lang: str | None) -> None:
    from ringfence_server.accounts.first_passwords import GOOD_FOR

    context = make_context(None, None, as_json, lang)
    if as_json:
        context.print_json({"username": user.username, "first_password": password})
        return
    head = context.say(Text("First password of", "初始密码："))
    context.print(Text(*[f"{head} {user.username}\n{password}"] * 2))
    days = str(GOOD_FOR.days)
    context.print(Text(*(text.replace("{n}", days) for text in _HANDED)))


def _row(user: User) -> dict[str, Any]:
    held = [
        {"role": one.role, "unit": one.unit_id}
        for one in user.appointments.all()
        if one.until is None
    ]
    return {
        "username": user.username,
        "name": user.name,
        "unit": user.unit_id,
        "active": user.is_active,
        "roles": held,
    }
