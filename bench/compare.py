"""`python -m bench.compare`: the newest result of each size beside the one before."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.results import FOLDER, Result, history
from bench.server import compared as servers
from bench.server.recorded import history as history_of_servers

TOLERANCE = 1.15
"""A figure that is worse by less than this is noise on a machine that does other things too."""


@dataclass(frozen=True)
class Figure:
    """A measured figure. `better`: whether more or less of it is wanted.

    `cases`: how many were traced for it; None: it does not rest on cases.
    """

    name: str
    value: float
    unit: str
    better: str = "less"
    cases: int | None = None


@dataclass(frozen=True)
class Change:
    """A figure now and before. `ratio`: above 1 is better, whatever the figure."""

    figure: Figure
    before: Figure

    @property
    def comparable(self) -> bool:
        """Other cases take other times, whatever the program does."""
        return self.figure.cases == self.before.cases

    @property
    def ratio(self) -> float:
        if not self.before.value or not self.figure.value:
            return 1.0
        ratio = self.figure.value / self.before.value
        return ratio if self.figure.better == "more" else 1 / ratio

    def verdict(self, tolerance: float) -> str:
        if not self.comparable:
            return f"not compared: {self.before.cases} and {self.figure.cases} cases"
        if self.ratio < 1 / tolerance:
            return "REGRESSION"
        return "better" if self.ratio > tolerance else ""


def figures(result: Result) -> Iterator[Figure]:
    """Figures that are compared from run to run."""
    if "scale" in result:
        yield from (Figure(*one) for one in servers.measured(result))
        return
    yield Figure("import", result["import"]["rows_per_second"], "rows/s", "more")
    for step, name in (("mapped", "through a mapping"), ("csv", "canonical CSV")):
        if step in result:
            yield Figure(name, result[step]["rows_per_second"], "rows/s", "more")
            yield Figure(f"{name}, peak memory", result[step]["peak_memory_bytes"] / 1e6, "MB")
    yield Figure("compaction", result["compaction"]["rows_per_second"], "rows/s", "more")
    yield Figure("derived files", result["disk"]["derived_bytes"] / 1e6, "MB")
    yield Figure("import, peak memory", result["import"]["peak_memory_bytes"] / 1e6, "MB")
    yield Figure("compaction, peak memory", result["compaction"]["peak_memory_bytes"] / 1e6, "MB")
    for trace in result["traces"]:
        name, cases = trace["protocol"], trace["cases"]
        yield Figure(f"{name}: first trace", trace["first_ms"], "ms", cases=cases)
        for rings, told in (("ring 1", "ring_1_ms"), ("rings 1+2", "rings_1_and_2_ms")):
            for which in ("p50", "p95"):
                yield Figure(f"{name}: {rings}, {which}", trace[told][which], "ms", cases=cases)
        peak = trace["peak_memory_bytes"] / 1e6
        yield Figure(f"{name}: peak memory", peak, "MB", cases=cases)
    for hub in result["hub"]:
        if "ms" in hub:
            name, cases = f"{hub['protocol']}: at the hub, p50", hub["cases"]
            yield Figure(name, hub["ms"]["p50"], "ms", cases=cases)
    compared = result["compared"]
    asked = {"program": {"cases": compared["cases"], **compared["program"]}, **compared["peers"]}
    for name, answered in asked.items():
        if "ms" in answered:
            title, cases = f"no crowd limit: {name}, p50", answered["cases"]
            yield Figure(title, answered["ms"]["p50"], "ms", cases=cases)


def changes(before: Result, now: Result) -> list[Change]:
    known = {figure.name: figure for figure in figures(before)}
    return [Change(one, known[one.name]) for one in figures(now) if one.name in known]


def differences(before: Result, now: Result) -> list[str]:
    """Why two results may differ for another reason than the program."""
    told = []
    for name, where in (("processor", "cpu"), ("cores", "cores"), ("memory", "memory_bytes")):
        if before["machine"][where] != now["machine"][where]:
            told.append(f"another {name}")
    loads = [_load(before), _load(now)]
    if abs(loads[0] - loads[1]) > 0.5:
        told.append(f"load before {loads[0]} and {loads[1]}")
    if "scale" in now:
        return told
    for name in ("people", "presences", "delivered_rows"):
        if before["city"][name] != now["city"][name]:
            told.append(f"{name} {before['city'][name]:,} and {now['city'][name]:,}")
    if before["seed"] != now["seed"]:
        told.append("another seed")
    return told


def _load(result: Result) -> float:
    return servers.load_of(result) if "scale" in result else result["machine"]["load_before"]


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.compare", description=__doc__)
    parser.add_argument("--results", type=Path, default=FOLDER, help="folder of the results")
    parser.add_argument(
        "--tolerance", type=float, default=TOLERANCE, help="ratio that is still noise"
    )
    parser.add_argument("--strict", action="store_true", help="exit 1 on a regression")
    asked = parser.parse_args(words)
    worse = 0
    of_servers = history_of_servers(asked.results)
    known = history(asked.results)
    known |= {f"server, {scale}": results for scale, results in of_servers.items()}
    if not known:
        print("Nothing has been measured yet.")
    for size, results in known.items():
        if len(results) < 2:
            print(f"{size}: {_named(results[-1])}, nothing before it to compare with\n")
            continue
        before, now = results[-2:]
        print(f"{size}: {_named(now)}, before it {_named(before)}")
        for why in differences(before, now):
            print(f"  note: {why}")
        for change in changes(before, now):
            verdict = change.verdict(asked.tolerance)
            worse += verdict == "REGRESSION"
            one, ratio = change.figure, f"{change.ratio:.2f}" if change.comparable else ""
            print(
                f"  {one.name:<46} {change.before.value:>14,.1f} {one.value:>14,.1f} {one.unit:<7}"
                f" {ratio:>6}  {verdict}".rstrip()
            )
        print()
    if worse:
        print(f"{worse} regressions (worse by more than {asked.tolerance:g} times)")
    return 1 if worse and asked.strict else 0


def _named(result: Result) -> str:
    changed = " with changes" if result["dirty"] else ""
    return f"{result['commit']}{changed} of {result['date'][:16].replace('T', ' ')}"


if __name__ == "__main__":
    sys.exit(main())
