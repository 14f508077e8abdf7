"""A number that bears the document of a case, and another name: the rules leave it to people."""

from __future__ import annotations

from pathlib import Path

from tests.server.homes import NOON

from ringfence.lake import Home
from ringfence.sources import import_file

DOCUMENT = "000101199001011012"
OTHER_DOCUMENT = "000101198503122156"
SUBJECTS = (
    "subject,id_kind,id_number,name\n"
    f"p1,resident,{DOCUMENT},王小明\n"
    f"lab-77,resident,{DOCUMENT},李大成\n"
    f"n1,resident,{OTHER_DOCUMENT},张伟\n"
    f"n2,resident,{OTHER_DOCUMENT},欧阳震\n"
)
"""n1 and n2 are in doubt too, and neither case nor contact."""
STAYS = (
    "subject,place,start,end\n"
    "lab-77,K,2022-07-05T20:00:00+08:00,2022-07-05T22:00:00+08:00\n"
    "p6,K,2022-07-05T20:00:00+08:00,2022-07-05T22:00:00+08:00\n"
)
"""Whom p1 met under the other number."""


def told(home: Home, folder: Path, table: str, text: str) -> None:
    file = folder / f"{table}.csv"
    file.write_text(text, encoding="utf-8")
    import_file(home, file, table=table, now=NOON)


def doubted(home: Home, folder: Path) -> None:
    told(home, folder, "subject", SUBJECTS)
    told(home, folder, "presence", STAYS)
