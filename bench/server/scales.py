"""How large a server is measured: by name, with all that is counted."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """`people`, `days`, `seeds`: of the city, and how many were infected before it begins.

    `contacts`: on all lists. `open_tasks`: of the tasks that they became. `requests`: of each page
    by each account, after the first. `chains`: positive tests that are followed to their tasks.
    `workers`, `reports`: who report at once, and how many each of them. `long_list`: contacts of
    the one trace that the API is read with.
    """

    name: str
    people: int
    days: int
    seeds: int
    contacts: int
    open_tasks: int
    requests: int
    chains: int
    workers: int
    reports: int
    long_list: int


SCALES = {
    one.name: one
    for one in (
        Scale("full", 1_000_000, 7, 800, 300_000, 100_000, 60, 3, 50, 10, 1_000_000),
        Scale("small", 50_000, 7, 100, 15_000, 5_000, 15, 2, 50, 4, 100_000),
        Scale("smallest", 600, 5, 12, 300, 100, 3, 1, 4, 2, 1_000),
    )
}
