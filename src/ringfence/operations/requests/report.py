"""How long agencies take to answer."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from ringfence.operations.requests.model import ANSWERED, LATE, OPEN, WITHDRAWN, Request


@dataclass(frozen=True)
class AgencyTimes:
    """Minutes from question to answer, of what was answered; None where nothing was.

    What is still open is counted beside it with its longest wait: an agency that never answers has
    no median.
    """

    agency: str
    requests: int
    answered: int
    late: int
    withdrawn: int
    open: int
    overdue: int
    median_minutes: float | None
    p90_minutes: float | None
    longest_open_minutes: float | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def answer_times(requests: Iterable[Request], now: datetime) -> tuple[AgencyTimes, ...]:
    """By agency, in alphabetical order."""
    of_agency: defaultdict[str, list[Request]] = defaultdict(list)
    for request in requests:
        of_agency[request.agency].append(request)
    return tuple(_times(agency, of_agency[agency], now) for agency in sorted(of_agency))


def _times(agency: str, requests: Sequence[Request], now: datetime) -> AgencyTimes:
    states = [request.state for request in requests]
    waits = sorted(r.minutes_waited(now) for r in requests if r.received_at is not None)
    waiting = [r.minutes_waited(now) for r in requests if r.state == OPEN]
    return AgencyTimes(
        agency=agency,
        requests=len(requests),
        answered=states.count(ANSWERED) + states.count(LATE),
        late=states.count(LATE),
        withdrawn=states.count(WITHDRAWN),
        open=len(waiting),
        overdue=sum(request.overdue(now) for request in requests),
        median_minutes=round(statistics.median(waits), 1) if waits else None,
        p90_minutes=round(nearest_rank(waits, 0.9), 1) if waits else None,
        longest_open_minutes=round(max(waiting), 1) if waiting else None,
    )


def nearest_rank(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all do not exceed: a wait that happened."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
