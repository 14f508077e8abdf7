"""What a server answers, read with care; and how its refusals are told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from ringfence.cli.api.address import Address
from ringfence.errors import DataError, NotAllowed, NotFound, StorageError, Text, UserError

_LONGEST = 2_000
_MOST_FAULTS = 20
_REFUSALS: dict[int, type[UserError]] = {401: NotAllowed, 403: NotAllowed, 404: NotFound}


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    body: bytes
    retry_after: str | None = None


class Away(StorageError):
    """The server cannot be reached: nothing is known of what was asked last."""


class Conflict(DataError):
    """The server stands elsewhere than was thought."""


def content(address: Address, answer: Answer) -> Any:
    """The JSON of an answer that did what was asked."""
    found = _json(answer)
    if 200 <= answer.status < 300:
        if found is None:
            raise no_server(address)
        return found
    if 300 <= answer.status < 400:
        raise NotAllowed(
            f"{address} sends its callers elsewhere: give the address that it really has",
            f"{address} 会转向其他地址：请使用服务器的实际地址",
        )
    raise _refusal(address, answer.status, _said(found))


def away(address: Address, fault: OSError) -> Away:
    slow = isinstance(fault, TimeoutError)
    why = Text("it does not answer in time", "响应超时") if slow else _reason(fault)
    return Away(
        f"the server at {address} cannot be reached ({why.en}): what was not told as done may be "
        "asked again, and counts once",
        f"无法连接服务器 {address}（{why.zh}）：未报告完成的操作可重复执行，只计一次",
    )


def no_server(address: Address) -> DataError:
    return DataError(
        f"what answers at {address} is no server of this program, or of another version",
        f"{address} 的应答并非来自本程序的服务器，或版本不同",
    )


def untrusted(address: Address, why: str) -> NotAllowed:
    said = _plain(why)
    return NotAllowed(
        f"the certificate of {address} is not trusted ({said}): nothing was sent. If it is signed "
        "by your authority, name its certificate in SSL_CERT_FILE",
        f"{address} 的证书不受信任（{said}）：未发送任何内容。若由本单位签发，"
        "请用 SSL_CERT_FILE 指定其根证书",
    )


def _refusal(address: Address, status: int, said: Text | None) -> UserError:
    if said is None and status >= 500:
        return Away(
            f"the server at {address} failed (status {status}); try again later",
            f"服务器 {address} 出错（状态 {status}）；请稍后重试",
        )
    if status == 401:
        return NotAllowed(
            f"the server at {address} does not know this token, or it has ended: make a new one in "
            f"the console, then `ringfence login {address}`",
            f"服务器 {address} 不接受此令牌，或令牌已失效：请在控制台新建令牌，"
            f"再运行 `ringfence login {address}`",
        )
    if said is None:
        return no_server(address) if status == 404 else _status(status)
    kind = StorageError if status >= 500 else _REFUSALS.get(status, DataError)
    if status == 409:
        kind = Conflict
    return kind(*said)


def _status(status: int) -> DataError:
    if status == 413:
        return DataError(
            "what was sent is larger than the server, or the proxy in front of it, takes",
            "发送的内容超过服务器或其前置代理的上限",
        )
    return DataError(
        f"the server refused this (status {status})", f"服务器拒绝了此操作（状态 {status}）"
    )


def _json(answer: Answer) -> Any:
    """None: it is no JSON."""
    if "json" not in answer.kind.lower():
        return None
    try:
        return _cleaned(json.loads(answer.body))
    except (ValueError, RecursionError):
        return None


def _cleaned(found: Any) -> Any:
    if isinstance(found, str):
        return found if found.isprintable() else _plain(found)
    if isinstance(found, list):
        return [_cleaned(one) for one in found]
    if isinstance(found, dict):
        return {_plain(name): _cleaned(one) for name, one in found.items()}
    return found


def _said(found: Any) -> Text | None:
    """The server's sentence, in the language that it was asked in, with the places it names."""
    if not isinstance(found, dict) or not isinstance(found.get("detail"), str):
        return None
    lines = [found["detail"]]
    faults = found.get("faults")
    for fault in faults[:_MOST_FAULTS] if isinstance(faults, list) else ():
        if isinstance(fault, dict) and isinstance(fault.get("detail"), str):
            lines.append(f"{str(fault.get('at', '')).removeprefix('body.')}: {fault['detail']}")
    words = "\n  ".join(lines)[:_LONGEST]
    return Text(words, words)


def _plain(words: str) -> str:
    """Nothing that a terminal would obey."""
    return "".join(sign for sign in words if sign.isprintable() or sign == "\n")


def _reason(fault: OSError) -> Text:
    if not fault.strerror:
        return Text("the link was cut", "连接中断")
    return Text(*[_plain(fault.strerror)] * 2)
