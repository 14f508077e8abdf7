"""The part of the page that sets the program beside its peers, and its charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.charts.canvas import write
from bench.charts.kinds import bars, lines
from bench.results import Result
from bench.sizes import rows_of
from bench.tables import megabytes, spread, table

NAMES = {
    "self_join": "DuckDB, plain self-join",
    "sorted_tables": "DuckDB, two sorted tables",
    "postgres": "PostgreSQL, GiST",
    "frames": "pandas",
}
_PROGRAM = "program"
_WORDS = """
The question of `shared-quarter-hour`, both rings, without crowd limit: to the program, which tells
all evidence, and to others that tell names only, on the same stays cleaned beforehand:

- *DuckDB, plain self-join*: one table in the order of its delivery, two self-joins in a statement;
- *DuckDB, two sorted tables*: by person and by place, sorted by hand: zone maps exclude most;
- *PostgreSQL, GiST*: an index on (place, time range) and one on the person, in a private cluster;
- *pandas*: data frames in memory, merged on the place and filtered by time.

All must find the same people. The last two are asked at no more than 10 million presences, and each
peer for two minutes at most.
"""


def comparison(results: Sequence[Result], charts: str) -> str:
    head = ("size", "", "cases", "p50, ms", "p95, ms", "max, ms", "loaded in, s", "stored, MB",
            "peak memory, MB")  # fmt: skip
    rows: list[tuple[str, ...]] = []
    told: list[str] = []
    for result in results:
        compared, size = result["compared"], result["size"]
        program = compared["program"]
        memory = megabytes(program["peak_memory_bytes"])
        asked = str(compared["cases"])
        rows.append((size, _PROGRAM, asked, *spread(program["ms"], 0), "", "", memory))
        rows += [_row(size, name, compared["peers"][name]) for name in _known(compared["peers"])]
        told.append(_verdict(result))
    growth = f"\n![Growth of rings 1 and 2 with the size]({charts}/growth.svg)\n"
    return (
        f"## Against others\n{_WORDS}\n"
        f"![Median time of both rings by size]({charts}/peers.svg)\n\n"
        + table(head, rows)
        + "\n"
        + "\n".join(told)
        + "\n"
        + (growth if len(results) > 1 else "")
    )


def _known(peers: Mapping[str, Any]) -> list[str]:
    return [name for name in NAMES if name in peers]


def _answered(peers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: peers[name] for name in _known(peers) if "ms" in peers[name]}


def _row(size: str, name: str, peer: Mapping[str, Any]) -> tuple[str, ...]:
    if "skipped" in peer:
        return (size, NAMES[name], "–", "–", "–", "–", "–", "–", f"skipped: {peer['skipped']}")
    memory = peer.get("server_memory_bytes") or peer["peak_memory_bytes"]
    return (
        size,
        NAMES[name],
        str(peer["cases"]),
        *spread(peer["ms"], 0),
        f"{peer['load_seconds']:,.1f}",
        megabytes(peer["bytes"]),
        megabytes(memory),
    )


def _verdict(result: Result) -> str:
    compared = result["compared"]
    answered = _answered(compared["peers"])
    median = compared["program"]["ms"]["p50"]
    ratios = ", ".join(
        f"{peer['ms']['p50'] / median:,.2f} of {NAMES[name]}" for name, peer in answered.items()
    )
    wrong = {name: len(peer["differing"]) for name, peer in answered.items() if peer["differing"]}
    same = (
        "the same people in every case"
        if not wrong
        else "**DIFFERENT PEOPLE: "
        + ", ".join(f"{NAMES[name]} in {count} cases" for name, count in wrong.items())
        + ": one of them is wrong**"
    )
    people = next(iter(answered.values()))["found"] if answered else None
    rings = (
        f"; median {people['contacts_1']['p50']:,} people in ring 1,"
        f" {people['contacts_2']['p50']:,} in ring 2"
        if people
        else ""
    )
    size = result["size"]
    return f"- {size}: speed of the program at the median, in times: {ratios}{rings}; {same}."


def draw(results: Mapping[str, Result], folder: Path) -> None:
    """The charts that the page shows."""
    groups = {
        size: {
            _PROGRAM: round(r["compared"]["program"]["ms"]["p50"]),
            **{
                NAMES[name]: round(peer["ms"]["p50"])
                for name, peer in _answered(r["compared"]["peers"]).items()
            },
        }
        for size, r in results.items()
    }
    title = "Both rings without crowd limit, median"
    write(
        bars(title, groups, x_title="milliseconds, logarithmic; less is better", x_log=True),
        folder / "peers.svg",
    )
    if len(results) < 2:
        return
    series: dict[str, list[tuple[float, float]]] = {}
    for size, result in results.items():
        for trace in result["traces"]:
            for which in ("p50", "p95"):
                name = f"{trace['protocol']}, {which}"
                point = (float(rows_of(size)), trace["rings_1_and_2_ms"][which])
                series.setdefault(name, []).append(point)
    write(
        lines(
            "Rings 1 and 2 of a case, by size",
            series,
            x_title="delivered presences",
            y_title="milliseconds, logarithmic",
            x_log=True,
            y_log=True,
        ),
        folder / "growth.svg",
    )
