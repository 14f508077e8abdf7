"""All measurements of one size, one step after the other."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import commit, load, machine, versions
from bench.peers.asking import MOST_ROWS, PEERS
from bench.processes import run_step
from bench.results import FORMAT
from bench.sizes import name_of
from bench.supply import city_of

COMPARED_PROTOCOL = str(Path(__file__).with_name("shared-quarter-hour.yaml"))
PROTOCOLS = ("covid-cn-9", COMPARED_PROTOCOL)
_HUB_CASES = 5
_MOST_SUBJECTS = 1_000_000
_MOST_IN_A_FILE = 10_000_000
_SECONDS_OF_A_PEER = 120.0


@dataclass(frozen=True)
class Campaign:
    """What to measure at one size. `rows`: delivered presences. `compared`: cases that the peers
    answer too."""

    rows: int
    seed: int
    cases: int
    compared: int
    folder: Path


def measured(asked: Campaign) -> dict[str, Any]:
    """The result, as it is recorded."""
    size, folder = name_of(asked.rows), asked.folder
    folder.mkdir(parents=True, exist_ok=True)
    began, busy = datetime.now(UTC), load()
    _say(size, "making the city")
    made = city_of(asked.rows, asked.seed, folder)
    _say(size, f"{made['people']:,} people left {made['presences']:,} presences")
    city, home, plain = (str(folder / name) for name in ("city", "home", "plain"))
    result: dict[str, Any] = {
        "format": FORMAT,
        "size": size,
        "date": began.isoformat(timespec="seconds"),
        **commit(),
        "machine": {**machine(), "load_before": busy},
        "versions": versions(),
        "seed": asked.seed,
        "city": made,
        **_filled(size, folder, home, city),
    }
    subjects = min(asked.rows, _MOST_SUBJECTS)
    result["vault"] = run_step("vault", folder, home=str(folder / "vault"), subjects=subjects)
    _say(size, f"vault: {result['vault']['subjects_per_second']:,.0f} subjects/s")
    rows = min(asked.rows, _MOST_IN_A_FILE)
    result["mapped"] = run_step("mapped", folder, home=str(folder / "mapped"), rows=rows)
    _say(size, f"through a mapping: {result['mapped']['rows_per_second']:,.0f} rows/s")
    result["csv"] = run_step("csv", folder, home=str(folder / "csv"), city=city, rows=rows)
    _say(size, f"canonical CSV: {result['csv']['rows_per_second']:,.0f} rows/s")
    result["riding"] = run_step("riding", folder, home=str(folder / "riding"), rides=rows)
    _say(size, f"passengers of one train: p95 {result['riding']['ms']['p95']} ms")
    result["moving"] = run_step("moving", folder, home=str(folder / "moving"), others=rows)
    _say(size, f"where a person of 10,000 rows was: p95 {result['moving']['ms']['p95']} ms")
    result["narrating"] = run_step("narrating", folder)
    _say(size, f"1,000 narratives read: {result['narrating']['seconds']:.1f} s")
    windows = run_step(
        "windows", folder, home=home, city=city, plain=plain, protocol=COMPARED_PROTOCOL
    )
    given = {"home": home, "as_of": windows["as_of"]}
    cases, first = windows["cases"][: asked.cases], windows["cases"][-1]
    result["traces"] = []
    for protocol, traced in ((PROTOCOLS[0], cases), (PROTOCOLS[1], cases[: asked.compared])):
        tracing = run_step("tracing", folder, **given, protocol=protocol, cases=traced, first=first)
        result["traces"].append(tracing)
        both = tracing["rings_1_and_2_ms"]
        _say(size, f"{tracing['protocol']}: rings 1+2 p50 {both['p50']}, p95 {both['p95']} ms")
    result["hub"] = [
        run_step(
            "hub", folder, **given, plain=plain, protocol=protocol, orders=orders, most=_HUB_CASES
        )
        for protocol, orders in ((PROTOCOLS[0], 2), (PROTOCOLS[1], 1))
    ]
    result["compared"] = _compared(asked, given, plain, cases[: asked.compared])
    return result


def same_people(result: dict[str, Any]) -> bool:
    return not any(peer.get("differing") for peer in result["compared"]["peers"].values())


def _filled(size: str, folder: Path, home: str, city: str) -> dict[str, Any]:
    """Import and compaction, and the disk that they use."""
    made = Path(home)
    _clear(made)
    told: dict[str, Any] = {"import": run_step("import", folder, home=home, city=city)}
    _say(size, f"import: {told['import']['rows_per_second']:,.0f} rows/s")
    told["compaction"] = run_step("compaction", folder, home=home)
    _say(size, f"compaction: {told['compaction']['rows_per_second']:,.0f} rows/s")
    told["disk"] = {
        "deliveries_bytes": _bytes_below(made / "deliveries"),
        "derived_bytes": _bytes_below(made / "derived"),
        "catalog_bytes": sum(path.stat().st_size for path in made.glob("catalog.sqlite*")),
    }
    return told


def _compared(
    asked: Campaign, given: dict[str, Any], plain: str, cases: list[str]
) -> dict[str, Any]:
    """The same question, without crowd limit, to the program and to every peer."""
    size, folder = name_of(asked.rows), asked.folder
    ours = folder / "people-program.json"
    program = run_step(
        "whole_rings",
        folder,
        **given,
        protocol=COMPARED_PROTOCOL,
        cases=cases,
        people=str(ours),
    )
    expected = json.loads(ours.read_text(encoding="utf-8"))
    peers: dict[str, Any] = {}
    for name in PEERS:
        if asked.rows > MOST_ROWS.get(name, asked.rows):
            peers[name] = {"skipped": "not asked above 10 million rows"}
            continue
        theirs = folder / f"people-{name}.json"
        peers[name] = run_step(
            "peer",
            folder,
            name=name,
            plain=plain,
            as_of=given["as_of"],
            work=str(folder / "peer"),
            cases=cases,
            people=str(theirs),
            seconds=_SECONDS_OF_A_PEER,
        )
        if "skipped" in peers[name]:
            _say(size, f"{name}: skipped, {peers[name]['skipped']}")
            continue
        answers = json.loads(theirs.read_text(encoding="utf-8"))
        peers[name]["differing"] = [case for case in answers if answers[case] != expected[case]]
        _say(size, f"{name}: p50 {peers[name]['ms']['p50']} ms")
    return {"cases": len(cases), "program": program, "peers": peers}


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
