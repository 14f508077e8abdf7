"""What was aimed at on two cores, beside what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bench.results import Result

ROWS_PER_SECOND = 500_000
RINGS_MS = 150
GROWTH = 2
MEMORY_BYTES = 2_000_000_000
IMPORT_MEMORY_BYTES = 1_500_000_000
MAPPED_ROWS_PER_SECOND = 100_000
LINEAR = 1.2
"""Seconds a row at the larger size over those at the smaller: noise of a machine included."""
VAULT_SECONDS = 60
LOOK_UP_MS = 5
PASSENGERS_MS = 200
JOURNEYS_ADD = 0.2
TRAJECTORY_MS = 1000
NARRATIVES_SECONDS = 10

_NAMED_SIZE, _SMALLER = "10M", "1M"

Line = tuple[str, str, str]


def judged(results: Mapping[str, Result]) -> list[Line]:
    """Aim, measured, reached."""
    return [
        *_imports(results),
        *_vault(results),
        *_riding(results),
        *_moving(results),
        *_narrating(results),
        *_rings(results),
        *_growth(results),
        *_memory(results),
    ]


def _imports(results: Mapping[str, Result]) -> Iterator[Line]:
    for size, result in results.items():
        rate = result["import"]["presence"]["rows_per_second"]
        aim = (
            f"import of stays at {size}, every file as it came: at least {ROWS_PER_SECOND:,} rows/s"
        )
        yield aim, f"{rate:,.0f} rows/s", _mark(rate >= ROWS_PER_SECOND)
    yield from _one_file(results, "csv", "canonical stays as one CSV file", ROWS_PER_SECOND)
    yield from _one_file(results, "mapped", "one file through a mapping", MAPPED_ROWS_PER_SECOND)


def _one_file(
    results: Mapping[str, Result], step: str, name: str, rows_per_second: int
) -> Iterator[Line]:
    told = {size: result[step] for size, result in results.items() if step in result}
    for size, file in told.items():
        rate, peak = file["rows_per_second"], file["peak_memory_bytes"]
        of = f"{name} at {size}, durable"
        yield (
            f"{of}: at least {rows_per_second:,} rows/s",
            f"{rate:,.0f} rows/s",
            _mark(rate >= rows_per_second),
        )
        yield (
            f"{of}: peak memory at most {IMPORT_MEMORY_BYTES / 1e9} GB",
            f"{peak / 1e9:.2f} GB",
            _mark(peak <= IMPORT_MEMORY_BYTES),
        )
    if _SMALLER in told and _NAMED_SIZE in told:
        grown = told[_SMALLER]["rows_per_second"] / told[_NAMED_SIZE]["rows_per_second"]
        aim = f"{name}: seconds a row from {_SMALLER} to {_NAMED_SIZE} at most {LINEAR} times"
        yield aim, f"{grown:.2f} times", _mark(grown <= LINEAR)


def _vault(results: Mapping[str, Result]) -> Iterator[Line]:
    """The largest vault that was measured."""
    measured = [result["vault"] for result in results.values() if "vault" in result]
    if not measured:
        return
    told = max(measured, key=lambda vault: int(vault["subjects"]))
    aim = f"{told['subjects']:,} subjects into the vault, durable: at most {VAULT_SECONDS} s"
    yield aim, f"{told['seconds']:.1f} s", _mark(told["seconds"] <= VAULT_SECONDS)
    peak = told["peak_memory_bytes"]
    aim = f"… peak memory at most {IMPORT_MEMORY_BYTES / 1e9} GB"
    yield aim, f"{peak / 1e9:.2f} GB", _mark(peak <= IMPORT_MEMORY_BYTES)
    p95 = told["find_by_id_ms"]["p95"]
    yield f"look-up by ID: p95 at most {LOOK_UP_MS} ms", f"{p95:.2f} ms", _mark(p95 <= LOOK_UP_MS)


def _riding(results: Mapping[str, Result]) -> Iterator[Line]:
    measured = [result["riding"] for result in results.values() if "riding" in result]
    if measured:
        told = max(measured, key=lambda riding: int(riding["rides"]))
        aim = (
            f"passengers of one train among {told['rides']:,} rides: p95 at most {PASSENGERS_MS} ms"
        )
        p95 = told["ms"]["p95"]
        yield aim, f"{p95:.0f} ms", _mark(p95 <= PASSENGERS_MS)
    for size, result in results.items():
        for trace in result["traces"]:
            if "journeys_add" in trace and trace["protocol"] == "covid-cn-9":
                share = trace["journeys_add"]
                aim = f"rides and vehicles add to a trace at {size}: at most {JOURNEYS_ADD:.0%}"
                yield aim, f"{share:.1%}", _mark(share <= JOURNEYS_ADD)


def _moving(results: Mapping[str, Result]) -> Iterator[Line]:
    measured = [result["moving"] for result in results.values() if "moving" in result]
    if measured:
        told = max(measured, key=lambda moving: int(moving["others"]))
        aim = (
            f"where a person of {told['rows']['p50']:,.0f} rows was, conflicts included: p95 at"
            f" most {TRAJECTORY_MS} ms"
        )
        p95 = told["ms"]["p95"]
        yield aim, f"{p95:.0f} ms", _mark(p95 <= TRAJECTORY_MS)


def _narrating(results: Mapping[str, Result]) -> Iterator[Line]:
    measured = [result["narrating"] for result in results.values() if "narrating" in result]
    for told in measured[-1:]:
        aim = f"{told['narratives']:,} narratives read on one core: at most {NARRATIVES_SECONDS} s"
        yield aim, f"{told['seconds']:.1f} s", _mark(told["seconds"] <= NARRATIVES_SECONDS)


def _rings(results: Mapping[str, Result]) -> Iterator[Line]:
    aim = f"rings 1+2 at {_NAMED_SIZE}: p95 at most {RINGS_MS} ms"
    if _NAMED_SIZE not in results:
        yield aim, "not measured", "–"
        return
    for protocol, p95 in _p95(results[_NAMED_SIZE]).items():
        yield f"{aim} (`{protocol}`)", f"{p95:,.1f} ms", _mark(p95 <= RINGS_MS)


def _growth(results: Mapping[str, Result]) -> Iterator[Line]:
    aim = f"growth of that from {_SMALLER} to {_NAMED_SIZE}: at most {GROWTH} times"
    if _NAMED_SIZE not in results or _SMALLER not in results:
        yield aim, "not measured", "–"
        return
    before, after = _p95(results[_SMALLER]), _p95(results[_NAMED_SIZE])
    for protocol in before:
        grown = after[protocol] / before[protocol]
        yield f"{aim} (`{protocol}`)", f"{grown:.2f} times", _mark(grown <= GROWTH)


def _memory(results: Mapping[str, Result]) -> Iterator[Line]:
    for size, result in results.items():
        steps = {
            "import, every file as it came": result["import"],
            "compaction": result["compaction"],
            **{f"tracing `{trace['protocol']}`": trace for trace in result["traces"]},
        }
        peak, step = max((told["peak_memory_bytes"], name) for name, told in steps.items())
        aim = f"peak memory at {size}: at most {MEMORY_BYTES / 1e9:.0f} GB"
        yield aim, f"{peak / 1e9:.2f} GB ({step})", _mark(peak <= MEMORY_BYTES)


def _p95(result: Result) -> dict[str, float]:
    return {trace["protocol"]: trace["rings_1_and_2_ms"]["p95"] for trace in result["traces"]}


def _mark(reached: bool) -> str:
    return "yes" if reached else "**no**"
