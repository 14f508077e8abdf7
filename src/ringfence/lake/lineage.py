"""Where a record comes from: the part (sheet, member of an archive) and row within its file."""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.errors import UsageError

ROWS_OF_A_PART = 1 << 32
_OFFERED = 12


def source_row(part: int, row: int) -> int:
    """One number for both; a file of one part keeps its row numbers."""
    return part * ROWS_OF_A_PART + row


def part_and_row(number: int) -> tuple[int, int]:
    return divmod(number, ROWS_OF_A_PART)


def told_place(file: str, parts: Mapping[int, str], number: int) -> tuple[str, int]:
    """The file, with its part where it has several, and the row as a spreadsheet shows it."""
    part, row = part_and_row(number)
    return file_of(file, parts, part), row


def file_of(file: str, parts: Mapping[int, str], part: int) -> str:
    name = parts.get(part, "")
    return f"{file}/{name}" if name else file


def named_row(text: str, parts: Mapping[int, str]) -> int:
    """The row that a user names: `6`, or `Entries:6`, `0:6` with the name or number of the part.

    Of a file of one part its row is enough.
    """
    told, colon, row = text.rpartition(":")
    if not _is_number(row):
        raise UsageError(
            "ROW is a row's number, or PART:ROW in a file of several parts (a sheet, a member)",
            "ROW 应为行号；文件有多个部分（工作表、压缩包成员）时写作 部分:行号",
        )
    return source_row(_named_part(told, parts) if colon else min(parts, default=0), int(row))


def _named_part(told: str, parts: Mapping[int, str]) -> int:
    number = int(told) if _is_number(told) else None
    if number is not None and number in parts:
        return number
    for part, name in parts.items():
        if name == told:
            return part
    if number is None:
        offered = ", ".join(dict.fromkeys([*parts.values()][:_OFFERED])) or "0"
        raise UsageError(
            f"the file has no part of that name; ROW is PART:ROW, and the parts are: {offered}",
            f"文件中没有该名称的部分；ROW 写作 部分:行号，可用的部分：{offered}",
        )
    return number


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10
