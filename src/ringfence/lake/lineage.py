"""Where a record comes from: the part (sheet, member of an archive) and row within its file."""

from __future__ import annotations

from collections.abc import Mapping

ROWS_OF_A_PART = 1 << 32


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
