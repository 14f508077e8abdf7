"""A trace with its answer, for tests that ask for pages only."""

from __future__ import annotations

import json
import zlib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.server.homes import NOON, new_home
from tests.server.tracing.conftest import deliver_outbreak

from ringfence.engines.sql import SqlEngine
from ringfence.operations.tracing import Asked, trace_asked
from ringfence.trace.views.html.payload import payload
from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Case
from ringfence_server.tracing.models import Contact, Run

_FIGURES = {"close": 1, "general": 0, "second": 0, "questions": 0, "venues": 0}


def run_of(case: Case, by: User) -> Run:
    """Of this case, made when first asked for."""
    there = Run.objects.filter(case=case).first()
    if there is not None:
        return there
    run = Run.objects.create(
        case=case,
        asked_by=by,
        asked_at=case.at,
        state="done",
        as_of=case.at,
        figures=_FIGURES,
        answer=_answer(),
    )
    Contact.objects.create(
        run=run,
        rank=0,
        person="p2",
        order=1,
        outcome="close",
        provisional=False,
        first_exposure=case.at,
        last_exposure=case.at,
        subjects=["p2"],
        rules=[],
        why=[],
    )
    return run


@cache
def _answer() -> bytes:
    """Of a real trace, made once."""
    with TemporaryDirectory() as folder:
        made = new_home(Path(folder))
        deliver_outbreak(made)
        found, known = trace_asked(made, Asked(["C1"]), make_engine=SqlEngine, now=NOON)
        return zlib.compress(json.dumps(payload(found, "zh", known.batches)).encode())
