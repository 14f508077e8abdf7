"""Running a trace: claim, ask, keep the answer. Each run is answered once, whoever is killed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from ringfence.engines.snapshot import Snapshot
from ringfence.engines.sql import SqlEngine
from ringfence.errors import Text, UserError
from ringfence.identity.linking import link
from ringfence.identity.waiting import not_looked_up
from ringfence.lake import Home
from ringfence.operations.tracing import Asked, trace_asked, waiting_for
from ringfence.trace.result import Contact as Found
from ringfence.trace.result import Trace
from ringfence.trace.views.html.payload import payload
from ringfence.trace.views.in_words import of_contact
from ringfence.trace.views.kept import kept
from ringfence.trace.views.rows import minutes_of
from ringfence_server.cases.changing import PROGRAM
from ringfence_server.tracing.answers import beside, packed
from ringfence_server.tracing.models import UNDER_WAY, Contact, Run
from ringfence_server.tracing.queries import OUTCOMES

_AT_ONCE = 1_000
_ROW = "  "
_SORRY = Text(
    "The trace failed by a fault of the program; it has been written down.",
    "程序出错，追踪未完成；错误已记录。",
)


def run_trace(home: Home, number: int, *, now: datetime) -> None:
    """Answer a run that waits, or that an ended process left running. One that has its answer is
    left as it is: a job may come twice.
    """
    run = _claimed(number, now)
    if run is None:
        return
    try:
        found, known = _asked(home, run, now)
    except UserError as error:
        _fail(run, error.text, now)
        return
    except Exception:
        _fail(run, _SORRY, now)
        raise
    _keep(run, found, known, now)


def _asked(home: Home, run: Run, now: datetime) -> tuple[Trace, Snapshot]:
    """Where another subject bears a number of the case's person, and nothing speaks against one
    person, they are linked first: what channels told of it belongs to the answer.
    """
    asked = Asked([run.case.number])
    by = run.asked_by.username if run.asked_by else PROGRAM
    found, known = trace_asked(home, asked, make_engine=SqlEngine, now=now)
    try:
        waiting = waiting_for(home, found, known, by=by, now=now)
    except UserError as error:
        return replace(found, warnings=(*found.warnings, not_looked_up(error))), known
    if any(one.joined for one in waiting.values()):
        link(home, by=by, now=now)
        found, known = trace_asked(home, asked, make_engine=SqlEngine, now=now)
        waiting = waiting_for(home, found, known, by=by, now=now)
    disputed = sum(len(one.disputed) for one in waiting.values())
    if disputed:
        found = replace(found, warnings=(*found.warnings, _disputed(disputed)))
    return found, known


def _disputed(others: int) -> Text:
    return Text(
        f"{others} more subjects bear a number of the case's person, but something speaks against"
        " one person: what is recorded of them is not in this trace.",
        f"另有 {others} 个编号与病例的证件号码相同，但信息有矛盾，其记录未计入本次追踪。",
    )


def _claimed(number: int, now: datetime) -> Run | None:
    changed = Run.objects.filter(pk=number, state__in=UNDER_WAY).update(
        state="running", started_at=now
    )
    return Run.objects.select_related("case", "asked_by").get(pk=number) if changed else None


def _fail(run: Run, text: Text, now: datetime) -> None:
    Run.objects.filter(pk=run.pk, state="running").update(
        state="failed", ended_at=now, fault={"en": text.en, "zh": text.zh}
    )


@transaction.atomic
def _keep(run: Run, found: Trace, known: Snapshot, now: datetime) -> None:
    told = payload(found, "zh", known.batches)
    changed = Run.objects.filter(pk=run.pk, state="running").update(
        state="done",
        ended_at=now,
        protocol=f"{found.protocol.id}@{found.protocol.version}",
        draft=found.protocol.draft,
        provisional=any(case.provisional for case in found.cases),
        as_of=found.as_of,
        sequence=found.lake_sequence,
        figures=_figures(found),
        answer=packed(told),
        beside=beside(told),
        kept=packed(kept(found)),
    )
    if changed:
        rows = [_contact(run, n, one, found, known) for n, one in enumerate(found.contacts)]
        Contact.objects.bulk_create(rows, batch_size=_AT_ONCE)


def _figures(found: Trace) -> dict[str, int]:
    counted = dict.fromkeys(OUTCOMES, 0)
    for contact in found.contacts:
        counted[contact.outcome.value] += 1
    return {**counted, "questions": len(found.review), "venues": len(found.venues)}


def _contact(run: Run, rank: int, one: Found, found: Trace, known: Snapshot) -> Contact:
    return Contact(
        run=run,
        rank=rank,
        person=one.person,
        order=one.order,
        outcome=one.outcome.value,
        provisional=one.provisional,
        first_exposure=one.first_exposure,
        last_exposure=one.last_exposure,
        minutes=minutes_of(one),
        subjects=list(one.subjects),
        stays=_stays(found, one),
        rules=list(one.rules),
        release_date=one.release_date,
        why=_why(of_contact(found, one, known.batches)),
    )


def _stays(found: Trace, one: Found) -> list[list[Any]]:
    told = {
        (
            found.place_label(evidence.place),
            evidence.zone or "",
            evidence.start.isoformat(),
            evidence.end.isoformat(),
            row.batch,
            row.row,
        ): None
        for evidence in one.evidence
        if evidence.kind == "presence" and evidence.place is not None
        for row in evidence.rows
        if row.of == "contact"
    }
    return [list(stay) for stay in told]


def _why(sentences: Sequence[Text]) -> list[dict[str, object]]:
    """Sentences, each with the lines of its rows below it."""
    told: list[dict[str, object]] = []
    for en, zh in sentences:
        if en.startswith(_ROW) and told:
            rows = told[-1]["rows"]
            assert isinstance(rows, list)
            rows.append([en.strip(), zh.strip()])
        else:
            told.append({"said": [en, zh], "rows": []})
    return told
