"""`python -m bench.truth`: judge rules and channels on cities of known truth, write the page."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import ROOT, commit, machine, versions
from bench.truth import studies
from bench.truth.page import PAGE, draw, rendered
from bench.truth.plan import QUICK, Plan
from bench.truth.stories import stories

RESULT = ROOT / "bench" / "results" / "truth.json"

Study = tuple[str, Callable[..., studies.Figures], tuple[Any, ...]]


def main(words: list[str] | None = None) -> int:
    asked = _parser().parse_args(words)
    page, result = asked.page or PAGE, asked.result or RESULT
    with ExitStack() as stack:
        if not asked.page_only:
            build = ROOT / "build"
            build.mkdir(exist_ok=True)
            work = Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix="truth-", dir=build))
            )
            told = judge(QUICK if asked.quick else Plan(), work, asked.workers)
            result.parent.mkdir(parents=True, exist_ok=True)
            result.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    told = json.loads(result.read_text(encoding="utf-8"))
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(rendered(told), encoding="utf-8")
    draw(told, page.parent / "charts")
    print(f"written: {page}")
    known = [study["known"]["whole"] for study in told["everything"]]
    exact = all(one["right"] == one["listed"] and one["reached"] == one["true"] for one in known)
    if not exact:
        print("WRONG: where every fact is known, the program and the truth differ", file=sys.stderr)
    return 0 if exact else 1


def judge(plan: Plan, work: Path, workers: int) -> dict[str, Any]:
    """All studies, some at once. The result is the same whatever the number of workers."""
    begun = time.perf_counter()
    told: dict[str, Any] = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        **commit(),
        "machine": machine(),
        "versions": versions(),
        "plan": asdict(plan),
    }
    spawning = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=spawning) as pool:
        list(pool.map(studies.base, *zip(*((plan, work, s) for s in plan.seeds), strict=True)))
        _say(begun, f"made {len(plan.seeds)} cities of {plan.people:,} people")
        asked = list(_studies(plan))
        running = {
            pool.submit(studies.in_words, study, plan, str(work), given): (number, kind, given)
            for number, (kind, study, given) in enumerate(asked)
        }
        done: dict[int, studies.Figures] = {}
        for future in as_completed(running):
            number, kind, given = running[future]
            done[number] = future.result()
            _say(begun, f"{len(done)} of {len(asked)}: {kind} {' '.join(map(str, given))}")
    for number, (kind, _, _) in enumerate(asked):
        told.setdefault(kind, []).append(done[number])
    told["seconds"] = round(time.perf_counter() - begun)
    return told


def _studies(plan: Plan) -> Iterator[Study]:
    """The longest first."""
    for seed in plan.seeds:
        yield "everything", studies.everything, (seed,)
    for seed in plan.lived_seeds:
        yield "lived", studies.lived, (seed,)
    for seed in plan.channel_seeds:
        yield "channels", studies.channels, (seed, None, False)
        for channel in plan.channels:
            for alone in (False, True):
                yield "channels", studies.channels, (seed, channel, alone)
    for seed in plan.curve_seeds:
        for kind, values in (("coverage", plan.coverages), ("noise", plan.noises)):
            for value in values:
                yield "curves", studies.curve, (seed, kind, value)
    for seed in plan.story_seeds:
        yield "stories", stories, (seed,)


def _say(begun: float, words: str) -> None:
    print(f"{time.perf_counter() - begun:5.0f} s  {words}", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.truth", description=__doc__)
    parser.add_argument("--workers", type=int, default=2, help="processes at once")
    parser.add_argument("--quick", action="store_true", help="small cities, few cases")
    parser.add_argument("--result", type=Path, help="file of the recorded figures")
    parser.add_argument("--page", type=Path, help="page to write")
    parser.add_argument("--page-only", action="store_true", help="judge nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
