"""What a home knows, mapped imports know: names of its places, and years of its region codes."""

from __future__ import annotations

from pathlib import Path

from ringfence import lake
from ringfence.lake import Home, Receipt, create_home
from ringfence.sources import import_file
from ringfence.sources.mapping.importing import import_mapped
from ringfence.sources.mapping.reading import read
from ringfence.sources.normalise.division_import import import_divisions
from ringfence.sources.normalise.place_review import (
    keep_decisions,
    place_book,
    read_decisions,
)

from .homes import NOW, delivered_rows, new_home

MAPPING = """
mapping: gym
version: 1
title: {en: Gym, zh: 健身房}
origin: {en: made up, zh: 虚构}
source: gym
zone: Asia/Shanghai
fields:
  venue: {column: 场所, as: place}
  card: {column: 证件, as: id_number}
  at: {column: 时间, as: datetime, forms: ["%Y-%m-%d %H:%M"]}
persons:
  member: {by: [card], identity: {id_number: card}}
records:
  - table: event
    columns:
      subject: {person: member}
      place: {field: venue}
      at: {field: at}
      kind: {text: scan}
"""
HEADER = "场所,证件,时间\n"
PLACES = "place,kind,name\nshop-7,shop,全家便利店（中山路店）\n"
ASKED = """name,place,place_name,alike,decision
全家便利店中山路二店,shop-7,全家便利店（中山路店）,95,same
"""
BORN_1990_IN_DONGCHENG = "110101199003070011"
"""Valid in itself; region 110101."""


REGISTER = """
mapping: doors
version: 1
title: {en: Doors, zh: 入户}
origin: {en: made up, zh: 虚构}
source: doors
zone: Asia/Shanghai
fields:
  card: {column: 证件, as: id_number}
  address: {column: 住址, as: address, optional: true}
persons:
  resident: {by: [card], identity: {id_number: card, address: address}}
records:
  - {table: subject, columns: {subject: {person: resident}, grid: HOW}}
"""
CARDS = ("110101199003070011", "110101199003070038", "110101199003070054")
DIVISIONS = """code,name
110000,北京市
110105,朝阳区
220000,吉林省
220100,长春市
220104,朝阳区
320000,江苏省
320100,南京市
320102,玄武区
320102002,梅园新村街道
320106,鼓楼区
320300,徐州市
320302,鼓楼区
"""


def delivered(home: Home, *rows: str) -> tuple[int, int]:
    path = home.root.parent / "scans.csv"
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    receipt = import_mapped(home, path, channel=read(MAPPING.encode(), "mapping.yaml"), now=NOW)
    return receipt.accepted, receipt.quarantined


def canonical(home: Home, table: str, text: str) -> Receipt:
    path = home.root.parent / f"{table}.csv"
    path.write_text(text, encoding="utf-8")
    return import_file(home, path, table=table, now=NOW)


def test_a_name_that_is_only_alike_waits_for_a_person(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    canonical(home, "place", PLACES)
    sure = f"全家便利店(中山路店),{BORN_1990_IN_DONGCHENG},2022-07-19 08:30"
    alike = f"全家便利店中山路二店,{BORN_1990_IN_DONGCHENG},2022-07-19 09:30"
    assert delivered(home, sure, alike) == (1, 1)
    review = tmp_path / "review.csv"
    review.write_text(ASKED, encoding="utf-8")
    keep_decisions(home, read_decisions(review, place_book(home, NOW)))
    assert delivered(home, alike) == (1, 0)
    assert {row["place"] for row in delivered_rows(home) if "at" in row} == {"shop-7"}


def test_a_number_of_a_region_that_was_dissolved_before_the_birth_is_refused(
    tmp_path: Path,
) -> None:
    home = new_home(tmp_path / "home")
    row = f"甲馆,{BORN_1990_IN_DONGCHENG},2022-07-19 08:30"
    revisions = tmp_path / "revisions.csv"
    revisions.write_text(
        "revision,code,name\n1984,110101,东城区\n1984,110105,朝阳区\n1988,110105,朝阳区\n"
        "1999,110105,朝阳区\n",
        encoding="utf-8",
    )
    assert delivered(home, row) == (1, 0)
    import_divisions(home, revisions, now=NOW)
    assert delivered(home, row, row.replace("08:30", "08:31")) == (0, 2)
    assert lake.verify(home).ok


def units(home: Home, *addresses: str, how: str = "{locate: address}") -> list[str | None]:
    """The grid of one person for each address, in their order."""
    path = home.root.parent / "doors.csv"
    rows = zip(CARDS, addresses, strict=False)
    path.write_text("证件,住址\n" + "".join(f"{c},{a}\n" for c, a in rows), encoding="utf-8")
    made = read(REGISTER.replace("HOW", how).encode(), "mapping.yaml")
    receipt = import_mapped(home, path, channel=made, now=NOW)
    assert (receipt.accepted, receipt.quarantined) == (len(addresses), 0)
    kept = [row for row in delivered_rows(home) if "grid" in row]
    return [row["grid"] for row in sorted(kept, key=lambda row: row["source_row"])]


def in_nanjing(folder: Path) -> Home:
    home = create_home(
        folder / "home", synthetic=True, jurisdiction="320100", zone="Asia/Shanghai", now=NOW
    )
    table = folder / "divisions.csv"
    table.write_text(DIVISIONS, encoding="utf-8")
    import_divisions(home, table, now=NOW)
    return home


def test_the_unit_of_an_address_is_the_lowest_that_is_sure(tmp_path: Path) -> None:
    home = in_nanjing(tmp_path)
    told = ("南京市玄武区梅园新村街道1号", "江苏省鼓楼区中山路1号", "玄武区珠江路9号")
    assert units(home, *told) == ["320102002", "320000", "320102"]


def test_no_unit_is_guessed(tmp_path: Path) -> None:
    home = in_nanjing(tmp_path)
    assert units(home, "朝阳区建国路1号", "梅园新村街道1号", "") == [None, None, None]


def test_a_channel_of_the_place_may_leave_out_the_city(tmp_path: Path) -> None:
    home = in_nanjing(tmp_path)
    told = ("鼓楼区中山路1号", "梅园新村街道1号", "朝阳区建国路1号")
    how = "{locate: address, within: home}"
    assert units(home, *told, how=how) == ["320106", "320102002", None]


def test_without_a_table_the_unit_stays_empty(tmp_path: Path) -> None:
    home = new_home(tmp_path / "home")
    assert units(home, "南京市玄武区梅园新村街道1号") == [None]


def test_the_table_in_force_is_the_one_that_counts(tmp_path: Path) -> None:
    home = in_nanjing(tmp_path)
    loaded = import_divisions(home, tmp_path / "divisions.csv", now=NOW)
    assert loaded.receipt is not None
    lake.withdraw(home, loaded.receipt.batch, "another year", now=NOW)
    assert units(home, "南京市玄武区梅园新村街道1号") == [None]


def test_the_lake_holds_the_unit_and_never_the_address(tmp_path: Path) -> None:
    home = in_nanjing(tmp_path)
    assert units(home, "南京市玄武区梅园新村街道1号") == ["320102002"]
    stored = str([row for row in delivered_rows(home) if "grid" in row])
    assert "梅园" not in stored
