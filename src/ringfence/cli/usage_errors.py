"""The parser's commonest complaints in Chinese: its own words are English."""

from __future__ import annotations

import re

from typer.exceptions import TyperException

_NO_COMMAND = re.compile(r"No such command '([^']*)'")


def in_chinese(error: TyperException) -> str | None:
    """None: a complaint that is not translated. The value given is never repeated."""
    kind = type(error).__name__
    if kind == "NoSuchOption":
        return f"没有选项 {getattr(error, 'option_name', '')}"
    if found := _NO_COMMAND.search(str(getattr(error, "message", ""))):
        return f"没有命令 {found[1]}"
    named = _named(error)
    if kind == "MissingParameter" and named:
        return f"缺少{named}"
    if kind == "BadParameter" and named:
        return f"{named} 的取值无效"
    return None


def _named(error: TyperException) -> str | None:
    """The parameter as a user writes it."""
    param = getattr(error, "param", None)
    if param is None:
        return None
    if getattr(param, "param_type_name", "") == "option":
        return f"选项 {param.opts[0]}"
    return f"参数 {param.metavar or param.name}"
