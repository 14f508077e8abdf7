"""What an account is told by: the rules of its fields, one by one or in a list of many."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from ringfence.errors import DataError, Text
from ringfence.records import Table
from ringfence.records.declaring import ORGANISATION, key_column, text_column, word_column
from ringfence_server.access.operator import reaches
from ringfence_server.accounts.models import LANGUAGES, User
from ringfence_server.accounts.roles import roles
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.tables import Fault, checked_row, read_table, refused

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,31}", re.ASCII)
LONGEST_NAME = 64
_LANGUAGES = {"zh": LANGUAGES[0][0], "en": LANGUAGES[1][0]}
NOT_A_USERNAME = Text(
    "a user name is 2 to 32 small letters, digits, or . _ - and begins with a letter; it is no"
    " person's name, for the audit writes it",
    "用户名为 2 至 32 个小写字母、数字或 . _ -，以字母开头；勿用真实姓名（审计记录会写入用户名）",
)
NOT_A_NAME = Text(
    f"a name is at most {LONGEST_NAME} visible signs",
    f"姓名最多 {LONGEST_NAME} 个可见字符",
)
TAKEN = Text("this user name is taken", "该用户名已被使用")
TWICE = Text("this user name stands in an earlier row too", "与前面某行用户名重复")
NO_UNIT = Text("your own unit has no unit of this code", "您的管辖范围内没有该代码的单位")


@dataclass(frozen=True)
class Told:
    """An account to be made."""

    username: str
    name: str
    role: str
    unit: Unit
    language: str


def _table() -> Table:
    known = {key: role.name for key, role in roles().items()}
    languages = {"zh": Text("Chinese", "中文"), "en": Text("English", "英文")}
    return Table(
        "account",
        Text("an account of staff", "账户"),
        (
            text_column("username", "user name", "用户名", ORGANISATION),
            text_column("name", "name", "姓名", ORGANISATION),
            word_column("role", "role", "角色", known, ORGANISATION),
            key_column("unit", "code of the unit", "单位代码", ORGANISATION),
            word_column("language", "language", "语言", languages, ORGANISATION, required=False),
        ),
        ("username",),
        "list of staff",
    )


def read_one(fields: Mapping[str, str], reach: list[Unit] | None) -> Told:
    """DataError: the field is named."""
    row = checked_row(_table(), fields)
    units = _units([row], reach)
    for fault in _faults([row], units):
        raise DataError(f"{fault.field}: {fault.reason.en}", f"{fault.field}：{fault.reason.zh}")
    return _told(row, units)


def read_list(file: BinaryIO, name: str, reach: list[Unit] | None, at: datetime) -> list[Told]:
    """CSV, xlsx …: username,name,role,unit[,language]. DataError: every row at fault is named."""
    rows: list[dict[str, Any]] = []
    faults: list[Fault] = []
    for piece, wrong in read_table(_table(), file, name, at):
        rows += piece
        faults += wrong
    units = _units(rows, reach)
    faults += _faults(rows, units)
    if faults:
        raise refused(name, faults)
    return [_told(row, units) for row in rows]


def _told(row: Mapping[str, Any], units: Mapping[str, Unit]) -> Told:
    language = _LANGUAGES[row.get("language") or "zh"]
    return Told(row["username"], row["name"], row["role"], units[row["unit"]], language)


def _units(rows: list[dict[str, Any]], reach: list[Unit] | None) -> dict[str, Unit]:
    """By code, those that lie within reach."""
    found = Unit.objects.select_related("parent").filter(code__in={row["unit"] for row in rows})
    return {one.code: one for one in found if reaches(reach, one)}


def _faults(rows: list[dict[str, Any]], units: Mapping[str, Unit]) -> Iterator[Fault]:
    names = [row["username"] for row in rows]
    taken = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    seen: set[str] = set()
    for row in rows:
        username = row["username"]
        if not USERNAME.fullmatch(username):
            yield Fault(row["row"], "username", NOT_A_USERNAME)
        elif username in taken:
            yield Fault(row["row"], "username", TAKEN)
        elif username in seen:
            yield Fault(row["row"], "username", TWICE)
        seen.add(username)
        if not visible(row["name"]):
            yield Fault(row["row"], "name", NOT_A_NAME)
        if row["unit"] not in units:
            yield Fault(row["row"], "unit", NO_UNIT)


def visible(name: str) -> bool:
    """No sign that hides, or reverses, what stands beside it."""
    hidden = any(unicodedata.category(sign)[0] == "C" for sign in name)
    return bool(name.strip()) and len(name) <= LONGEST_NAME and not hidden
