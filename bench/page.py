"""The page of benchmarks, from the newest result of each size."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.aims import judged
from bench.machine import ROOT
from bench.results import Result

PAGE = ROOT / "docs" / "reference" / "benchmarks.md"

_MB = 1_000_000
_HEAD = """# Benchmarks

Written by `make bench` from the newest results in `bench/results`; not edited by hand. A synthetic
population of constant density (about 100 stays per person in 28 days; the city grows by districts
of 10,000 people with their own homes, workplaces, shops, restaurants and one hub), 300 cases with
onset in the last two weeks. Every step runs in a process of its own; peak memory is that process's.
"""
_TRACES = """
Random cases, one after the other in one warm process, with all evidence, crowd limit on.
`covid-cn-9` is shipped; `shared-quarter-hour` makes everybody a contact who shared a place for
15 minutes, and their contacts too. *First* is a trace in a new process: opening the home, compiling
what is not kept yet, and both rings.
"""
_JOIN = """
The question of `shared-quarter-hour`, both rings, without crowd limit: by the program, with all
evidence; and by two self-joins in DuckDB over one plain table in the order of its delivery, which
tell names only. Both must find the same people.
"""


def rendered(results: Mapping[str, Result]) -> str:
    """Markdown of the page; `results` by size, smallest first."""
    if not results:
        return f"{_HEAD}\nNothing has been measured yet.\n"
    told = list(results.values())
    parts = [
        _HEAD,
        "## Aims\n\n" + _table(("aim (two cores)", "measured", "reached"), judged(results)),
        "## Import, compaction, disk\n\n" + _filling(told),
        f"## Traces\n{_TRACES}\n" + _traces(told),
        f"## Against a plain self-join\n{_JOIN}\n" + _joins(told),
        "## Where and when\n\n" + _conditions(told),
    ]
    return "\n".join(parts)


def _filling(results: Sequence[Result]) -> str:
    head = ("size", "step", "rows", "seconds", "rows/s", "peak memory, MB")
    rows = []
    for result in results:
        steps = (
            ("import, Parquet", result["import"]),
            ("import, CSV", result.get("import_csv")),
            ("compaction, all tables", result["compaction"]),
        )
        rows += [
            (
                result["size"],
                name,
                f"{step['rows']:,}",
                f"{step['seconds']:.2f}",
                f"{step['rows_per_second']:,.0f}",
                _mb(step["peak_memory_bytes"]),
            )
            for name, step in steps
            if step is not None
        ]
    disk = [
        (
            r["size"],
            _mb(r["population"]["presence_bytes"]),
            _mb(r["disk"]["deliveries_bytes"]),
            _mb(r["disk"]["derived_bytes"]),
            f"{sum(r['disk'].values()) / r['import']['rows']:.1f}",
        )
        for r in results
    ]
    disk_head = ("size", "file of stays, MB", "deliveries, MB", "derived, MB", "bytes per stay")
    return _table(head, rows) + "\n" + _table(disk_head, disk)


def _traces(results: Sequence[Result]) -> str:
    head = ("size", "protocol", "cases", "", "p50", "p95", "max")
    times, found = [], []
    for result in results:
        for trace in result["traces"]:
            which = (result["size"], trace["protocol"], str(trace["cases"]))
            times.append((*which, "ring 1, ms", *_spread(trace["ring_1_ms"], 1)))
            times.append((*which, "rings 1+2, ms", *_spread(trace["rings_1_and_2_ms"], 1)))
            times.append(
                (*which, "rings 1+2, ms of CPU", *_spread(trace["rings_1_and_2_cpu_ms"], 1))
            )
            first = f"{trace['first_ms']:,.0f}"
            times.append((*which, "first, ms", first, "", ""))
            memory = _mb(trace["peak_memory_bytes"])
            times.append((*which, "peak memory, MB", memory, "", ""))
            found += [
                (*which, name, *_spread(trace["found"][key], 0)) for key, name in _FOUND.items()
            ]
    return _table(head, times) + "\nWhat these traces found:\n\n" + _table(head, found)


_FOUND = {
    "contacts_1": "contacts of order 1",
    "contacts_2": "contacts of order 2",
    "evidence_rows": "rows of evidence",
    "venues": "venues above the crowd limit",
    "in_review": "people to ask about",
}


def _joins(results: Sequence[Result]) -> str:
    head = ("size", "cases", "", "p50, ms", "p95, ms", "max, ms", "peak memory, MB")
    rows, told = [], []
    for result in results:
        join = result["self_join"]
        rows += [
            (
                result["size"],
                str(join["cases"]),
                name,
                *_spread(join[key]["ms"], 0),
                _mb(join[key]["peak_memory_bytes"]),
            )
            for key, name in (("program", "program"), ("plain", "plain self-join"))
        ]
        people = join["plain"]["found"]
        same = (
            "the same people in every case"
            if not join["differing"]
            else f"**DIFFERENT PEOPLE in {len(join['differing'])} cases: one of them is wrong**"
        )
        told.append(
            f"- {result['size']}: the program is {join['ratio_p50']} times as fast at the median,"
            f" {join['ratio_total']} times over all cases; median {people['contacts_1']['p50']:,}"
            f" people in ring 1, {people['contacts_2']['p50']:,} in ring 2; {same}."
        )
    return _table(head, rows) + "\n" + "\n".join(told) + "\n"


def _conditions(results: Sequence[Result]) -> str:
    head = ("size", "date", "commit", "seed", "machine", "software")
    return _table(
        head,
        (
            (
                r["size"],
                r["date"],
                r["commit"] + (" with changes" if r["dirty"] else ""),
                str(r["seed"]),
                _machine(r["machine"]),
                ", ".join(f"{name} {version}" for name, version in r["versions"].items()),
            )
            for r in results
        ),
    )


def _machine(told: Mapping[str, Any]) -> str:
    memory = told["memory_bytes"] / 2**30
    return (
        f"{told['cpu']}, {told['cores']} cores, {memory:.0f} GiB, {told['system']}"
        f" {told['kernel']}, load before {told['load_before']}"
    )


def _spread(values: Mapping[str, float], digits: int) -> tuple[str, str, str]:
    p50, p95, most = (f"{values[name]:,.{digits}f}" for name in ("p50", "p95", "max"))
    return p50, p95, most


def _mb(size: int) -> str:
    return f"{size / _MB:,.0f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
