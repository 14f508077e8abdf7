"""The header of a canonical file: each required column, once, and no other."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence

from ringfence.errors import DataError, NotAllowed
from ringfence.records import TABLES, Sensitivity, Table

_IDENTITY = frozenset(
    column.name
    for table in TABLES.values()
    for column in table.columns
    if column.sensitivity is Sensitivity.IDENTITY
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_ -]{0,39}")


def check_header(table: Table, names: Sequence[str], file: str) -> None:
    """Raises where the names are not those of the table."""
    known = [column.name for column in table.columns]
    identity = _IDENTITY.difference(known)
    required = [column.name for column in table.columns if column.required]
    if not set(required) & set(names):
        raise DataError(
            f"{file}: row 1 is not the header of `{table.name}`; it names the columns "
            f"{', '.join(known)} (required: {', '.join(required)}), separated by commas",
            f"{file}：第 1 行不是 {table.name} 表的表头；表头应为 {'、'.join(known)}"
            f"（必填：{'、'.join(required)}），以英文逗号分隔",
        )
    refused = [name for name in names if name in identity]
    if refused:
        raise NotAllowed(
            f"{file}: column `{refused[0]}` holds identities, which `{table.name}` never takes; "
            f"remove {', '.join(f'`{name}`' for name in refused)} from the file, or deliver them "
            "as `subject`, from where they go to the vault",
            f"{file}：{refused[0]} 列为身份信息，{table.name} 表不予接收；"
            f"请从文件中删除 {'、'.join(refused)}，或用 subject 表报送（将存入保险库）",
        )
    _check_unknown(table, names, known, file)
    doubled = [name for name, count in Counter(names).items() if count > 1]
    if doubled:
        raise DataError(
            f"{file}: column `{doubled[0]}` appears more than once in the header",
            f"{file}：表头中 {doubled[0]} 列重复出现",
        )
    missing = [name for name in required if name not in names]
    if missing:
        raise DataError(
            f"{file}: the header lacks column `{missing[0]}`; `{table.name}` needs "
            + ", ".join(required),
            f"{file}：表头缺少 {missing[0]} 列；{table.name} 表必须有 {'、'.join(required)}",
        )


def closest_first(name: str, known: Sequence[str]) -> list[str]:
    near = difflib.get_close_matches(name.strip().lower(), known, n=len(known), cutoff=0.5)
    return near + [other for other in known if other not in near]


def _check_unknown(table: Table, names: Sequence[str], known: Sequence[str], file: str) -> None:
    for position, name in enumerate(names, start=1):
        if name in known:
            continue
        offered = closest_first(name, known)
        shown = f" `{name}`" if _NAME.fullmatch(name) else ""
        raise DataError(
            f"{file}: column {position}{shown} is not a column of `{table.name}`; it has "
            + ", ".join(offered),
            f"{file}：第 {position} 列{shown} 不是 {table.name} 表的列；"
            f"可用的列：{'、'.join(offered)}",
        )
