"""The section of the page of benchmarks that tells of servers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bench.server.aims import judged
from bench.tables import table

_HEAD = """
## Server

Written by `make bench-server`: real web processes, worker and PostgreSQL on one machine, durable as
delivered, asked over HTTP by accounts that signed in. The city's channels fill the lake and the
vault; the server takes the cases from there. A few lists are traced and approved by the program;
the others are written in their likeness by COPY, districts unevenly, with the tasks that they
became and the states that those went through. Then what autovacuum does is done once.
"""
_PAGES = """
### Pages

Wall time of a request until its last byte, one after the other; the first request of a page is
told apart. *later page*: a list continued ten times. *quiet*: the district and the grid with the
fewest cases.
"""
_CHAINS = """
### From a positive test to sent tasks

A case with its laboratory result is entered by the form for somebody whom the lake knows, who was
long with a case whose list is long; the worker traces both rings, who is one person is joined; the
page of approval stands; it is approved.
"""
_REPORTS = """
### Reports at once

All begin at the same moment: open, accept, open the form, report. Every third report is sent twice
at the same moment; two tasks of each pair of workers are in both their hands. What is then held is
counted in database and lake. *in the lake*: from the last answer until the worker has delivered all
of it, and asked for the traces that follow. In the second run the worker process is killed (-9) in
the midst and started again.
"""
_DECIMALS = "{:,.0f}"


def section(results: Mapping[str, dict[str, Any]]) -> str:
    """Of the largest scale that was measured; nothing where none was."""
    if not results:
        return ""
    result = next(iter(results.values()))
    return _HEAD + "".join(_parts(result))


def marked(reached: bool | None) -> str:
    return "–" if reached is None else "yes" if reached else "**no**"


def _parts(result: dict[str, Any]) -> Iterator[str]:
    rows = [[aim, told, marked(reached)] for aim, told, reached in judged(result)]
    yield "\n" + table(["aim (two cores)", "measured", "reached"], rows)
    yield "\n" + _scale(result)
    yield _PAGES + "\n" + _pages(result)
    yield _CHAINS + "\n" + _chains(result)
    yield _REPORTS + "\n" + _reports(result)
    yield "\n" + _where(result)


def _scale(result: dict[str, Any]) -> str:
    rows, city = result["rows"], result["city"]
    told = {
        "people in lake and vault": city["counts"]["people"],
        "rows in the lake": city["rows"],
        "cases": rows["cases"],
        "lists": rows["runs"],
        "contacts": rows["contacts"],
        "longest list": rows["longest_list"],
        "people followed up": rows["follow_ups"],
        "tasks": rows["tasks"],
        "open tasks": rows["open_tasks"],
        "states of tasks": rows["states"],
        "units": sum(rows["units"].values()),
    }
    return table(list(told), [[f"{n:,}" for n in told.values()]])


def _pages(result: dict[str, Any]) -> str:
    head = ["page", "role", "level", "requests", "first, ms", "p50", "p95", "p99"]
    rows = [
        [
            one["page"],
            one["role"].replace("_", " "),
            f"{one['level']}, quiet" if ".quiet" in one["account"] else one["level"],
            str(one["requests"]),
            *(_DECIMALS.format(one[name]) for name in ("first_ms", "p50", "p95", "p99")),
        ]
        for one in result["pages"]
    ]
    return table(head, rows)


def _chains(result: dict[str, Any]) -> str:
    names = ("entered_seconds", "traced_seconds", "list_ready_seconds", "sent_seconds")
    head = ["contacts", "entered, s", "traced, s", "ready for approval, s", "approved to sent, s"]
    rows = [
        [f"{one['contacts']:,}", *(f"{one[name]:.1f}" for name in names)]
        for one in result["chains"]
    ]
    return table(head, rows)


def _reports(result: dict[str, Any]) -> str:
    head = [
        *("workers", "worker process", "reports", "sent twice", "in two hands", "seconds"),
        *("p50, ms", "p95, ms", "errors", "lost", "doubled", "in the lake, s"),
        *("traced again, s", "traces waiting", "a positive test meanwhile, s"),
    ]
    rows = []
    for one in result["reports"]:
        told = one["tally"]
        counts = [one["reports"], one["sent_twice"], one["in_two_hands"]]
        rows.append(
            [
                str(one["workers"]),
                "killed" if one["killed"] else "undisturbed",
                *map(str, counts),
                f"{one['seconds']}",
                *(_DECIMALS.format(one["ms"][name]) for name in ("p50", "p95")),
                str(len(one["errors"])),
                str(told["lost"] + told["records_lost"]),
                str(told["doubled"] + told["records_doubled"]),
                f"{one['delivered_seconds']}",
                f"{one['traced_again_seconds']}",
                str(one["traces_waiting"]),
                _ready(one["chain_meanwhile"]),
            ]
        )
    return table(head, rows)


def _ready(chain: dict[str, Any] | None) -> str:
    return f"{chain['list_ready_seconds']:.1f}" if chain else "–"


def _where(result: dict[str, Any]) -> str:
    machine = result["machine"]
    changed = " with changes" if result["dirty"] else ""
    loads = ", ".join(f"{name} {value}" for name, value in machine["load"].items())
    row = [
        result["scale"],
        result["date"],
        f"{result['commit']}{changed}",
        f"{machine['cpu']}, {machine['cores']} cores,"
        f" {machine['memory_bytes'] / 2**30:.0f} GiB, {machine['system']} {machine['kernel']}",
        loads,
        str(result["seconds"]),
    ]
    return table(["scale", "date", "commit", "machine", "load", "seconds in all"], [row])
