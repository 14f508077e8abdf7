"""Entering many cases by a canonical file: each row is entered, is there already, or is refused."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from ringfence.errors import DataError, NotAllowed, Text
from ringfence.lake import Home
from ringfence.lake.receipt import Reject
from ringfence.sources import read_text
from ringfence_server.access import Acting
from ringfence_server.cases.changing import changed
from ringfence_server.cases.diseases import diseases
from ringfence_server.cases.models import Case
from ringfence_server.cases.once import begin_once, end_once
from ringfence_server.cases.records import case_row, owe_records
from ringfence_server.cases.words import OPEN
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox import auditing

RIGHT = "case.enter"
MOST_BYTES = 2 << 20
MOST_ROWS = 5_000


@dataclass(frozen=True)
class Refused:
    """`row`: the line of the file; its header is the first."""

    row: int
    field: str
    reason: Text


@dataclass(frozen=True)
class Filed:
    """rows_in = entered + existing + refused, always."""

    rows_in: int
    entered: int
    existing: int
    refused: tuple[Refused, ...] = ()

    def as_json(self) -> dict[str, Any]:
        told = [[one.row, one.field, *one.reason] for one in self.refused]
        return {**vars(self), "refused": told}


def filed_from(told: Mapping[str, Any]) -> Filed:
    refused = tuple(Refused(row, name, Text(en, zh)) for row, name, en, zh in told["refused"])
    return Filed(told["rows_in"], told["entered"], told["existing"], refused)


def enter_file(
    *, home: Home, content: bytes, unit: Unit, token: str, by: Acting, at: datetime
) -> Filed:
    """A canonical `case` file as CSV. `unit`: of rows that name no jurisdiction. DataError: it is
    none, or too long.
    """
    if not by.may(RIGHT, unit):
        raise NotAllowed("you may not enter cases of this unit", "您没有录入该辖区病例的权限")
    rows, rejects = _read(home, content, at)
    digest = {"file": hashlib.sha256(content).hexdigest(), "unit": unit.code}
    with transaction.atomic():
        once = begin_once(token, digest, by=by, at=at)
        if once.answer is not None:
            return filed_from(once.answer)
        refused = [Refused(one.row, one.field, one.reason) for one in rejects]
        filing = _Filing(home, unit, by, at)
        made, existing = [], 0
        for row in rows:
            if (reason := filing.wrong(row)) is not None:
                refused.append(Refused(row["source_row"], *reason))
                continue
            case = filing.enter(row)
            if case is None:
                existing += 1
            else:
                made.append(case)
        key = f"file/{once.pk}"
        owe_records(home, key, "case", [case_row(case) for case in made], by=by, at=at)
        filed = Filed(
            len(rows) + len(rejects), len(made), existing, tuple(sorted(refused, key=_by_row))
        )
        counts = {"entered": str(filed.entered), "existing": str(existing)}
        about = {**counts, "refused": str(len(refused)), "unit": unit.code}
        auditing.told("case.file", by=by.user.username, at=at, about=about)
        end_once(once, filed.as_json())
    return filed


def _by_row(one: Refused) -> int:
    return one.row


def _read(
    home: Home, content: bytes, at: datetime
) -> tuple[list[dict[str, Any]], tuple[Reject, ...]]:
    if len(content) > MOST_BYTES:
        raise DataError(
            f"the file is longer than {MOST_BYTES >> 20} MB", f"文件超过 {MOST_BYTES >> 20} MB"
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError("the file is no CSV in UTF-8", "文件不是 UTF-8 编码的 CSV") from None
    table, rejects = read_text("case", text, home.zone, at)
    if table.num_rows > MOST_ROWS:
        raise DataError(f"the file has more than {MOST_ROWS} rows", f"文件超过 {MOST_ROWS} 行")
    return table.to_pylist(), rejects


class _Filing:
    """What is the same for all rows of one file."""

    def __init__(self, home: Home, unit: Unit, by: Acting, at: datetime) -> None:
        self._diseases = diseases(home)
        self._unit, self._by, self._at = unit, by, at
        self._units: dict[str, Unit | None] = {}

    def wrong(self, row: Mapping[str, Any]) -> tuple[str, Text] | None:
        if row["disease"] not in self._diseases:
            return "disease", Text("there is no protocol for it", "没有该病种的防控方案")
        unit = self._unit_of(row)
        if unit is None or not self._by.may(RIGHT, unit):
            return "jurisdiction", Text("no unit of yours has this code", "您的辖区中没有此代码")
        if row["classification"] == "discarded":
            return "classification", Text("a discarded case is not entered", "已排除病例不予录入")
        return None

    def enter(self, row: Mapping[str, Any]) -> Case | None:
        """None: there is such a case."""
        if _exists(row):
            return None
        unit = self._unit_of(row)
        assert unit is not None
        try:
            with transaction.atomic():
                case = Case.objects.create(
                    number=row["case"],
                    disease=row["disease"],
                    subject=row["subject"],
                    unit=unit,
                    owner=self._by.user.unit,
                    classification=row["classification"],
                    symptomatic=row["symptomatic"],
                    state="entered",
                    listed_at=self._at,
                    by=self._by.user,
                    at=self._at,
                )
        except IntegrityError:
            return None
        after = {"classification": case.classification, "state": case.state}
        changed(case, "entered", by=self._by, at=self._at, before={}, after=after)
        return case

    def _unit_of(self, row: Mapping[str, Any]) -> Unit | None:
        code = row["jurisdiction"]
        if code is None:
            return self._unit
        if code not in self._units:
            self._units[code] = Unit.objects.filter(code=code).first()
        return self._units[code]


def _exists(row: Mapping[str, Any]) -> bool:
    same = Case.objects.filter(disease=row["disease"], subject=row["subject"], state__in=OPEN)
    return Case.objects.filter(number=row["case"]).exists() or same.exists()
