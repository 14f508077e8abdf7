"""Cases as Go.Data exports them: one JSON array, days as midnight UTC, its own words for values.

Names of fields and values: github.com/WorldHealthOrganization/GoDataSource-API,
common/models/case.js and components/exportHelper.js.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ringfence_city.clock import moment
from ringfence_city.observe.raw.sheet import Clerk, Sheet
from ringfence_city.parameters import Parameters

_WORDS = "LNG_REFERENCE_DATA_CATEGORY_"


@dataclass(frozen=True)
class Told:
    """What is known of a case when it is exported. Minutes of the city; None: not known."""

    number: int
    person: int
    reported: int
    onset: int | None
    isolated: int | None
    released: int | None


def write(clerk: Clerk, cases: Sequence[Told]) -> Sheet | None:
    if not cases:
        return None
    persons = np.array([case.person for case in cases], dtype=np.int64)
    told = clerk.copied(persons)
    papers = [column.to_pylist() for column in (told.name, told.id_number, told.phone)]
    sexes = clerk.city.people.sex[persons].tolist()
    rows = [
        _row(clerk.asked, case, copied, sex)
        for case, copied, sex in zip(cases, zip(*papers, strict=True), sexes, strict=True)
    ]
    listed = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    content = f"[\n{listed}\n]\n".encode()
    return Sheet("godata", "json", ("case", "case_event", "subject"), content, len(rows))


def _row(
    asked: Parameters, case: Told, copied: tuple[str, str, str | None], sex: int
) -> dict[str, Any]:
    name, number, phone = copied
    return {
        "id": f"00000000-0000-4000-8000-{case.person:012d}",
        "visualId": f"C{case.number + 1:06d}",
        "dateOfReporting": _day(asked, case.reported),
        "isDateOfReportingApproximate": False,
        "deleted": False,
        "type": f"{_WORDS}PERSON_TYPE_CASE",
        "lastName": name,
        "firstName": None,
        "gender": f"{_WORDS}GENDER_{'MALE' if sex else 'FEMALE'}",
        "dob": None,
        "documents": [{"type": f"{_WORDS}DOCUMENT_TYPE_NATIONAL_ID_CARD", "number": number}],
        "addresses": [{"typeId": None, "addressLine1": None, "phoneNumber": phone}],
        "classification": f"{_WORDS}CASE_CLASSIFICATION_CONFIRMED",
        "dateOfOnset": _day(asked, case.onset),
        "isDateOfOnsetApproximate": False,
        "dateRanges": _isolation(asked, case),
        "outcomeId": None if case.released is None else f"{_WORDS}OUTCOME_RECOVERED",
        "dateOfOutcome": _day(asked, case.released),
        "wasContact": False,
    }


def _isolation(asked: Parameters, case: Told) -> list[dict[str, Any]]:
    if case.isolated is None:
        return []
    kind = f"{_WORDS}PERSON_DATE_TYPE_ISOLATION"
    return [{"typeId": kind, "startDate": _day(asked, case.isolated), "endDate": None}]


def _day(asked: Parameters, minute: int | None) -> str | None:
    return None if minute is None else f"{moment(asked, minute):%Y-%m-%d}T00:00:00.000Z"
