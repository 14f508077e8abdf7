"""The file that goes from city to city: one line of JSON, sealed to the receiver (HPKE, RFC 9180:
X25519, HKDF-SHA256, AES-256-GCM), then signed by the sender (Ed25519).

There is one way to write a file: what is not byte for byte so was altered.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from ringfence.errors import DataError
from ringfence.operations.hand_over.keys import OwnKeys, PublicKeys

FORMAT = 1
HAND_OVER = "hand_over"
RECEIPT = "receipt"
MOST_BYTES = 1024 * 1024
AHEAD = timedelta(minutes=15)
"""So far may the sender's clock be ahead of ours."""
_TITLE = "ringfence_hand_over"
_KINDS = (HAND_OVER, RECEIPT)
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_CONTEXT = b"ringfence hand-over 1\0"
_NUMBER = re.compile(r"[0-9A-Za-z-]{1,64}", re.ASCII)
_CODE = re.compile(r"[0-9A-Za-z.-]{1,32}", re.ASCII)
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_WORDS = ("kind", "number", "from", "to", "signer", "sealed_to", "made_at", "expires_at")
_ALL = {_TITLE, *_WORDS, "sealed", "signature"}


class Refused(DataError):
    """A file that has no effect, and why."""


@dataclass(frozen=True)
class Header:
    """What anybody can read on the file. `sender`, `receiver`: codes of their jurisdictions. Times
    in UTC, to the second; [made_at, expires_at).
    """

    kind: str
    number: str
    sender: str
    receiver: str
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Opened:
    """`digest`: of the whole file, by which a receipt names it."""

    header: Header
    content: Mapping[str, Any]
    digest: str


def digest_of(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()


def write_file(
    header: Header, content: Mapping[str, Any], *, own: OwnKeys, receiver: PublicKeys
) -> bytes:
    told: dict[str, Any] = {
        _TITLE: FORMAT,
        "kind": header.kind,
        "number": header.number,
        "from": header.sender,
        "to": header.receiver,
        "signer": own.public.sign.hex(),
        "sealed_to": receiver.seal.hex(),
        "made_at": header.made_at.astimezone(UTC).strftime(_MOMENT),
        "expires_at": header.expires_at.astimezone(UTC).strftime(_MOMENT),
    }
    key = X25519PublicKey.from_public_bytes(receiver.seal)
    told["sealed"] = _text(_SUITE.encrypt(_written(content), key, _bound(told)))
    told["signature"] = _text(own.sign.sign(_CONTEXT + _written(told)))
    return _written(told) + b"\n"


def peek(file: bytes) -> Header:
    """Who it says that it is from, before anything of it is believed. Refused: no such file."""
    return _header(_parsed(file))


def open_file(
    file: bytes,
    *,
    own: OwnKeys,
    sender: PublicKeys,
    former: frozenset[bytes] = frozenset(),
    now: datetime,
) -> Opened:
    """`sender`: the keys that this city is known by; `former`: signing keys that it was known by.

    Refused: altered, of another key, sealed to another, expired, or from the future.
    """
    told = _parsed(file)
    header = _header(told)
    _check_signer(told, sender, former)
    _check_signature(told, sender)
    if told["sealed_to"] != own.public.seal.hex():
        raise Refused(
            "the file is sealed to another key than ours: it is meant for another city, or our key"
            " was changed since; ask for a new one",
            "该文件并非加密给本机构的密钥：收件方是其他城市，或本方密钥已更换；请对方重新生成",
        )
    if header.made_at > now + AHEAD:
        raise Refused(
            "the file was made in the future: one of the two clocks is wrong; nothing was read",
            "文件生成时间晚于当前时间：双方时钟必有一方有误；未读取任何内容",
        )
    if now >= header.expires_at:
        raise Refused(
            "the file has expired: ask the sender for a new one; nothing was read",
            "文件已过期：请对方重新生成；未读取任何内容",
        )
    try:
        content = json.loads(_SUITE.decrypt(_bytes(told["sealed"]), own.seal, _bound(told)))
    except (InvalidTag, ValueError, RecursionError):
        raise _altered() from None
    return Opened(header, content, digest_of(file))


def _parsed(file: bytes) -> dict[str, Any]:
    if len(file) > MOST_BYTES:
        raise Refused("the file is larger than 1 MB", "文件超过 1 MB")
    try:
        told = json.loads(file)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or _TITLE not in told:
        raise Refused(
            "this is no file of a hand-over: choose the file as the other city sent it",
            "这不是移交文件：请选择对方发来的原始文件",
        )
    if told[_TITLE] != FORMAT:
        raise Refused(
            f"the file is of another format; this program reads format {FORMAT}",
            f"文件格式版本不同；本程序只支持版本 {FORMAT}",
        )
    if told.keys() != _ALL or not all(isinstance(told[name], str) for name in _ALL - {_TITLE}):
        raise _altered()
    if _written(told) + b"\n" != file:
        raise _altered()
    return told


def _header(told: Mapping[str, str]) -> Header:
    shaped = (
        told["kind"] in _KINDS
        and _NUMBER.fullmatch(told["number"])
        and _CODE.fullmatch(told["from"])
        and _CODE.fullmatch(told["to"])
    )
    if not shaped:
        raise _altered()
    try:
        times = [
            datetime.strptime(told[name], _MOMENT).replace(tzinfo=UTC)
            for name in ("made_at", "expires_at")
        ]
    except ValueError:
        raise _altered() from None
    return Header(told["kind"], told["number"], told["from"], told["to"], *times)


def _check_signer(told: Mapping[str, str], sender: PublicKeys, former: frozenset[bytes]) -> None:
    if told["signer"] == sender.sign.hex():
        return
    if told["signer"] in {key.hex() for key in former}:
        raise Refused(
            "the file is signed with a key that this city uses no more: ask for a new one",
            "该文件由对方已停用的密钥签名：请对方重新生成",
        )
    raise Refused(
        "the file is signed with a key that is not known of this city: it is not from there, or"
        " its key was changed and is not entered here; telephone before you do anything",
        "签名密钥与登记的不符：文件并非出自该城市，或对方已更换密钥而此处尚未登记；请先电话核实",
    )


def _check_signature(told: Mapping[str, Any], sender: PublicKeys) -> None:
    signed = {name: value for name, value in told.items() if name != "signature"}
    try:
        key = Ed25519PublicKey.from_public_bytes(sender.sign)
        key.verify(_bytes(told["signature"]), _CONTEXT + _written(signed))
    except InvalidSignature:
        raise _altered() from None


def _bound(told: Mapping[str, Any]) -> bytes:
    """The readable part: what is sealed cannot be put under another."""
    return _CONTEXT + _written({name: told[name] for name in (_TITLE, *_WORDS)})


def _written(told: Any) -> bytes:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: str) -> bytes:
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise _altered() from None
    if _text(content) != text:
        raise _altered()
    return content


def _altered() -> Refused:
    return Refused(
        "the file was altered on its way, or is not whole: ask for it again; nothing was read",
        "文件在传输中被改动或不完整：请对方重新发送；未读取任何内容",
    )
