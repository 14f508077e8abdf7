"""The tree from a table: what is taken, and by row and field what is not."""

from __future__ import annotations

import io
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.server.tree import AT, HEADER, OPERATOR, TREE, loaded, person, table, unit

from ringfence.errors import DataError
from ringfence_server.access import acting_of
from ringfence_server.jurisdictions.actions import load
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db


def test_the_whole_table() -> None:
    changes = loaded()
    assert (changes.added, changes.renamed, changes.moved, changes.kept) == (11, 0, (), 0)
    grid = unit("440103001001001")
    assert grid.line == {
        "province": "44",
        "city": "4401",
        "district": "440103",
        "street": "440103001",
        "community": "440103001001",
        "grid": "440103001001001",
    }
    assert unit("CN").line == dict.fromkeys(grid.line, "")
    row = AuditRow.objects.get(act="unit.load")
    assert (row.by, row.about["added"]) == ("machine:root", "11")


def test_again_changes_nothing() -> None:
    loaded()
    changes = loaded()
    assert (changes.added, changes.renamed, changes.moved) == (0, 0, ())


def test_the_order_of_rows_does_not_matter() -> None:
    loaded("\n".join(reversed(TREE.splitlines())))
    assert unit("440103001001001").district == "440103"


def test_a_level_may_be_left_out() -> None:
    loaded("CN,,country,中国,\n11,CN,province,北京市,\n110101,11,district,东城区,\n")
    assert (unit("110101").province, unit("110101").city) == ("11", "")


def test_a_part_adds_renames_and_moves_and_leaves_the_rest() -> None:
    loaded()
    changes = loaded(
        "440104,4403,district,越秀区,Yuexiu\n4401,44,city,穗,Sui\n4405,44,city,汕头市,Shantou\n"
    )
    assert (changes.added, changes.renamed, changes.kept) == (1, 1, 9)
    assert changes.moved == (("440104", "4401", "4403"),)
    assert unit("440104001").city == "4403"
    assert AuditRow.objects.get(act="unit.move").about == {
        "unit": "440104",
        "from": "4401",
        "to": "4403",
    }


def test_parquet() -> None:
    rows = [line.split(",") for line in TREE.splitlines()]
    columns = {name: [row[n] or None for row in rows] for n, name in enumerate(HEADER.split(","))}
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    file.seek(0)
    assert load(file=file, name="units.parquet", by=OPERATOR, at=AT).added == 11


BAD = {
    "twice": ("CN,,country,中国,\nCN,,country,中国,\n", "row 3, code"),
    "no such parent": ("CN,,country,中国,\n44,XX,province,广东省,\n", "row 3, parent"),
    "no parent": ("CN,,country,中国,\n44,,province,广东省,\n", "row 3, parent"),
    "unknown level": ("CN,,country,中国,\n44,CN,shire,广东省,\n", "row 3, level"),
    "no level": ("CN,,country,中国,\n44,CN,,广东省,\n", "row 3, level"),
    "no name": ("CN,,country,中国,\n44,CN,province,,\n", "row 3, name_zh"),
    "two countries": ("CN,,country,中国,\nXX,,country,别国,\n", "row 3, level"),
    "country below": ("CN,,country,中国,\nXX,CN,country,别国,\n", "row 3, level"),
    "itself": ("CN,,country,中国,\n44,44,province,广东省,\n", "row 3, parent"),
    "a circle": ("CN,,country,中国,\n1,2,city,甲,\n2,1,district,乙,\n", "row 3, parent"),
    "the same level": ("CN,,country,中国,\n1,CN,city,甲,\n2,1,city,乙,\n", "row 4, parent"),
    "formula": ("CN,,country,中国,\n44,CN,province,=1+1,\n", "row 3, name_zh"),
    "hidden": ("CN,,country,中国,\n44,CN,province,广\u200b东,\n", "row 3, name_zh"),
    "ragged": ("CN,,country,中国,\n44,CN,province\n", "row 3"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_rows_are_named_and_nothing_is_taken(name: str) -> None:
    rows, where = BAD[name]
    with pytest.raises(DataError) as refusal:
        loaded(rows)
    assert f"units.csv: nothing was taken. {where}" in str(refusal.value)
    assert refusal.value.text.zh.startswith("units.csv：未导入任何数据。")
    assert not Unit.objects.exists()
    assert not AuditRow.objects.exists()


def test_a_level_that_leaves_children_beside_it() -> None:
    loaded()
    with pytest.raises(DataError, match="row 2, level"):
        loaded("4401,44,street,广州市,Guangzhou\n")


def test_another_table() -> None:
    with pytest.raises(DataError, match="row 1 is not the header"):
        load(file=table("1,2", "person,age"), name="units.csv", by=OPERATOR, at=AT)
    with pytest.raises(DataError):
        load(file=io.BytesIO(), name="units.csv", by=OPERATOR, at=AT)


def test_an_archive_of_one_is_read_and_of_several_is_not() -> None:
    for names, taken in ((["a.csv"], True), (["a.csv", "b.csv"], False)):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            for name in names:
                archive.writestr(name, f"{HEADER}\n{TREE}")
        file.seek(0)
        if taken:
            assert load(file=file, name="units.zip", by=OPERATOR, at=AT).added == 11
        else:
            with pytest.raises(DataError, match="one table at a time"):
                load(file=file, name="units.zip", by=OPERATOR, at=AT)


def test_only_within_ones_own_unit() -> None:
    loaded()
    by = acting_of(person("guan", "administrator", "4401"), AT)

    def bring(rows: str) -> None:
        load(file=table(rows), name="units.csv", by=by, at=AT)

    bring("440105,4401,district,海珠区,Haizhu\n440105001,440105,street,赤岗街道,\n")
    bring("440103,4401,district,荔湾,Liwan\n")
    bring("440104001,440103,street,洪桥街道,Hongqiao\n4403,44,city,深圳市,Shenzhen\n")
    for rows in (
        "4406,44,city,佛山市,Foshan\n",
        "440303,4403,district,罗湖,Luohu\n",
        "440303,4401,district,罗湖区,Luohu\n",
        "440103,4403,district,荔湾,Liwan\n",
        "XX,,country,别国,\n",
    ):
        with pytest.raises(DataError):
            bring(rows)
