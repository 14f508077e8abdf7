"""Opening, answering and withdrawing a data request."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ringfence.audit import acting
from ringfence.errors import DataError, NotAllowed, UsageError
from ringfence.lake import Home
from ringfence.lake.catalog import micros
from ringfence.operations.cases import check_case
from ringfence.operations.checks import check_keys, check_words
from ringfence.operations.database import reading, writing
from ringfence.operations.requests import reading as rows
from ringfence.operations.requests.batches import Delivered, delivered
from ringfence.operations.requests.coverage import coverage
from ringfence.operations.requests.model import (
    ANSWERED,
    LATE,
    OPEN,
    WITHDRAWN,
    Coverage,
    Request,
    Scope,
)
from ringfence.operations.requests.scope import check_scope


@dataclass(frozen=True)
class Done:
    """`replayed`: it was so before, and nothing changed."""

    request: Request
    replayed: bool


def open_request(
    home: Home,
    *,
    agency: str,
    basis: str,
    case: str,
    scope: Scope,
    due: datetime,
    by: str,
    now: datetime,
) -> Done:
    """Ask an agency for data. The same question while it is open is the same request."""
    check_keys("agency", "机构", [agency])
    check_words("legal basis", "法律依据", basis)
    check_scope(scope)
    if due <= now:
        raise UsageError("the deadline has passed already", "期限已过")
    check_case(home, case, now)
    asked: dict[str, str | int] = {
        "agency": agency,
        "basis": basis,
        "case": case,
        "tables": json.dumps(sorted(set(scope.tables))),
        "first": micros(scope.start),
        "until": micros(scope.end),
        "places": json.dumps(sorted(set(scope.places)), ensure_ascii=False),
        "services": json.dumps(sorted(set(scope.services)), ensure_ascii=False),
        "due": micros(due),
    }
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    if (stored := _stored(home, digest)) is not None:
        return Done(stored, replayed=True)
    about = {"agency": agency, "case": case}
    with (
        acting(home, "request.open", by=by, at=now, about=about) as told,
        writing(home) as connection,
    ):
        found = rows.open_with(connection, digest)
        number = _insert(connection, {**asked, "digest": digest}) if found is None else found.number
        if found is None:
            _step(connection, number, OPEN, now=now, by=by)
        told["request"] = f"R{number}"
        return Done(rows.one(connection, number), replayed=found is not None)


def answer_request(home: Home, name: str, batch: str, *, by: str, now: datetime) -> Done:
    """Say which batch answers a request. It was received after the question, and of what was asked.

    A request that was answered stays so, unless its batch has been withdrawn since.
    """
    found = delivered(home, batch)
    request = rows.the_request(home, name)
    if _repeats(home, request, found):
        return Done(request, replayed=True)
    _check_answer(request, found)
    state = ANSWERED if found.received_at <= request.due else LATE
    covered = coverage(home, found.deliveries, request.scope)
    about = {"request": request.name, "case": request.case, "batch": found.batch}
    with acting(home, "request.answer", by=by, at=now, about=about), writing(home) as connection:
        last = rows.one(connection, request.number)
        if _repeats(home, last, found):
            return Done(last, replayed=True)
        _step(connection, request.number, state, now=now, by=by, answer=found, covered=covered)
        return Done(rows.one(connection, request.number), replayed=False)


def withdraw_request(home: Home, name: str, reason: str, *, by: str, now: datetime) -> Done:
    """The data is no longer needed. Only what nobody answered can be withdrawn."""
    check_words("reason", "理由", reason)
    request = rows.the_request(home, name)
    if _is_withdrawn(request, reason):
        return Done(request, replayed=True)
    about = {"request": request.name, "case": request.case}
    with acting(home, "request.withdraw", by=by, at=now, about=about), writing(home) as connection:
        last = rows.one(connection, request.number)
        if _is_withdrawn(last, reason):
            return Done(last, replayed=True)
        _step(connection, request.number, WITHDRAWN, now=now, by=by, reason=reason)
        return Done(rows.one(connection, request.number), replayed=False)


def _stored(home: Home, digest: str) -> Request | None:
    with reading(home) as connection:
        return None if connection is None else rows.open_with(connection, digest)


def _insert(connection: sqlite3.Connection, asked: Mapping[str, str | int]) -> int:
    made = connection.execute(
        "INSERT INTO request (digest, agency, basis, case_key, tables, first, until, places,"
        " services, due) VALUES (:digest, :agency, :basis, :case, :tables, :first, :until, :places,"
        " :services, :due)",
        asked,
    )
    assert made.lastrowid is not None
    return made.lastrowid


def _step(
    connection: sqlite3.Connection,
    number: int,
    state: str,
    *,
    now: datetime,
    by: str,
    answer: Delivered | None = None,
    covered: Coverage | None = None,
    reason: str | None = None,
) -> None:
    """The next step, whose number no other transaction can take meanwhile."""
    connection.execute(
        "INSERT INTO request_step"
        " (number, step, state, at, by, batch, received, reason, rows, beyond)"
        " SELECT ?, coalesce(max(step), -1) + 1, ?, ?, ?, ?, ?, ?, ?, ?"
        " FROM request_step WHERE number = ?",
        (
            number,
            state,
            micros(now),
            by,
            None if answer is None else answer.batch,
            None if answer is None else micros(answer.received_at),
            reason,
            None if covered is None else covered.rows,
            None if covered is None else covered.beyond,
            number,
        ),
    )


def _repeats(home: Home, request: Request, found: Delivered) -> bool:
    """Whether this batch answered it before. Refused where something else became of it."""
    if request.batch == found.batch and not found.withdrawn:
        return True
    if request.state == WITHDRAWN:
        raise DataError(f"{request.name} was withdrawn", f"{request.name} 已撤回")
    if request.batch is not None and not delivered(home, request.batch).withdrawn:
        short = request.batch[:12]
        raise DataError(
            f"{request.name} is answered already, by batch {short}; withdraw that batch first "
            "if it was wrong",
            f"{request.name} 已由批次 {short} 答复；如有误，请先撤回该批次",
        )
    return False


def _check_answer(request: Request, found: Delivered) -> None:
    if found.withdrawn:
        raise DataError(
            f"batch {found.batch[:12]} is withdrawn: it answers nothing",
            f"批次 {found.batch[:12]} 已撤回，不能作为答复",
        )
    if found.received_at < request.opened_at:
        raise DataError(
            f"batch {found.batch[:12]} was received before {request.name} was opened",
            f"批次 {found.batch[:12]} 在 {request.name} 提出之前就已收到",
        )
    if not found.tables & set(request.scope.tables):
        raise DataError(
            f"batch {found.batch[:12]} holds {', '.join(sorted(found.tables))}; "
            f"{request.name} asks for {', '.join(request.scope.tables)}",
            f"批次 {found.batch[:12]} 的内容为 {'、'.join(sorted(found.tables))}；"
            f"{request.name} 调取的是 {'、'.join(request.scope.tables)}",
        )


def _is_withdrawn(request: Request, reason: str) -> bool:
    """Whether it was withdrawn so before. Refused where something else became of it."""
    if request.state == WITHDRAWN:
        if request.reason == reason:
            return True
        raise DataError(f"{request.name} was withdrawn before", f"{request.name} 此前已撤回")
    if request.state != OPEN:
        raise NotAllowed(
            f"{request.name} is answered: what was received stays on record",
            f"{request.name} 已有答复：收到的数据须保留记录",
        )
    return False
