"""Taking a list out: counted, told to the audit, and only then sent."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ringfence.audit import refuse_persons
from ringfence.errors import DataError, NotAllowed, UsageError
from ringfence.lake import Home
from ringfence.operations.checks import check_words
from ringfence_server.access import Acting
from ringfence_server.exports.models import Export
from ringfence_server.exports.tables import Table
from ringfence_server.exports.words import FORMS
from ringfence_server.outbox import auditing

RIGHT = "export.contacts"
MOST_ROWS = 100_000


def export(
    home: Home, table: Table, *, form: str, purpose: str, by: Acting, at: datetime
) -> Export:
    """Its number, once the audit has it for good. Which rows are meant was asked for before, with
    this right.

    StorageError: it could not be audited, and nothing may be sent.
    """
    if not by.may(RIGHT):
        raise NotAllowed("you may not export", "您没有导出权限")
    if form not in FORMS:
        raise UsageError("there is no such form of a file", "没有此文件格式")
    check_words("purpose", "用途", purpose)
    refuse_persons({"purpose": purpose})
    if table.count > MOST_ROWS:
        raise DataError(
            f"these are {table.count} rows, and a file has at most {MOST_ROWS}: filter the list",
            f"共 {table.count} 行，每个文件最多 {MOST_ROWS} 行：请先筛选",
        )
    with transaction.atomic():
        made = Export.objects.create(
            kind=table.kind,
            form=form,
            unit=table.unit,
            case=table.case,
            run=table.run,
            filters=dict(table.filters),
            purpose=purpose.strip(),
            rows=table.count,
            by=by.user,
            at=at,
        )
        auditing.shown(
            home, f"export.{table.kind}", by=by.user.username, at=at, about=_about(made, table)
        )
    return made


def _about(made: Export, table: Table) -> dict[str, str]:
    of = {}
    if table.case is not None:
        of["case"] = table.case.number
    if table.run is not None:
        of["run"] = str(table.run.pk)
    return {
        **of,
        **{f"only {name}": word for name, word in table.filters.items()},
        "export": str(made.pk),
        "form": made.form,
        "purpose": made.purpose,
        "rows": str(made.rows),
    }
