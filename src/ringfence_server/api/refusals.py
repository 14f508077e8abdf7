"""Why a request of a program was refused, before or beside what an action says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from ringfence.errors import DataError, NotAllowed, Text, UserError

_TITLE_UNKNOWN = Text("No valid token", "没有有效的令牌")
_TITLE_NOT_ALLOWED = Text("You may not do this", "您没有此操作的权限")
_WAIT = "1"


class UnknownToken(NotAllowed):
    """One answer, whatever was wrong with the token or its account."""

    status = 401
    title = _TITLE_UNKNOWN
    headers: Mapping[str, str] = {"WWW-Authenticate": "Bearer"}

    def __init__(self) -> None:
        super().__init__(
            "send a token that is valid, as `Authorization: Bearer rf_…`: accounts make them in the"
            " console",
            "请以 Authorization: Bearer rf_… 提交有效令牌；令牌由账户在控制台创建",
        )


class TooOften(NotAllowed):
    status = 429

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "too many requests with an invalid token came from this address: wait a minute",
            "来自此地址的无效令牌请求过多：请等待一分钟",
        )
        self.headers = {"Retry-After": str(seconds)}


class MissingRight(NotAllowed):
    """The token does not carry it, or its account has it no more."""

    title = _TITLE_NOT_ALLOWED
    word = "missing-right"

    def __init__(self, right: str) -> None:
        super().__init__(
            f"this needs the right {right}, which the token does not carry or its account has not",
            f"需要权限 {right}：令牌未包含该权限，或其账户已无该权限",
        )


class NoSuchMethod(DataError):
    status = 405

    def __init__(self, there_are: Sequence[str]) -> None:
        told = ", ".join(there_are)
        super().__init__(f"this address takes {told}", f"此地址支持 {told}")
        self.headers = {"Allow": told}


class TooLarge(DataError):
    status = 413

    def __init__(self, most: int) -> None:
        super().__init__(f"what was sent has more than {most} bytes", f"提交内容超过 {most} 字节")


class OtherMediaType(DataError):
    status = 415

    def __init__(self, media: Sequence[str]) -> None:
        told = ", ".join(media)
        super().__init__(
            f"send the content as {told}, and say so in Content-Type",
            f"请以 {told} 格式提交，并在 Content-Type 中注明",
        )


class Malformed(DataError):
    """No JSON, or none that means one thing."""

    word = "malformed"


class Invalid(DataError):
    """Parts of the request that cannot be taken, each with its place."""

    def __init__(self, fields: Mapping[str, Text]) -> None:
        super().__init__(
            "parts of the request cannot be taken; nothing was changed",
            "请求中有不能接受的内容；数据未作更改",
        )
        self.fields = dict(fields)


class NoKey(DataError):
    word = "key-missing"

    def __init__(self) -> None:
        super().__init__(
            "send an Idempotency-Key of 8 to 128 letters, digits or .:_- with what changes"
            " something: a new one for each act, the same one when it is sent again",
            "会产生变更的请求须带 Idempotency-Key（8 至 128 个字母、数字或 .:_-）："
            "每次操作一个新值，重发时用同一个值",
        )


class KeyReused(DataError):
    status = 422

    def __init__(self) -> None:
        super().__init__(
            "this Idempotency-Key came with another request before: use a new one",
            "此 Idempotency-Key 已用于另一请求：请使用新值",
        )


class InProgress(DataError):
    status = 409
    word = "in-progress"
    headers: Mapping[str, str] = {"Retry-After": _WAIT}

    def __init__(self) -> None:
        super().__init__(
            "the same request is being answered: ask again in a second",
            "相同的请求正在处理：请一秒后重试",
        )


@contextmanager
def placed(**groups: Iterable[str]) -> Iterator[None]:
    """Fields that an action refuses, by their places in the body: within these groups, or in it."""
    try:
        yield
    except UserError as error:
        fields: Mapping[str, Text] | None = getattr(error, "fields", None)
        if fields is None:
            raise
        under = {name: group for group, names in groups.items() for name in names}
        raise Invalid({_place(name, under): text for name, text in fields.items()}) from None


def _place(name: str, under: Mapping[str, str]) -> str:
    return f"body.{under[name]}.{name}" if name in under else f"body.{name}"
