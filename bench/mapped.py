"""The step that imports an agency's own file through its mapping, identities into the vault."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.vault import name_of
from ringfence import lake
from ringfence.sources.mapping.catalogue import named
from ringfence.sources.mapping.importing import import_mapped

_NOW = datetime(2022, 9, 19, tzinfo=UTC)
_FIRST = datetime(2022, 9, 1)  # noqa: DTZ001 - local, as the file tells it
_MINUTES = 16 * 1440
_STAYS_OF_A_GUEST = 20
_COLUMNS = ("序号", "旅馆编码", "旅馆名称", "姓名", "证件类型", "证件号码", "联系电话")
_TIMES = ("入住日期", "入住时间", "离店时间", "房号", "状态", "备注")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def mapped_step(home: str, rows: int, seed: int = 1) -> dict[str, Any]:
    """A hotel register in GB18030 with names, ID numbers and phones; durable at the end."""
    folder = Path(home)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["RINGFENCE_MASTER_KEY"] = str(folder / "master.key")
    made = lake.create_home(
        folder / "home", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=_NOW
    )
    register = folder / "register.csv"
    guests = max(rows // _STAYS_OF_A_GUEST, 1)
    with register.open("w", encoding="gb18030", newline="") as file:
        file.write(",".join((*_COLUMNS, *_TIMES)) + "\r\n")
        file.writelines(_stays(rows, guests, random.Random(seed)))
    channel = named("hotel-register", None).read()
    begun = time.perf_counter()
    receipt = import_mapped(made, register, channel=channel, now=_NOW)
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
    total = sum(int(digit) * weight for digit, weight in zip(stem, _WEIGHTS, strict=True))
    return stem + "10X98765432"[total % 11]
