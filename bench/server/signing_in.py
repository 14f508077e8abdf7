"""Signing in as staff do: name, password, and the code of an app where the role asks for one."""

from __future__ import annotations

import base64
import hmac
import struct
import time
from collections.abc import Mapping
from typing import Any

from bench.processes import StepError
from bench.server.browser import Browser

_PERIOD_SECONDS = 30


def signed_in(site: str, account: Mapping[str, Any]) -> Browser:
    """StepError: the server does not let the account in."""
    browser = Browser(site)
    browser.open("/account/sign-in/")
    page = browser.send(
        "/account/sign-in/", login=account["username"], password=account["password"]
    )
    if page.at.startswith("/account/code/"):
        page = browser.send(page.at, code=code_of(account["factor"], time.time()))
    if page.status != 200 or page.at.startswith("/account/"):
        raise StepError(f"{account['username']} could not sign in: {page.status} at {page.at}")
    return browser


def code_of(secret: str, at: float) -> str:
    """What an authenticator shows (RFC 6238, SHA-1, six figures)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(at // _PERIOD_SECONDS)), "sha1")
    place = digest[-1] & 15
    (word,) = struct.unpack(">I", digest[place : place + 4])
    return f"{(word & 0x7FFFFFFF) % 1_000_000:06d}"
