"""Spark reads `files` as plain Parquet: every current row once, with its types."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from ringfence import lake
from ringfence.records import TABLES

from .delivering import deliver
from .test_compaction import CLOSED, NEXT_DAY, STAYS, TABLE_ROWS

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed")
    if shutil.which("java") is None:
        pytest.skip("Java is not installed")
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    # Python tells Spark's instants in the zone of the process, which Django sets to its own.
    zone = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    yield session
    session.stop()
    if zone is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = zone
    time.tzset()


def read(spark: Any, home: lake.Home, table: str) -> list[dict[str, Any]]:
    paths = [str(path) for path in lake.files(home, table)]
    return [row.asDict() for row in spark.read.parquet(*paths).collect()]


def test_versions_are_settled_before_spark_reads(spark: Any, home: lake.Home) -> None:
    for rows in (STAYS, NEXT_DAY, CLOSED):
        deliver(home, "presence", "a", rows)
    found = read(spark, home, "presence")
    assert sorted((row["subject"], row["start"].isoformat()) for row in found) == [
        ("ann", "2022-06-01T12:00:00"),
        ("ann", "2022-06-01T23:00:00"),
        ("ann", "2022-06-03T10:00:00"),
        ("bob", "2022-06-02T00:00:00"),
        ("cat", "2022-06-01T08:00:00"),
        ("dan", "2022-06-02T08:00:00"),
        ("zoe", "2022-06-01T10:00:00"),
    ]
    (dan,) = [row for row in found if row["subject"] == "dan"]
    assert dan["end"].isoformat() == "2022-06-02T20:00:00"


@pytest.mark.parametrize("table", TABLE_ROWS)
def test_every_column_has_its_name(spark: Any, home: lake.Home, table: str) -> None:
    deliver(home, table, "a", TABLE_ROWS[table])
    for row in read(spark, home, table):
        assert list(row) == TABLES[table].schema.names
