"""The answer to whoever handed a list down: signed off as it stands, then written to a file.

A signature is of one content: when something is answered after it, it must be signed anew.
The file names rows and the sender's own references, what became of each row, and no identity: the
sender has those.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from ringfence.audit import acting
from ringfence.errors import DataError, NotAllowed, Text
from ringfence.lake import Home
from ringfence.lake.catalog import micros, moment
from ringfence.lake.lineage import told_place
from ringfence.operations.database import reading, writing
from ringfence.operations.lists.model import ANSWERED, OUTCOMES, SIGNED, ReceivedList, refused_for
from ringfence.operations.lists.reading import last_acts, one, refuse_withdrawn, standing_list
from ringfence.operations.lists.sheets import sheet_of, write_private
from ringfence.operations.lists.steps import add_step
from ringfence.vault import open_vault

_PENDING = Text("not answered yet", "尚未答复")
_REFUSED = Text("not valid", "无效")
_COLUMNS = (
    Text("file", "文件"),
    Text("row", "行"),
    Text("reference", "来文编号"),
    Text("person", "人员序号"),
    Text("result", "结果"),
    Text("reason", "原因"),
    Text("answered", "答复时间"),
)


@dataclass(frozen=True)
class RowAnswer:
    """What is answered of one row; `result` None: refused for `reason`, or pending without one."""

    row: int
    person: int | None
    subject: str | None
    told_at: int | None
    result: str | None
    at: int | None
    field: str | None
    reason: Text | None
    emptied: str


def sign_off(home: Home, name: str, *, interim: bool = False, by: str, now: datetime) -> int:
    """Stand for the answer as it is now; how many persons are pending.

    DataError where some are, unless it is said to be interim.
    """
    found = standing_list(home, name)
    with (
        acting(home, "list.sign", by=by, at=now, about={"list": found.name}) as told,
        writing(home) as connection,
    ):
        refuse_withdrawn(one(connection, found.number))
        rows = list(_answers(connection, found))
        pending = len({r.person for r in rows if r.person is not None and r.result is None})
        if pending and not interim:
            raise DataError(
                f"{pending} persons of {found.name} are not answered yet; sign it as --interim, "
                "or record what the units found",
                f"{found.name} 中还有 {pending} 人未答复；请登记核查结果，"
                "或以 --interim 阶段性签发",
            )
        digest = _digest(rows)
        told["digest"] = digest
        add_step(connection, found.number, SIGNED, at=micros(now), by=by, digest=digest)
    return pending


def write_answer(
    home: Home, name: str, path: Path, *, language: str, by: str, now: datetime
) -> ReceivedList:
    """Write what was signed off. NotAllowed where it was not, or has changed since."""
    keep = partial(write_private, path)
    return give_answer(home, name, keep, language=language, by=by, now=now)


def give_answer(
    home: Home,
    name: str,
    keep: Callable[[bytes], None],
    *,
    language: str,
    by: str,
    now: datetime,
    referring: bool = True,
) -> ReceivedList:
    """The same, to whatever keeps it: CSV in UTF-8, formulas made harmless. It is answered once
    that is done. `referring`: with the sender's references, which may be any text.
    """
    found = standing_list(home, name)
    with reading(home) as connection:
        assert connection is not None
        rows = list(_answers(connection, found))
    digest = _digest(rows)
    if found.digest != digest:
        raise NotAllowed(
            f"the answer to {found.name} is not signed off as it stands: "
            f"`ringfence lists sign-off {found.name}` first",
            f"{found.name} 的答复尚未按当前内容签发：请先运行 "
            f"`ringfence lists sign-off {found.name}`",
        )
    about = {"list": found.name, "digest": digest}
    with acting(home, "list.answer", by=by, at=now, about=about) as told:
        references = _references(home, found, rows) if referring else {}
        content = _content(rows, references, found, home.zone, language)
        keep(content)
        told["sha256"] = hashlib.sha256(content).hexdigest()
        with writing(home) as connection:
            standing = one(connection, found.number)
            refuse_withdrawn(standing)
            add_step(connection, found.number, ANSWERED, at=micros(now), by=by, digest=digest)
            return one(connection, found.number)


def _answers(connection: sqlite3.Connection, found: ReceivedList) -> Iterator[RowAnswer]:
    last = last_acts(connection, found.number)
    for row in connection.execute(
        "SELECT * FROM list_row WHERE number = ? ORDER BY row", (found.number,)
    ):
        act = last.get(row["person"])
        # Without an outcome: sent on, anew perhaps, and what is answered is still to come.
        result, at = (None, None) if act is None or act.outcome is None else (act.outcome, act.at)
        reason = None
        if row["reason_en"] is not None:
            reason = Text(row["reason_en"], row["reason_zh"])
        yield RowAnswer(
            row["row"],
            row["person"],
            row["subject"],
            row["told_at"],
            result,
            at,
            row["field"],
            reason,
            row["emptied"],
        )


def _digest(rows: list[RowAnswer]) -> str:
    told = [[r.row, r.person, r.result, r.at, r.field, r.reason, r.emptied] for r in rows]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _references(home: Home, found: ReceivedList, rows: list[RowAnswer]) -> dict[int, str]:
    """The sender's reference of each row that gave one."""
    subjects = {r.subject for r in rows if r.subject is not None}
    if not subjects:
        return {}
    with open_vault(home) as vault:
        told = vault.statements(subjects, {found.batch})
    kept = {
        (subject, one.row): one.fields.get("reference", "")
        for subject, statements in told.items()
        for one in statements
    }
    return {
        r.row: kept.get((r.subject, r.told_at), "")
        for r in rows
        if r.subject is not None and r.told_at is not None
    }


def _content(
    rows: list[RowAnswer],
    references: dict[int, str],
    found: ReceivedList,
    zone: str,
    language: str,
) -> bytes:
    parts = dict(enumerate(found.parts))

    def cells(row: RowAnswer) -> tuple[str | int, ...]:
        return (
            *told_place(found.file, parts, row.row),
            references.get(row.row, ""),
            row.person if row.person is not None else "",
            _result(row).to(language),
            _reason(row, language),
            "" if row.at is None else moment(row.at).astimezone(ZoneInfo(zone)).isoformat(),
        )

    return sheet_of([column.to(language) for column in _COLUMNS], map(cells, rows))


def _result(row: RowAnswer) -> Text:
    if row.result is not None:
        return OUTCOMES[row.result]
    return _PENDING if row.reason is None else _REFUSED


def _reason(row: RowAnswer, language: str) -> str:
    if row.reason is None:
        return _left_out(row.emptied).to(language) if row.emptied else ""
    return refused_for(row.field, row.reason).to(language)


def _left_out(columns: str) -> Text:
    return Text(f"wrong, and left out: {columns}", f"有误，未采用：{columns}")
