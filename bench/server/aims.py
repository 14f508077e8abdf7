"""What was asked of the server on two cores, beside what was measured."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

LIST_MS = 300
CASE_MS = 500
LISTED_SECONDS, LONG_LIST = 20, 1_000
SENT_SECONDS = 10
LISTS = ("inbox", "case list", "contact list", "task list", "my tasks")
_ALL = ("later page", "filtered", "one class", "longest", "reported", "latest due")

Line = tuple[str, str, bool | None]


def judged(result: dict[str, Any]) -> list[Line]:
    """Aim, measured, reached; None: it was not measured."""
    return [*_pages(result), *_chains(result), *_reports(result), *_rows(result)]


def _pages(result: dict[str, Any]) -> Iterator[Line]:
    for name in LISTS:
        own = [one for one in result["pages"] if one["page"].partition(",")[0] == name]
        yield _slowest(f"{name}: p95 at most {LIST_MS} ms at every level", own, LIST_MS)
    own = [one for one in result["pages"] if one["page"] == "case"]
    yield _slowest(f"page of a case: p95 at most {CASE_MS} ms", own, CASE_MS)
    own = [one for one in result["pages"] if one["page"].startswith("API")]
    yield _slowest(f"API lists, last page too: p95 at most {LIST_MS} ms", own, LIST_MS)


def _slowest(aim: str, pages: list[dict[str, Any]], most: float) -> Line:
    if not pages:
        return aim, "not measured", None
    worst = max(pages, key=lambda one: float(one["p95"]))
    where = f"{worst['page']}, {worst['role']}, {worst['level']}"
    return aim, f"{worst['p95']:,.0f} ms ({where})", worst["p95"] <= most


def _chains(result: dict[str, Any]) -> Iterator[Line]:
    chains = result["chains"]
    longest = max((one["contacts"] for one in chains), default=0)
    for name, most, words in (
        ("list_ready_seconds", LISTED_SECONDS, "positive test to a list ready for approval"),
        ("sent_seconds", SENT_SECONDS, "approval to tasks sent"),
    ):
        aim = f"{words}: at most {most} s for {LONG_LIST:,} contacts"
        long = [one for one in chains if one["contacts"] >= LONG_LIST]
        if not long:
            yield aim, f"no list was so long (the longest {longest:,})", None
            continue
        worst = max(long, key=lambda one: float(one[name]))
        yield aim, f"{worst[name]:.1f} s ({worst['contacts']:,} contacts)", worst[name] <= most


def _reports(result: dict[str, Any]) -> Iterator[Line]:
    for one in result["reports"]:
        words = "with the worker killed meanwhile" if one["killed"] else "undisturbed"
        told = one["tally"]
        wrong = {
            "errors": len(one["errors"]),
            "lost": told["lost"] + told["records_lost"],
            "doubled": told["doubled"] + told["records_doubled"],
        }
        aim = f"{one['workers']} workers reporting at once, {words}: 0 errors, 0 lost, 0 doubled"
        counted = ", ".join(f"{n} {name}" for name, n in wrong.items())
        yield aim, f"{counted} of {one['reports']} reports", not any(wrong.values())


def _rows(result: dict[str, Any]) -> Iterator[Line]:
    sound = result["sound"]
    wrong = ("lost", "invalid", "ended_with_open_tasks", "failed_jobs")
    counted = ", ".join(f"{sound[name]} {name.replace('_', ' ')}" for name in wrong)
    yield "rows are as the application keeps them", counted, not any(sound[n] for n in wrong)
