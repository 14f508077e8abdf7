"""A mapped import in a process of its own, so that it can be killed."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ringfence.errors import UserError
from ringfence.lake import Home, ImportReceipt, open_home
from ringfence.sources import import_mapped
from ringfence.sources.mapping.reading import read

from .homes import NOW

INN = """
mapping: inn
version: 1
title: {en: Inn, zh: 客栈}
origin: {en: made up, zh: 虚构}
zone: Asia/Shanghai
fields:
  id: {column: id, as: id_number}
  inn: {column: inn, as: key}
  start: {column: start, as: datetime}
persons:
  guest: {by: [id], identity: {id_number: id}}
records:
  - {table: subject, columns: {subject: {person: guest}}}
  - table: presence
    columns: {subject: {person: guest}, place: {field: inn}, start: {field: start}}
"""
IDS = ("000101198503122156", "000101199011053283", "00010619950418286X")
FILE = "id,inn,start\n" + "".join(f"{number},7,2022-07-01 20:15\n" for number in IDS)
FAULTY = f"{FILE}000101198503122150,7,2022-07-01 20:15\n"


def deliver(home: Home, *, dry_run: bool = False) -> ImportReceipt:
    file = home.root.parent / "inn.csv"
    file.write_text(FAULTY, encoding="utf-8")
    channel = read(INN.encode(), "mapping.yaml")
    return import_mapped(home, file, channel=channel, now=NOW, dry_run=dry_run)


def main() -> int:
    try:
        deliver(open_home(Path(sys.argv[1])))
    except UserError as error:
        return error.exit_code
    return 0


if __name__ == "__main__":
    os._exit(main())
