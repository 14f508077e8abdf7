"""A plan made for one question holds for the next: it never rests on the rows of the first."""

import pyarrow as pa
import pytest

from ringfence.engines.sql.duckdb_backend import DuckBackend

_NUMBERS = pa.schema([("number", pa.int64()), ("word", pa.string())])
_COUNTED = "SELECT word, count(*) AS counted FROM given WHERE number > 1 GROUP BY word"


def _rows(*pairs: tuple[int, str]) -> pa.Table:
    return pa.table([[n for n, _ in pairs], [w for _, w in pairs]], schema=_NUMBERS)


def _counted(backend: DuckBackend) -> dict[str, int]:
    told = backend.run(_COUNTED)
    return dict(zip(told["word"].to_pylist(), told["counted"].to_pylist(), strict=True))


def test_a_plan_made_on_no_rows_finds_the_rows_given_later() -> None:
    backend = DuckBackend(None, one_thread=True)
    backend.give("given", _NUMBERS.empty_table())
    assert _counted(backend) == {}
    backend.give("given", _rows((1, "a"), (2, "b"), (3, "b")))
    assert _counted(backend) == {"b": 2}
    backend.give("given", _rows(*((number, "c") for number in range(10_000))))
    assert _counted(backend) == {"c": 9_998}
    backend.give("given", _NUMBERS.empty_table())
    assert _counted(backend) == {}


def test_a_plan_outlives_new_relations() -> None:
    backend = DuckBackend(None, one_thread=True)
    backend.give("given", _rows((5, "a")))
    assert _counted(backend) == {"a": 1}
    backend.keep({"kept": _rows((1, "x"))})
    backend.give("another", _rows((1, "y")))
    backend.give("given", _rows((5, "b"), (6, "b")))
    assert _counted(backend) == {"b": 2}


def test_the_columns_of_a_relation_never_change() -> None:
    backend = DuckBackend(None, one_thread=True)
    backend.give("given", _rows((1, "a")))
    with pytest.raises(ValueError, match="other columns"):
        backend.give("given", pa.table({"number": [1]}))
