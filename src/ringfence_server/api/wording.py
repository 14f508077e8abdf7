"""What the reader of requests found wrong, in our words and without what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ringfence.errors import Text

_FIXED: Mapping[str, Text] = {
    "missing": Text("it is missing", "缺少此项"),
    "extra_forbidden": Text("there is nothing of this name here", "此处没有该名称的项"),
    "string_type": Text("it is to be a text", "应为文本"),
    "int_type": Text("it is to be a whole number", "应为整数"),
    "int_parsing": Text("it is to be a whole number", "应为整数"),
    "int_from_float": Text("it is to be a whole number", "应为整数"),
    "bool_type": Text("it is to be true or false", "应为 true 或 false"),
    "bool_parsing": Text("it is to be true or false", "应为 true 或 false"),
    "list_type": Text("it is to be a list", "应为列表"),
    "model_type": Text("it is to be an object", "应为对象"),
    "model_attributes_type": Text("it is to be an object", "应为对象"),
    "dict_type": Text("it is to be an object", "应为对象"),
    "string_pattern_mismatch": Text("it is not in the form that is meant", "格式不符"),
}
_NOT_TAKEN = Text("it cannot be taken", "不能接受")
_INNER = ("told", "asked")
"""Names of arguments: they stand in no request."""


def reason_of(fault: Mapping[str, Any]) -> tuple[str, Text]:
    """Its place in the request, and what would be right."""
    source, *names = [str(part) for part in fault["loc"]]
    if names and names[0] in _INNER:
        names = names[1:]
    return ".".join([source, *map(_safe, names)]), _text(fault["type"], fault.get("ctx", {}))


def _safe(name: str) -> str:
    """A name of the program or a place in a list. What a sender made up may be anybody's number."""
    named = name.isascii() and name.isidentifier() and len(name) <= 40
    return name if named or (name.isdecimal() and len(name) <= 3) else "?"


def _text(kind: str, about: Mapping[str, Any]) -> Text:
    if kind in _FIXED:
        return _FIXED[kind]
    if kind == "literal_error":
        told = str(about["expected"]).replace("'", "").replace(" or ", ", ")
        return Text(f"one of: {told}", f"应为以下之一：{told}")
    for name, en, zh in (
        ("max_length", "at most {} long", "最长 {}"),
        ("min_length", "at least {} long", "至少 {}"),
        ("le", "at most {}", "不大于 {}"),
        ("ge", "at least {}", "不小于 {}"),
    ):
        if name in about:
            return Text(en.format(about[name]), zh.format(about[name]))
    return _NOT_TAKEN
