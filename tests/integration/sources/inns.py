"""Guests of inns: as many as wanted, in files of a channel; and what a home then knows of them."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from ringfence import lake
from ringfence.engines.snapshot import Snapshot
from ringfence.errors import UserError
from ringfence.lake import Home, ImportReceipt, open_home
from ringfence.sources import import_mapped
from ringfence.sources.mapping.reading import read
from ringfence.sources.normalise.id_numbers import check_character
from ringfence.vault import has_vault, open_vault

from ..lake.delivering import Row, current
from .homes import NOW

CHANNEL = read(
    """
mapping: inns
version: 1
title: {en: Inns, zh: 客栈}
origin: {en: made up, zh: 虚构}
zone: Asia/Shanghai
fields:
  id: {column: id, as: id_number}
  name: {column: name, as: name}
  phone: {column: phone, as: phone}
  inn: {column: inn, as: key}
  start: {column: start, as: datetime}
persons:
  guest: {by: [id], identity: {id_number: id, name: name, phone: phone}}
records:
  - {table: subject, columns: {subject: {person: guest}}}
  - table: presence
    columns: {subject: {person: guest}, place: {field: inn}, start: {field: start}}
""".encode(),
    "mapping.yaml",
)
HEADER = "id,name,phone,inn,start\n"
SIGNS = "春夏秋冬山水风云梅兰"
WRONG = "?"

Night = tuple[str, str, str, str]


def id_number(guest: int) -> str:
    digits = f"000101{1930 + guest // 1000:04}0101{guest % 1000:03}"
    return digits + check_character(digits)


def name(guest: int) -> str:
    return "欧阳" + "".join(SIGNS[int(digit)] for digit in f"{guest % 100:02}")


def phone(guest: int) -> str:
    return f"154{guest:08}"


def night(guest: int, inn: int = 7) -> str:
    return f"{id_number(guest)},{name(guest)},{phone(guest)},{inn},2022-07-01 20:15\n"


def refused(guest: int) -> str:
    """A row with a number that cannot be one."""
    return night(guest).replace(id_number(guest), id_number(guest)[:-1] + WRONG)


def nights(guests: Iterable[int], inn: int = 7) -> str:
    return HEADER + "".join(night(guest, inn) for guest in guests)


def known_nights(guests: Iterable[int], inn: int = 7) -> Counter[Night]:
    """What is to be known of such a file."""
    return Counter((id_number(g), name(g), f"+86{phone(g)}", str(inn)) for g in guests)


def deliver(home: Home, file: Path | str, now: datetime = NOW) -> ImportReceipt:
    return import_mapped(home, file, channel=CHANNEL, now=now)


def known(home: Home) -> Counter[Night]:
    """Every night, with its guest's identity: each guest of the lake has one, and nobody else."""
    told: dict[str, dict[str, str]] = {}
    if has_vault(home):
        with open_vault(home) as vault:
            for one in vault.every():
                told.setdefault(one.subject, {}).update(one.fields)
    seen = lake.snapshot(home, NOW)
    guests = {subject for subject, *_ in rows(seen, "subject")}
    assert guests == told.keys()
    found: Counter[Night] = Counter()
    for subject, place, *_ in rows(seen, "presence"):
        fields = told[subject]
        found[fields["id_number"], fields["name"], fields["phone"], place] += 1
    assert len(found) >= len(guests)
    return found


def rows(snapshot: Snapshot, table: str) -> list[Row]:
    return current(snapshot, table) if table in snapshot.tables else []


def main() -> int:
    """Deliver files one after the other; the exit code of the first that fails."""
    home = open_home(Path(sys.argv[1]))
    for file in sys.argv[2:]:
        try:
            deliver(home, file)
        except UserError as error:
            sys.stderr.write(error.text.en)
            return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
