"""Time that two sources tell alike counts once, in whatever order a database takes equal rows."""

from collections import defaultdict
from random import Random

import ibis
import pyarrow as pa

from ringfence.engines.sql.duckdb_backend import DuckBackend
from ringfence.engines.sql.expressions.coverage import merged

_COLUMNS = {"pair": "string", "rule": "int64", "start": "int64", "end": "int64"}
_PAIRS = 50_000  # fewer are sorted whole, and the order of equal rows does not change


def test_what_two_sources_tell_alike_counts_once() -> None:
    told = _told_more_than_once(Random(7))
    backend = DuckBackend(None, one_thread=False)
    backend.give(
        "told",
        pa.table(
            {
                "pair": [pair for pair, _, _ in told],
                "rule": [1] * len(told),
                "start": [start for _, start, _ in told],
                "end": [end for _, _, end in told],
            }
        ),
    )
    expression = merged(ibis.table(_COLUMNS, name="told"), ["pair", "rule"])
    covered: defaultdict[str, int] = defaultdict(int)
    for island in backend.run(str(ibis.to_sql(expression, dialect="duckdb"))).to_pylist():
        covered[island["pair"]] += island["end"] - island["start"]
    seconds: defaultdict[str, set[int]] = defaultdict(set)
    for pair, start, end in told:
        seconds[pair].update(range(start, end))
    assert covered == {pair: len(each) for pair, each in seconds.items()}


def _told_more_than_once(chance: Random) -> list[tuple[str, int, int]]:
    rows = []
    for number in range(_PAIRS):
        for _ in range(chance.randint(1, 4)):
            start = chance.randrange(40)
            stay = (f"p{number:08d}", start, start + chance.randint(1, 6))
            rows += [stay] * chance.randint(1, 3)
    chance.shuffle(rows)
    return rows
