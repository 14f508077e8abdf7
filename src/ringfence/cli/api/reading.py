"""Values out of a server's answer: of the kind that they should be, or no server of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ringfence.cli.api import failing
from ringfence.cli.api.address import Address

_LONGEST = 4_096


def text_of(address: Address, told: Any, name: str) -> str:
    """Of one line, and without anything that a terminal would obey."""
    value = _value(address, told, name)
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        raise failing.no_server(address)
    return value


def number_of(address: Address, told: Any, name: str) -> int:
    """Not negative."""
    value = _value(address, told, name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise failing.no_server(address)
    return value


def object_of(address: Address, told: Any, name: str) -> Mapping[str, Any]:
    value = _value(address, told, name)
    if not isinstance(value, dict):
        raise failing.no_server(address)
    return value


def of_one_line(value: Any) -> Any:
    """Without anything in its texts that a terminal would obey."""
    if isinstance(value, str):
        return "".join(sign if sign.isprintable() else " " for sign in value)
    if isinstance(value, list):
        return [of_one_line(one) for one in value]
    if isinstance(value, dict):
        return {of_one_line(name): of_one_line(one) for name, one in value.items()}
    return value


def _value(address: Address, told: Any, name: str) -> Any:
    if not isinstance(told, dict) or name not in told:
        raise failing.no_server(address)
    return told[name]
