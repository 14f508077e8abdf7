"""The step that imports an agency's own file through its mapping, identities into the vault."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.homes import NOW, empty_home
from bench.vault import name_of
from ringfence.sources.mapping.catalogue import named
from ringfence.sources.mapping.importing import import_mapped
from ringfence.sources.normalise.id_numbers import CHECKS, WEIGHTS

_FIRST = datetime(2022, 9, 1)  # noqa: DTZ001 - local, as the file tells it
_MINUTES = 16 * 1440
_STAYS_OF_A_GUEST = 20
_COLUMNS = ("序号", "旅馆编码", "旅馆名称", "姓名", "证件类型", "证件号码", "联系电话")
_TIMES = ("入住日期", "入住时间", "离店时间", "房号", "状态", "备注")


def mapped_step(home: str, rows: int, seed: int = 1) -> dict[str, Any]:
    """A hotel register in GB18030 with names, ID numbers and phones; durable at the end."""
    made = empty_home(Path(home))
    register = Path(home) / "register.csv"
    guests = max(rows // _STAYS_OF_A_GUEST, 1)
    with register.open("w", encoding="gb18030", newline="") as file:
        file.write(",".join((*_COLUMNS, *_TIMES)) + "\r\n")
        file.writelines(_stays(rows, guests, random.Random(seed)))
    channel = named("hotel-register", None).read()
    begun = time.perf_counter()
    receipt = import_mapped(made, register, channel=channel, now=NOW)
    seconds = time.perf_counter() - begun
    if receipt.accepted != rows:
        raise ValueError(f"{receipt.accepted} of {rows} rows were accepted")
    return {
        "rows": rows,
        "persons": guests,
        "seconds": seconds,
        "rows_per_second": rows / seconds,
        "bytes": register.stat().st_size,
    }


def _stays(rows: int, guests: int, chance: random.Random) -> Iterator[str]:
    numbers = [_id_number(guest) for guest in range(guests)]
    for row in range(rows):
        guest = chance.randrange(guests)
        arrives = _FIRST + timedelta(minutes=chance.randrange(_MINUTES))
        leaves = arrives + timedelta(minutes=60 + chance.randrange(1_440))
        hotel = chance.randrange(500)
        yield (
            f"{row + 1},H{hotel:04d},旅馆{hotel},{name_of(guest)},身份证,{numbers[guest]},"
            f"154{guest:08d},{arrives:%Y-%m-%d},{arrives:%H:%M},{leaves:%Y-%m-%d %H:%M},"
            f"{chance.randrange(100, 999)},已离店,\r\n"
        )


def _id_number(guest: int) -> str:
    born = datetime(1950, 1, 1) + timedelta(days=guest % 18_000)  # noqa: DTZ001 - a calendar day
    stem = f"0001{guest // 18_000_000 % 100:02d}{born:%Y%m%d}{guest // 18_000 % 1_000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(stem, WEIGHTS, strict=True))
    return stem + CHECKS[total % 11]
