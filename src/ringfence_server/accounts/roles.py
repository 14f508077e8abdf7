"""Roles, as their file says."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ringfence.errors import DataError, Text
from ringfence_server.accounts.rights import RIGHTS, WITH_SECOND_FACTOR

REACHES = ("jurisdiction", "assigned", "none")
_FIELDS = {"en", "zh", "reach", "rights"}
_APART = "apart_from"


@dataclass(frozen=True)
class Role:
    """`reach`: whose cases its rights are about. `apart_from`: roles never held with this one."""

    key: str
    name: Text
    reach: str
    rights: frozenset[str]
    apart_from: frozenset[str]

    @property
    def needs_second_factor(self) -> bool:
        return bool(self.rights & WITH_SECOND_FACTOR)


@cache
def roles() -> dict[str, Role]:
    text = files("ringfence_server.accounts").joinpath("roles.yaml").read_text(encoding="utf-8")
    return read_roles(text)


def read_roles(text: str) -> dict[str, Role]:
    """DataError: a role that cannot be meant so; it is named."""
    told = yaml.safe_load(text)
    read = {key: _role(key, fields) for key, fields in told.items()}
    for key, role in read.items():
        if unknown := sorted(role.apart_from - read.keys() | role.apart_from & {key}):
            raise _wrong(key, f"there is no other role {unknown[0]}", f"没有其他角色 {unknown[0]}")
    return read


def kept_apart(one: Role, other: Role) -> bool:
    """Whether nobody may hold both; it is enough that one of them says so."""
    return other.key in one.apart_from or one.key in other.apart_from


def _role(key: str, fields: dict[str, Any]) -> Role:
    if fields.keys() - {_APART} != _FIELDS:
        raise _wrong(
            key,
            "a role has en, zh, reach, rights and may have apart_from",
            "角色应有 en、zh、reach、rights，可有 apart_from",
        )
    rights = frozenset(fields["rights"])
    if unknown := sorted(rights - RIGHTS.keys()):
        raise _wrong(key, f"there is no right {unknown[0]}", f"没有权限 {unknown[0]}")
    if fields["reach"] not in REACHES:
        raise _wrong(
            key, f"reach is one of {', '.join(REACHES)}", f"reach 应为 {'、'.join(REACHES)}"
        )
    apart = frozenset(fields.get(_APART, ()))
    return Role(key, Text(fields["en"], fields["zh"]), fields["reach"], rights, apart)


def _wrong(key: str, en: str, zh: str) -> DataError:
    return DataError(f"role {key}: {en}", f"角色 {key}：{zh}")
