"""All measurements of one size, one step after the other."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import outbreak
from bench.city import City
from bench.machine import commit, load, machine, versions
from bench.population import written_before
from bench.processes import run_step
from bench.sizes import name_of

FORMAT = 1
COMPARED_PROTOCOL = str(Path(__file__).with_name("shared-quarter-hour.yaml"))
PROTOCOLS = ("covid-cn-9", COMPARED_PROTOCOL)
_CSV_AT_MOST = 1_000_000


@dataclass(frozen=True)
class Campaign:
    """What to measure at one size. `compared`: cases that the self-join answers too."""

    city: City
    cases: int
    compared: int
    folder: Path


def measured(asked: Campaign) -> dict[str, Any]:
    """The result, as it is recorded."""
    size, folder = name_of(asked.city.rows), asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    began, busy = datetime.now(UTC), load()
    population = _population(asked)
    given = {"population": str(folder / "population"), "home": str(folder / "home")}
    result: dict[str, Any] = {
        "format": FORMAT,
        "size": size,
        "date": began.isoformat(timespec="seconds"),
        **commit(),
        "machine": {**machine(), "load_before": busy},
        "versions": versions(),
        "seed": asked.city.seed,
        "population": population,
        **_filled(asked, given),
    }
    cases = outbreak.names(asked.cases)
    first = outbreak.names(outbreak.count(asked.city))[-1]
    result["traces"] = []
    for protocol, traced in ((PROTOCOLS[0], cases), (PROTOCOLS[1], cases[: asked.compared])):
        tracing = run_step(
            "tracing", folder, home=given["home"], protocol=protocol, cases=traced, first=first
        )
        result["traces"].append(tracing)
        both = tracing["rings_1_and_2_ms"]
        _say(size, f"{tracing['protocol']}: rings 1+2 p50 {both['p50']}, p95 {both['p95']} ms")
    result["self_join"] = _compared(asked, given)
    return result


def same_people(result: dict[str, Any]) -> bool:
    return not result["self_join"]["differing"]


def _population(asked: Campaign) -> dict[str, Any]:
    folder, city = asked.folder / "population", asked.city
    told = written_before(folder, city)
    if told is None:
        _say(name_of(city.rows), "writing the population")
        given = {"folder": str(folder), "rows": city.rows, "seed": city.seed}
        told = run_step("population", asked.folder, **given)
    return {"rows": told["rows"], "presence_bytes": told["presence_bytes"]}


def _filled(asked: Campaign, given: dict[str, str]) -> dict[str, Any]:
    """Import and compaction, and the disk that they use."""
    size, folder = name_of(asked.city.rows), asked.folder
    home = Path(given["home"])
    told: dict[str, Any] = {}
    if asked.city.rows <= _CSV_AT_MOST:
        aside = folder / "home-csv"
        _clear(aside)
        csv = run_step("population_csv", folder, folder=given["population"])
        run_step("registers", folder, home=str(aside), population=given["population"])
        told["import_csv"] = run_step(
            "import", folder, home=str(aside), population=given["population"], form="csv"
        )
        told["import_csv"]["file_bytes"] = csv["bytes"]
        _say(size, f"CSV import: {told['import_csv']['rows_per_second']:,.0f} rows/s")
        _clear(aside)
    _clear(home)
    told["registers"] = run_step("registers", folder, **given)
    told["import"] = run_step("import", folder, **given, form="parquet")
    _say(size, f"Parquet import: {told['import']['rows_per_second']:,.0f} rows/s")
    told["compaction"] = run_step("compaction", folder, home=given["home"])
    _say(size, f"compaction: {told['compaction']['rows_per_second']:,.0f} rows/s")
    told["disk"] = {
        "deliveries_bytes": _bytes_below(home / "deliveries"),
        "derived_bytes": _bytes_below(home / "derived"),
        "catalog_bytes": sum(path.stat().st_size for path in home.glob("catalog.sqlite*")),
    }
    return told


def _compared(asked: Campaign, given: dict[str, str]) -> dict[str, Any]:
    """The same question, without crowd limit, to the program and to plain SQL."""
    folder, cases = asked.folder, outbreak.names(asked.compared)
    ours, plain = folder / "people-program.json", folder / "people-plain.json"
    program = run_step(
        "whole_rings",
        folder,
        home=given["home"],
        protocol=COMPARED_PROTOCOL,
        cases=cases,
        people=str(ours),
    )
    join = run_step(
        "self_join",
        folder,
        database=str(folder / "plain.duckdb"),
        population=given["population"],
        cases=cases,
        people=str(plain),
    )
    told, expected = (json.loads(path.read_text(encoding="utf-8")) for path in (ours, plain))
    return {
        "cases": len(cases),
        "program": program,
        "plain": join,
        "ratio_p50": round(join["ms"]["p50"] / program["ms"]["p50"], 2),
        "ratio_total": round(join["total_seconds"] / program["total_seconds"], 2),
        "differing": [case for case in cases if told[case] != expected[case]],
    }


def _clear(home: Path) -> None:
    """Remove a home of an earlier run, and nothing that is not one."""
    if not home.exists():
        return
    if not (home / "home.json").is_file():
        raise ValueError(f"{home} is not a home of this benchmark: remove it yourself")
    shutil.rmtree(home)


def _bytes_below(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _say(size: str, words: str) -> None:
    print(f"{size:>5}  {words}", flush=True)
