"""Invented people: numbers of a region that there is not, with right check characters."""

from __future__ import annotations

from collections.abc import Iterable

from ringfence.sources.normalise.id_numbers import check_character


def id_number(serial: int, *, born: str = "19850412") -> str:
    digits = f"001234{born}{serial:03d}"
    return digits + check_character(digits)


def sheet(*rows: str, header: str = "name,id_number,phone,address,reference") -> str:
    return "\n".join((header, *rows)) + "\n"


def wang(serial: int, *, phone: str = "", address: str = "", reference: str = "") -> str:
    """A row of the canonical columns: 王, and a number of his own."""
    return f"王{'一二三四五六七八九'[serial % 9]},{id_number(serial)},{phone},{address},{reference}"


def many(count: int) -> Iterable[str]:
    for n in range(count):
        number = id_number(n % 1000, born=f"19{50 + n // 12000}{n // 1000 % 12 + 1:02d}12")
        yield f"王{'一二三四五六七八九'[n % 9]},{number},,,"
