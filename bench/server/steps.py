"""What is done within a deployment before and after it is measured. Imported once it is set up."""

from __future__ import annotations

import io
import time
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from django.core.exceptions import ValidationError
from django.db.models import Count, Model, QuerySet
from procrastinate.contrib.django.models import ProcrastinateJob

from bench.deliveries import deliveries
from bench.server.rows.accounts import OPERATOR, account
from bench.server.rows.crowd import crowded
from bench.server.rows.outbreak import outbreak
from ringfence.engines.sql import SqlEngine
from ringfence.identity import snapshot
from ringfence_server.access import acting_of
from ringfence_server.accounts.models import User
from ringfence_server.api.paging import place_to
from ringfence_server.cases.actions import take_from_lake
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import visible
from ringfence_server.deployment.here import deployment, home, now
from ringfence_server.jurisdictions.actions import load
from ringfence_server.jurisdictions.models import COLUMNS, LEVELS, Unit
from ringfence_server.outbox import auditing, delivering
from ringfence_server.outbox.delivering import SOURCE
from ringfence_server.running import migrating
from ringfence_server.tasks import queries
from ringfence_server.tasks.models import (
    Approval,
    Exposure,
    Feedback,
    FollowUp,
    Link,
    Task,
    TaskState,
)
from ringfence_server.tasks.words import OPEN
from ringfence_server.tracing.models import UNDER_WAY, Contact, Run

_STAFF = {
    "data_analyst": ("city", "district"),
    "investigator": ("district",),
    "clinician": ("district",),
    "grid_worker": ("city", "district", "street", "community", "grid"),
    "administrator": ("city",),
    "auditor": ("city",),
}
"""Beside supervisors, who are at every level: where a role is measured."""
_QUIET = ("district", "grid")
"""Levels at which a supervisor of the unit with the least cases is measured too."""
_LOOKED_AT = 100
"""Rows of each table that are judged one by one, from either end."""
_LOOKED_OVER = (
    Case,
    Run,
    Contact,
    Approval,
    FollowUp,
    Link,
    Exposure,
    Task,
    TaskState,
    Feedback,
)
_LAST_PAGE = 50
_SHARED = 2
"""Tasks that two workers of a grid both take for theirs."""


def begin(city: str) -> dict[str, Any]:
    """Tables, units, the cases of the lake as the server takes them, and staff."""
    migrating.migrate()
    at = now()
    for one in deliveries(Path(city)):
        if one.table == "jurisdiction":
            content = io.BytesIO(one.path.read_bytes())
            load(file=content, name=one.path.name, by=OPERATOR, at=at)
    begun = time.perf_counter()
    taken = take_from_lake(home(), by=None, at=at)
    seconds = time.perf_counter() - begun
    auditing.drain(home())
    busy, quiet = _line(busiest=True), _line(busiest=False)
    made = [account(f"supervisor.{level}", "supervisor", busy[level], at) for level in LEVELS]
    made += [account(f"supervisor.quiet.{one}", "supervisor", quiet[one], at) for one in _QUIET]
    made += [
        account(f"{role}.{level}", role, busy[level], at)
        for role, levels in _STAFF.items()
        for level in levels
    ]
    return {
        "cases": taken.new,
        "take_seconds": seconds,
        "units": dict(Unit.objects.values_list("level").annotate(n=Count("pk"))),
        "accounts": [one.told() for one in made],
    }


def fill(city: str, contacts: int, open_tasks: int) -> dict[str, Any]:
    chief = User.objects.get(username="supervisor.country")
    at = now()
    return outbreak(
        home=home(),
        city=Path(city),
        contacts=contacts,
        open_tasks=open_tasks,
        secret=deployment().secret,
        by=acting_of(chief, at),
        at=at,
    )


