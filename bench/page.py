"""The page of benchmarks, from the newest result of each size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bench.aims import judged
from bench.machine import ROOT
from bench.peer_tables import comparison
from bench.results import Result
from bench.tables import megabytes, spread, table

PAGE = ROOT / "docs" / "reference" / "benchmarks.md"
CHARTS = "charts"
"""Folder of the charts, beside the page."""

_HEAD = """# Benchmarks

Written by `make bench` from the newest results in `bench/results`; not edited by hand. The data are
what the agencies of a [synthetic city](city.md) deliver in 14 days: no faults, every visit to a
venue scanned, the other channels with their usual gaps; a size is counted in delivered presences.
Every step runs in a process of its own; peak memory is that process's. `make bench-compare` tells
what changed since the run before.
"""
_TRACES = """
Cases in a hashed order, one after the other in one warm process, with all evidence, crowd limit on;
beside each latency how many people the rings held. `covid-cn-9` is shipped; `shared-quarter-hour`
makes everybody a contact who shared a place for 15 minutes, and their contacts too. *First* is a
trace in a new process: opening the home, compiling what is not kept yet, and both rings.
"""
_MAPPED = """
A hotel register in GB18030, twenty stays a guest, through its mapping: names, ID numbers and
telephones into the vault, subjects and stays into the lake, all durable at the end.
"""
_VAULT = """
Invented persons with name, ID number, phone and address, one statement each, brought into a vault:
sealed, with eight tokens each for look-ups, durable at the end; the seconds include the making of
their pseudonyms. Then look-ups of 500 of them, and all groups of subjects with one number.
"""
_MOVING = """
Ten channels tell of each person; one of them has a wrong clock, and two rows in a hundred name
another place. Measured warm, from the question to timeline, conflicts, gaps and questions.
"""
_RIDING = """
Trains of 800 people over nine stops; of some drawn ones, everybody who rode with a case by the
rules of edition 9, from the warm process, with seats, stops and minutes.
"""
_ONE_CSV = "stays again, as one canonical CSV file"
_HUB = """
Cases that were at the busiest place of the city while infectious, with the crowd limit off, so that
everybody there is expanded.
"""


def rendered(results: Mapping[str, Result]) -> str:
    """Markdown of the page; `results` by size, smallest first."""
    if not results:
        return f"{_HEAD}\nNothing has been measured yet.\n"
    told = list(results.values())
    parts = [
        _HEAD,
        "## Aims\n\n" + table(("aim (two cores)", "measured", "reached"), judged(results)),
        "## City, import, compaction, disk\n\n" + _filling(told),
        *_mapped(told),
        *_vault(told),
        *_riding(told),
        *_moving(told),
        f"## Traces\n{_TRACES}\n" + _traces(told),
        f"## At the hub\n{_HUB}\n" + _hub(told),
        comparison(told, CHARTS),
        "## Where and when\n\n" + _conditions(told),
    ]
    return "\n".join(parts)


def _filling(results: Sequence[Result]) -> str:
    city = [
        (
            r["size"],
            f"{r['city']['people']:,}",
            f"{r['city']['presences']:,}",
            f"{r['city']['delivered_rows']:,}",
            f"{r['city']['delivered_files']:,}",
            f"{r['city']['make_seconds']:,.0f}",
            megabytes(r["city"]["make_peak_memory_bytes"]),
        )
        for r in results
    ]
    city_head = ("size", "people", "presences", "rows in all", "files", "made in, s", "peak, MB")
    head = ("size", "step", "rows", "seconds", "rows/s", "peak memory, MB")
    rows = []
    for result in results:
        stays = {**result["import"]["presence"], "peak_memory_bytes": None}
        steps = (
            ("import, every file as it came", result["import"]),
            ("… of it stays", stays),
            (_ONE_CSV, result.get("csv")),
            ("compaction, all tables", result["compaction"]),
        )
        rows += [
            (
                result["size"],
                name,
                f"{step['rows']:,}",
                f"{step['seconds']:.2f}",
                f"{step['rows_per_second']:,.0f}",
                megabytes(step["peak_memory_bytes"]),
            )
            for name, step in steps
            if step is not None
        ]
    disk = [
        (
            r["size"],
            megabytes(r["city"]["delivered_bytes"]),
            megabytes(r["disk"]["deliveries_bytes"]),
            megabytes(r["disk"]["derived_bytes"]),
            f"{sum(r['disk'].values()) / r['import']['rows']:.1f}",
        )
        for r in results
    ]
    disk_head = ("size", "delivered files, MB", "deliveries, MB", "derived, MB", "bytes per row")
    return "\n".join((table(city_head, city), table(head, rows), table(disk_head, disk)))


def _mapped(results: Sequence[Result]) -> Iterator[str]:
    """Results of before mappings were measured have none."""
    rows = [
        (
            result["size"],
            f"{told['rows']:,}",
            f"{told['persons']:,}",
            f"{told['seconds']:.1f}",
            f"{told['rows_per_second']:,.0f}",
            megabytes(told["peak_memory_bytes"]),
        )
        for result in results
        if (told := result.get("mapped")) is not None
    ]
    head = ("size", "rows", "persons", "seconds", "rows/s", "peak memory, MB")
    if rows:
        yield f"## Through a mapping\n{_MAPPED}\n" + table(head, rows)


def _vault(results: Sequence[Result]) -> Iterator[str]:
    """Results of before the vault was measured have none."""
    rows = [
        (
            result["size"],
            f"{told['subjects']:,}",
            f"{told['seconds']:.1f}",
            f"{told['subjects_per_second']:,.0f}",
            f"{told['find_by_id_ms']['p50']:.2f} / {told['find_by_id_ms']['p95']:.2f}",
            f"{told['statements_ms']['p50']:.2f} / {told['statements_ms']['p95']:.2f}",
            f"{told['groups_seconds']:.2f}",
            megabytes(told["bytes"]),
            megabytes(told["peak_memory_bytes"]),
        )
        for result in results
        if (told := result.get("vault")) is not None
    ]
    head = (
        *("size", "subjects", "seconds", "subjects/s", "by ID, ms p50 / p95"),
        *("all of one subject, ms p50 / p95", "groups, s", "disk, MB", "peak memory, MB"),
    )
    if rows:
        yield f"## Vault\n{_VAULT}\n" + table(head, rows)


def _moving(results: Sequence[Result]) -> Iterator[str]:
    """Results of before movements were fused have none."""
    rows = [
        (
            result["size"],
            f"{told['others']:,}",
            str(told["cases"]),
            f"{told['rows']['p50']:,.0f}",
            *spread(told["ms"], 0),
            f"{told['conflicts']['p50']:,.0f}",
        )
        for result in results
        if (told := result.get("moving")) is not None
    ]
    head = ("size", "rows of others", "asked", "rows each", "p50, ms", "p95, ms", "max, ms")
    if rows:
        yield f"## Where a person was\n{_MOVING}\n" + table((*head, "conflicts"), rows)


def _riding(results: Sequence[Result]) -> Iterator[str]:
    """Results of before rides were judged have none."""
    rows = [
        (
            result["size"],
            f"{told['rides']:,}",
            f"{told['trains']:,}",
            str(told["cases"]),
            *spread(told["ms"], 0),
            f"{told['listed']['p50']:,.0f} of {told['aboard']['p50']:,.0f}",
        )
        for result in results
        if (told := result.get("riding")) is not None
    ]
    head = ("size", "rides", "trains", "asked", "p50, ms", "p95, ms", "max, ms", "people listed")
    if rows:
        yield f"## Passengers of one train\n{_RIDING}\n" + table(head, rows)
        added = [
            (result["size"], trace["protocol"], f"{trace['journeys_add']:+.1%}")
            for result in results
            for trace in result["traces"]
            if "journeys_add" in trace
        ]
        yield "\n" + table(("size", "protocol", "rides and vehicles add to a trace"), added)


def _traces(results: Sequence[Result]) -> str:
    head = ("size", "protocol", "cases", "", "p50", "p95", "max", "ring 1", "ring 2")
    memory_head = ("size", "protocol", "first, ms", "peak memory, MB")
    found_head = ("size", "protocol", "", "p50", "p95", "max")
    times, memory, found = [], [], []
    for result in results:
        for trace in result["traces"]:
            size, protocol, cases = result["size"], trace["protocol"], str(trace["cases"])
            for key, name in _TIMES.items():
                rings = _rings(trace["found"], 1 if key == "ring_1_ms" else 2)
                times.append((size, protocol, cases, name, *spread(trace[key], 1), *rings))
            first = f"{trace['first_ms']:,.0f}"
            memory.append((size, protocol, first, megabytes(trace["peak_memory_bytes"])))
            found += [
                (size, protocol, name, *spread(trace["found"][key], 0))
                for key, name in _FOUND.items()
            ]
    return (
        f"{table(head, times)}\nRing 1, ring 2: people at the median (and at most).\n\n"
        f"{table(memory_head, memory)}\nWhat these traces found:\n\n{table(found_head, found)}"
    )


_TIMES = {
    "ring_1_ms": "ring 1, ms",
    "rings_1_and_2_ms": "rings 1+2, ms",
    "rings_1_and_2_cpu_ms": "rings 1+2, ms of CPU",
}
_FOUND = {
    "contacts_1": "contacts of order 1",
    "contacts_2": "contacts of order 2",
    "evidence_rows": "rows of evidence",
    "venues": "venues above the crowd limit",
    "in_review": "people to ask about",
}


def _hub(results: Sequence[Result]) -> str:
    head = ("size", "busiest place", "stays a day", "protocol", "cases", "", "p50, ms", "p95, ms",
            "max, ms", "ring 1", "ring 2")  # fmt: skip
    return table(head, (row for result in results for row in _hub_rows(result)))


def _hub_rows(result: Result) -> Iterator[tuple[str, ...]]:
    for hub in result["hub"]:
        where = (result["size"], hub["place"], f"{hub['stays_a_day']:,}", hub["protocol"])
        rings = "ring 1" if hub["orders"] == 1 else "rings 1+2"
        if "ms" not in hub:
            yield (*where, "0", rings, "–", "–", "–", "–", "–")
            continue
        sizes = _rings(hub["found"], hub["orders"])
        yield (*where, str(hub["cases"]), rings, *spread(hub["ms"], 0), *sizes)


def _rings(found: Mapping[str, Mapping[str, float]], orders: int) -> tuple[str, str]:
    told = [
        f"{found[key]['p50']:,} ({found[key]['max']:,})" for key in ("contacts_1", "contacts_2")
    ]
    return told[0], told[1] if orders == 2 else "–"


def _conditions(results: Sequence[Result]) -> str:
    head = ("size", "date", "commit", "seed", "machine", "software")
    return table(
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
