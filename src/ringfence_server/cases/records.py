"""What an act on a case owes the lake, judged by the lake's own rules before it is promised."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime

from ringfence.lake import Home
from ringfence.sources import read_text
from ringfence_server.access import Acting
from ringfence_server.cases.changing import PROGRAM
from ringfence_server.cases.models import Case
from ringfence_server.cases.moments import When
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.cases.words import EVENT_OF
from ringfence_server.deployment.here import deployment
from ringfence_server.outbox.delivering import Row, owe

_TRUTH = {True: "yes", False: "no", None: "unknown"}


def owe_records(
    home: Home,
    key: str,
    table: str,
    rows: Sequence[Row],
    *,
    by: Acting | None,
    at: datetime,
    identity: Sequence[Row] = (),
) -> None:
    """Nothing where there are no rows. FieldErrors: what the lake would refuse."""
    if not rows:
        return
    check_rows(home, table, rows, at)
    owe(
        f"{key}/{table}",
        table,
        rows,
        secret=deployment().secret,
        by=by.user.username if by else PROGRAM,
        at=at,
        identity=identity,
    )


def check_rows(home: Home, table: str, rows: Sequence[Row], at: datetime) -> None:
    file = io.StringIO()
    names = sorted({name for row in rows for name in row})
    writer = csv.DictWriter(file, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    _, rejects = read_text(table, file.getvalue(), home.zone, at)
    if rejects:
        raise FieldErrors({one.field: one.reason for one in rejects})


def case_row(case: Case) -> dict[str, str]:
    return {
        "case": case.number,
        "subject": case.subject,
        "disease": case.disease,
        "classification": case.classification,
        "symptomatic": _TRUTH[case.symptomatic],
        "jurisdiction": case.unit_id,
    }


def event_rows(number: str, times: Mapping[str, When], zone: str) -> list[dict[str, str]]:
    """A sample is no event of a case: it is a test of a person."""
    return [
        {
            "case": number,
            "kind": EVENT_OF[name],
            "at": when.written(zone),
            "precision": when.precision,
        }
        for name, when in times.items()
        if name in EVENT_OF
    ]


def test_row(subject: str, sampled: When, result: str, zone: str) -> dict[str, str]:
    return {"subject": subject, "sampled": sampled.written(zone), "result": result}