def hands(workers: int, reports: int, rounds: int = 2) -> dict[str, Any]:
    """Workers in pairs, two of a grid, and the tasks that each is to take in each round: most are
    its own, some also the other one's.
    """
    own = max(1, reports - _SHARED)
    each = 2 * own + _SHARED
    grids = (
        _free().values("unit").annotate(n=Count("pk")).order_by("-n", "unit").values_list("unit")
    )
    found = []
    for pair, (grid,) in enumerate(grids[: (workers + 1) // 2]):
        free = list(_free().filter(unit=grid).order_by("due_at").values_list("pk", flat=True))
        lots = [free[each * n : each * (n + 1)] for n in range(rounds)]
        for which in (0, 1):
            made = account(f"hand.{pair:02d}.{'ab'[which]}", "grid_worker", grid, now())
            tasks = [[*lot[_SHARED + which :: 2], *lot[:_SHARED]] for lot in lots]
            found.append({**made.told(), "tasks": tasks})
    return {"workers": found[:workers]}


def tests(city: str, runs: list[int], chains: int) -> dict[str, Any]:
    """Entry forms of people who were long with a case whose list is long, and so have one too."""
    own = Run.objects.filter(pk__in=runs).annotate(n=Count("contacts")).order_by("-n")
    known = set(Case.objects.values_list("subject", flat=True))
    found: list[str] = []
    for run in own:
        closest = Contact.objects.filter(run=run, order=1, minutes__isnull=False)
        for subject in closest.order_by("-minutes").values_list("person", flat=True):
            if subject not in known and len(found) < chains:
                found.append(subject)
                known.add(subject)
                break
    return {"tests": [_form(Path(city), subject) for subject in found]}


def tally(said: dict[str, list[int]], asked: list[int]) -> dict[str, Any]:
    """What the database and the lake hold of these reports, once all was delivered."""
    reports = Feedback.objects.filter(task__in=asked)
    per_task = Counter(reports.values_list("task", flat=True))
    exposures = Exposure.objects.in_bulk([one for keys in said.values() for one in keys])
    # Two tasks of one person tell of the same stay: the lake has it once.
    expected = {
        (exposures[key].subject, exposures[key].place, exposures[key].start)
        for keys in said.values()
        for key in keys
    }
    engine = SqlEngine(snapshot(home(), now()))
    rows = engine.rows("presence", "subject", sorted({one[0] for one in expected})).to_pylist()
    held = Counter(
        (row["subject"], row["place"], row["start"]) for row in rows if row["source"] == SOURCE
    )
    return {
        "reported": len(per_task),
        "lost": sum(int(task) not in per_task for task in said),
        "doubled": sum(n > 1 for n in per_task.values())
        + sum(n > 1 for n in _states(asked, "feedback").values())
        + sum(n > 1 for n in _states(asked, "accepted").values()),
        "unasked": sum(str(task) not in said for task in per_task),
        "records_expected": len(expected),
        "records_lost": len(expected - held.keys()),
        "records_doubled": sum(held[key] > 1 for key in expected),
        "deliveries_refused": delivering.refused(),
    }


def crowd(runs: list[int], contacts: int, reader: str) -> dict[str, Any]:
    """One of these lists made so long; where its last page begins."""
    by = acting_of(User.objects.get(username=reader), now())
    visible_runs = Run.objects.filter(pk__in=runs, case__in=visible(by))
    run = visible_runs.alias(n=Count("contacts")).filter(n__gt=0).order_by("pk")[0].pk
    crowded(run, contacts)
    last = place_to(contacts - _LAST_PAGE)
    return {"run": run, "contacts": contacts, "last": last, "reader": reader}


def owed() -> dict[str, Any]:
    """What the worker still has to do of what was reported."""
    return {
        "deliveries": delivering.waiting(),
        "reports": Feedback.objects.filter(asked_at__isnull=True).count(),
        "runs": Run.objects.filter(state__in=UNDER_WAY).count(),
    }


def sound() -> dict[str, Any]:
    """The invariants of the application, in the rows as they stand."""
    invalid = 0
    for model in _LOOKED_OVER:
        rows = model._default_manager.all()
        for row in (*rows.order_by("pk")[:_LOOKED_AT], *rows.order_by("-pk")[:_LOOKED_AT]):
            invalid += not _is_valid(row)
    return {
        "lost": queries.lost().count(),
        "invalid": invalid,
        "contacts": Contact.objects.count(),
        "open_tasks": Task.objects.filter(state__in=OPEN).count(),
        "ended_with_open_tasks": FollowUp.objects.exclude(end="")
        .filter(tasks__state__in=OPEN)
        .count(),
        "failed_jobs": ProcrastinateJob.objects.filter(status="failed").count(),
    }


def _is_valid(row: Model) -> bool:
    """By the words and constraints of its model. What is empty may be so: most columns are."""
    try:
        row.clean()
        row.validate_constraints()
        row.clean_fields(
            exclude=[
                field.name
                for field in row._meta.concrete_fields
                if getattr(row, field.attname) in field.empty_values
            ]
        )
    except ValidationError:
        return False
    return True


def _states(tasks: Sequence[int], state: str) -> Counter[int]:
    return Counter(
        TaskState.objects.filter(task__in=tasks, state=state).values_list("task", flat=True)
    )


def _form(city: Path, subject: str) -> dict[str, str]:
    files = str(city / "identity" / "subject" / "*.parquet")
    told = duckdb.execute(
        "SELECT name, id_kind, id_number, phone, grid FROM read_parquet(?) WHERE subject = ?",
        [files, subject],
    ).fetchone()
    assert told is not None
    name, kind, number, phone, grid = told
    day = now().astimezone(ZoneInfo(home().zone))
    return {
        "disease": "covid-19",
        "unit": grid,
        "classification": "confirmed",
        "symptomatic": "yes",
        "onset": (day - timedelta(days=2)).date().isoformat(),
        "sampled": (day - timedelta(days=1)).strftime("%Y-%m-%d 15:00"),
        "reported": (day - timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M"),
        "positive": "on",
        "name": name,
        "id_kind": kind,
        "id_number": number,
        "phone": phone or "",
    }


def _free() -> QuerySet[Task]:
    return Task.objects.filter(state="dispatched", account__isnull=True, unit__level="grid")


def _line(*, busiest: bool) -> dict[str, str]:
    """By level, the unit with the most cases (or the least, but some) within the one above."""
    rows, found = Case.objects.all(), {"country": Unit.objects.get(level="country").code}
    for level in COLUMNS:
        counted = rows.exclude(**{level: ""}).values(level).annotate(n=Count("pk"))
        code = counted.order_by("-n" if busiest else "n", level).values_list(level, flat=True)[0]
        found[level] = str(code)
        rows = rows.filter(**{level: code})
    return found
