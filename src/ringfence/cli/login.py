"""`ringfence login` and `logout`: which server commands act through, and as whom."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Annotated

import typer

from ringfence.cli.language import said
from ringfence.cli.options import Context, JsonOption, LangOption, make_context
from ringfence.errors import NotFound, Text

_LONGEST = 8_192


def register(app: typer.Typer) -> None:
    app.command(
        "login", help=said("Act through a server from now on.", "此后通过服务器执行命令。")
    )(login)
    app.command("logout", help=said("Forget the server and its token.", "清除服务器与令牌。"))(
        logout
    )


def login(
    address: Annotated[
        str | None,
        typer.Argument(
            metavar="[ADDRESS]",
            help=said(
                "Such as https://ringfence.city.example. [default: tell the one in use]",
                "例如 https://ringfence.city.example。[默认：显示当前所用]",
            ),
        ),
    ] = None,
    *,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """The token is asked for, or read from standard input: never from the words of the command."""
    from ringfence.cli.api.address import read_address
    from ringfence.cli.api.asking import Asked, Server, told
    from ringfence.cli.api.logins import Login, keep_login, read_token
    from ringfence.cli.api.reading import text_of

    context = make_context(None, None, as_json, lang)
    if address is None:
        return _tell_kept(context)
    where = read_address(address)
    token = read_token(_given(context))
    me = told(Server(where, token, context.language), Asked("GET", "/me"))
    account = text_of(where, me, "account")
    file = keep_login(Login(where, token, account))
    if as_json:
        context.print_json({"address": str(where), "account": account, "file": str(file)})
    else:
        context.print(
            Text(
                f"Commands now act through {where} as {account}, wherever no home of this machine "
                f"is named. The token is in {file}, for you alone; `ringfence logout` removes it.",
                f"未指定本机数据目录时，命令将以 {account} 的身份通过 {where} 执行。"
                f"令牌保存在 {file}，仅您可读；可用 `ringfence logout` 清除。",
            )
        )
    return 0


def logout(as_json: JsonOption = False, lang: LangOption = None) -> int:
    from ringfence.cli.api.logins import forget_login

    context = make_context(None, None, as_json, lang)
    there = forget_login()
    if as_json:
        context.print_json({"forgotten": there})
    elif there:
        context.print(
            Text(
                "Forgotten. The token itself stays good until it ends: revoke it in the console if "
                "others may have it.",
                "已清除。令牌在到期前仍然有效：若可能被他人取得，请在控制台吊销。",
            )
        )
    else:
        context.print(Text("There was nothing to forget.", "没有可清除的内容。"))
    return 0


def _tell_kept(context: Context) -> int:
    from ringfence.cli.api.logins import kept_login

    kept = kept_login()
    if kept is None:
        raise NotFound(
            "no server is logged in to: `ringfence login ADDRESS`",
            "尚未登录任何服务器：请运行 `ringfence login 地址`",
        )
    if context.as_json:
        context.print_json({"address": str(kept.address), "account": kept.account})
    else:
        context.print(
            Text(f"{kept.address} as {kept.account}", f"{kept.address}，账户 {kept.account}")
        )
    return 0


def _given(context: Context) -> str:
    if sys.stdin.isatty():
        asked = Text("Token (from the console; it is not shown): ", "令牌（取自控制台；不显示）：")
        return getpass(context.say(asked))
    return sys.stdin.readline(_LONGEST)
