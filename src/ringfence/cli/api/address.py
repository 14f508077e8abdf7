"""The address of a server: HTTPS, or plain HTTP on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from ringfence.errors import UsageError

_LONGEST = 300


@dataclass(frozen=True)
class Address:
    """`host`: without brackets. `prefix`: a path before all others, without a closing slash."""

    secure: bool
    host: str
    port: int
    prefix: str = ""

    @property
    def here(self) -> bool:
        """On this machine."""
        return _this_machine(self.host)

    def __str__(self) -> str:
        scheme, usual = ("https", 443) if self.secure else ("http", 80)
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == usual else f":{self.port}"
        return f"{scheme}://{host}{port}{self.prefix}"


def read_address(text: str) -> Address:
    """UsageError: no address of a server, or one at which a token would travel in the clear."""
    told = text.strip()
    try:
        parts = urlsplit(told)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _no_address() from None
    plain = told.isascii() and told.isprintable() and " " not in told and len(told) <= _LONGEST
    extra = parts.username is not None or parts.password is not None or parts.query
    if not plain or not host or extra or parts.fragment or parts.scheme not in ("http", "https"):
        raise _no_address()
    secure = parts.scheme == "https"
    if not secure and not _this_machine(host):
        raise UsageError(
            "the address must begin with https://: over http:// everybody on the way could read "
            "the token",
            "地址须以 https:// 开头：通过 http:// 传输时令牌可被沿途任何人读取",
        )
    return Address(secure, host, port or (443 if secure else 80), parts.path.rstrip("/"))


def _this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _no_address() -> UsageError:
    return UsageError(
        "this is no address of a server; it looks like https://ringfence.city.example",
        "服务器地址无效；格式如 https://ringfence.city.example",
    )
