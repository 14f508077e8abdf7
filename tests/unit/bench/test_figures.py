"""What the benchmark tells of many values."""

from __future__ import annotations

import argparse

import pytest
from bench.figures import spread
from bench.sizes import name_of, rows_of, sizes_of


def test_spread_takes_the_nearest_rank() -> None:
    assert spread(list(range(1, 201))) == {"p50": 100, "p95": 190, "max": 200}


def test_spread_of_one_value() -> None:
    assert spread([7.5]) == {"p50": 7.5, "p95": 7.5, "max": 7.5}


def test_order_of_the_values_does_not_matter() -> None:
    assert spread([3, 1, 2]) == spread([1, 2, 3])


def test_sizes_by_name() -> None:
    assert sizes_of("10M,1M,1M") == (1_000_000, 10_000_000)
    assert [name_of(rows) for rows in (100_000, 1_500_000, 10_000_000)] == ["100k", "1500k", "10M"]


@pytest.mark.parametrize("name", ["", "10", "0M", "10G", "-1M", "1k"])
def test_what_is_no_size_is_refused(name: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        rows_of(name)
