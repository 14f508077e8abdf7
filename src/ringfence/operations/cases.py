"""Is there such a case? Asked before anything is done under it."""

from __future__ import annotations

from datetime import datetime

from ringfence.engines.persons import Persons
from ringfence.engines.sql import SqlEngine
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.trace.case_files import read_cases


def check_case(home: Home, case: str, now: datetime) -> Persons | None:
    """Who is one person, for a question under this case.

    NotFound: no such case. NotAllowed: discarded or withdrawn. DataError: sources name different
    persons.
    """
    known = snapshot(home, now)
    read_cases(SqlEngine(known), [case])
    return known.persons
