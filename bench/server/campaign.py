"""All that is measured of a server at one scale, one step after the other."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.machine import commit, load, machine, versions
from bench.server.browser import Browser
from bench.server.chain import followed
from bench.server.deploying import Deployed, deployed, run, until
from bench.server.inside import inside
from bench.server.programs import asked
from bench.server.reading import read
from bench.server.recorded import FORMAT
from bench.server.reporting import reported
from bench.server.scales import Scale
from bench.server.signing_in import signed_in
from bench.server.supply import supplied

_ROUNDS = 2
_DELIVERED_SECONDS = 600
_TRACED_SECONDS = 3_600
_CHIEF = "supervisor.city"


def measured(scale: Scale, seed: int, folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """The result, as it is recorded."""
    began, busy, begun = datetime.now(UTC), load(), time.perf_counter()
    loads = {"before": busy}
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["RINGFENCE_MASTER_KEY"] = str(folder / "master.key")
    say(f"a city of {scale.people:,} people, and all that its channels deliver")
    city = supplied(scale, seed, folder)
    with deployed(folder) as made:
        rows = _filled(made, scale, folder, say)
        say(f"ready after {run(made):.1f} s")
        loads["pages"] = load()
        pages = read(made.site, rows["accounts"], scale.requests, say)
        loads["chains"] = load()
        tests = _tests(made, scale, folder, rows)
        chief = next(one for one in rows["accounts"] if one["username"] == _CHIEF)
        desk = signed_in(made.site, chief)
        chains = _chains(desk, tests[: scale.chains], say)
        loads["reports"] = load()
        hands = [(signed_in(made.site, one), one) for one in rows["workers"]]
        late = [*tests[scale.chains :], *[None] * _ROUNDS][:_ROUNDS]
        reports = [
            _reports(made, hands, desk, test, say, killed=bool(number))
            for number, test in enumerate(late)
        ]
        sound = inside(made.file, "sound")
        loads["programs"] = load()
        long = inside(
            made.file,
            "crowd",
            runs=_traced(rows),
            contacts=scale.long_list,
            reader=_CHIEF,
        )
        pages += asked(made.site, rows["accounts"], long, scale.requests, say)
        faults = made.faults()
    return {
        "format": FORMAT,
        "scale": scale.name,
        "date": began.isoformat(timespec="seconds"),
        **commit(),
        "machine": {**machine(), "load": loads},
        "versions": versions(),
        "seconds": round(time.perf_counter() - begun),
        "city": city,
        "rows": {k: v for k, v in rows.items() if k not in ("accounts", "workers")},
        "pages": pages,
        "chains": chains,
        "reports": reports,
        "sound": sound,
        "faults": faults,
    }


def _filled(
    made: Deployed, scale: Scale, folder: Path, say: Callable[[str], None]
) -> dict[str, Any]:
    city = str(folder / "city")
    begun = inside(made.file, "begin", city=city)
    say(f"{begun['cases']:,} cases taken from the lake in {begun['take_seconds']:.0f} s")
    rows = inside(
        made.file, "fill", city=city, contacts=scale.contacts, open_tasks=scale.open_tasks
    )
    say(
        f"{rows['contacts']:,} contacts on {rows['runs']:,} lists,"
        f" {rows['tasks']:,} tasks, {rows['open_tasks']:,} of them open"
    )
    hands = inside(made.file, "hands", workers=scale.workers, reports=scale.reports, rounds=_ROUNDS)
    return {**begun, **rows, **hands}


def _tests(
    made: Deployed, scale: Scale, folder: Path, rows: dict[str, Any]
) -> list[dict[str, Any]]:
    """One for each chain, and one for each round of reports; fewer where fewer are to be had."""
    found: list[dict[str, Any]] = inside(
        made.file,
        "tests",
        city=str(folder / "city"),
        runs=_traced(rows),
        chains=scale.chains + _ROUNDS,
    )["tests"]
    return found


def _chains(
    desk: Browser, tests: list[dict[str, Any]], say: Callable[[str], None]
) -> list[dict[str, Any]]:
    chains = followed(desk, tests)
    for one in chains:
        say(
            f"a positive test: {one['contacts']:,} contacts ready for approval after"
            f" {one['list_ready_seconds']:.1f} s, sent in {one['sent_seconds']:.1f} s"
        )
    return chains


def _traced(rows: dict[str, Any]) -> list[int]:
    return [int(key) for key in rows["traced"]]


def _reports(
    made: Deployed,
    hands: list[tuple[Browser, dict[str, Any]]],
    desk: Browser,
    test: dict[str, Any] | None,
    say: Callable[[str], None],
    *,
    killed: bool,
) -> dict[str, Any]:
    """Until all of it is in the lake and the traces that follow are done; in the second round the
    worker process is killed. `test`: entered at the desk while those traces wait.
    """

    def fall() -> None:
        made.kill("worker")
        made.start("worker")

    told = reported(
        [browser for browser, _ in hands],
        [worker for _, worker in hands],
        lambda one: one["tasks"][int(killed)],
        meanwhile=fall if killed else None,
    )
    told["killed"] = killed
    begun = time.perf_counter()

    def seconds() -> float:
        return round(time.perf_counter() - begun, 1)

    until(lambda: _none_of(made, "deliveries"), "reports are not in the lake", _DELIVERED_SECONDS)
    told["delivered_seconds"] = seconds()
    told["traces_waiting"] = inside(made.file, "owed")["runs"]
    told["chain_meanwhile"] = followed(desk, [test])[0] if test else None
    until(lambda: _none_of(made, "reports", "runs"), "cases are not traced again", _TRACED_SECONDS)
    told["traced_again_seconds"] = seconds()
    told["tally"] = inside(made.file, "tally", said=told.pop("said"), asked=told.pop("asked"))
    say(
        f"{told['workers']} workers sent {told['reports']} reports in {told['seconds']} s"
        f"{' while the worker process was killed' if killed else ''}:"
        f" {len(told['errors'])} errors, {told['tally']['lost']} lost,"
        f" {told['tally']['doubled']} doubled; in the lake {told['delivered_seconds']} s later,"
        f" all cases traced again after {told['traced_again_seconds']} s"
    )
    if told["chain_meanwhile"]:
        say(
            f"a positive test meanwhile: ready for approval after"
            f" {told['chain_meanwhile']['list_ready_seconds']:.1f} s, with"
            f" {told['traces_waiting']} traces waiting"
        )
    return told


def _none_of(made: Deployed, *names: str) -> bool:
    owed = inside(made.file, "owed")
    return not any(owed[name] for name in names)
