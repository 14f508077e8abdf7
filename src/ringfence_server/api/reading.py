"""Reading what a program sent: JSON that means one thing, and parts of the address that mean any.

What is refused here would otherwise be guessed at (a name twice), lost (a filter with a slip in its
name), or a fault further in (a number that no column holds, a NUL).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest

from ringfence.errors import NotFound, Text
from ringfence_server.api.refusals import Invalid, Malformed, OtherMediaType, TooLarge

MOST_BYTES = 1 << 20
LARGEST_NUMBER = (1 << 63) - 1
JSON = "application/json"
_UNKNOWN = Text("there is no such parameter here", "此处没有该参数")
_TWICE = Text("it is there twice", "重复出现")
_NO_TEXT = Text("it is no text: it holds a NUL", "含有 NUL 字符，不是文本")


def check_address(request: HttpRequest, known: Iterable[str], named: Mapping[str, Any]) -> None:
    """NotFound: nothing can be meant by the path. Invalid: by a parameter of the query."""
    if any(isinstance(one, str) and "\0" in one for one in named.values()):
        raise NotFound("there is nothing there", "没有此内容")
    if any(isinstance(one, int) and one > LARGEST_NUMBER for one in named.values()):
        raise NotFound("there is nothing there", "没有此内容")
    wrong: dict[str, Text] = {}
    names = set(known)
    for name, values in request.GET.lists():
        if name not in names:
            # Its own name is not repeated: whatever stands there may be a person's data.
            wrong["query"] = _UNKNOWN
        elif len(values) > 1:
            wrong[f"query.{name}"] = _TWICE
        elif "\0" in values[0]:
            wrong[f"query.{name}"] = _NO_TEXT
    if wrong:
        raise Invalid(wrong)


def check_content(request: HttpRequest, media: tuple[str, ...], most: int) -> bool:
    """Whether there is any. TooLarge, OtherMediaType: before a byte of it is read."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    length = int(told) if told.isascii() and told.isdigit() else 0
    if length > most:
        raise TooLarge(most)
    if length and request.content_type not in media:
        raise OtherMediaType(media)
    return length > 0


def read_json(content: bytes) -> Any:
    """Malformed: no JSON in UTF-8; a name twice in one object; a number beyond 64 bits or none at
    all; half a character, or a NUL.
    """
    try:
        told = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_broken,
            parse_constant=_no_number,
        )
    except RecursionError:
        raise Malformed("the JSON is nested too deeply", "JSON 嵌套过深") from None
    except ValueError:
        raise Malformed("the content is no JSON in UTF-8", "内容不是 UTF-8 编码的 JSON") from None
    _check_texts(told)
    return told


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise Malformed("an object has the same name twice", "同一对象中有重复的名称")
    return told


def _whole(text: str) -> int:
    if len(text) > 20 or abs(number := int(text)) > LARGEST_NUMBER:
        raise Malformed("a number is too large", "数值过大")
    return int(text) if number else 0


def _broken(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise Malformed("a number is too large", "数值过大")
    return number


def _no_number(_: str) -> Any:
    raise Malformed("NaN and Infinity are no numbers of JSON", "NaN 与 Infinity 不是 JSON 数值")


def _check_texts(told: Any) -> None:
    """Without recursion: it may be nested as deeply as the parser goes."""
    left = [told]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left.extend(one.keys())
            left.extend(one.values())
        elif isinstance(one, list):
            left.extend(one)
        elif isinstance(one, str) and any(c == "\0" or "\ud800" <= c <= "\udfff" for c in one):
            raise Malformed("a text holds a NUL or half a character", "文本含有 NUL 或不完整的字符")
