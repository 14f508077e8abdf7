"""Asking an agency for records: opened, answered, withdrawn, each under a case within reach.

The home's store takes one act at a time and knows what was done before, so that an act that comes
twice has one effect; its rows of the audit are in the home's log at once, under the account's name.
"""

from __future__ import annotations

from datetime import datetime

from ringfence.errors import DataError, NotFound
from ringfence.lake import Home
from ringfence.operations import requests
from ringfence.operations.requests import Done, Scope
from ringfence_server.access import Acting
from ringfence_server.agencies.queries import request_of
from ringfence_server.cases.actions import take_from_lake
from ringfence_server.cases.queries import case_of

ASK = "request.make"


class OnItsWay(DataError):
    """The case was entered here a moment ago, and the lake has not got it yet."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "the case is still on its way into the lake: ask again in a minute",
            "该病例尚在写入数据湖：请一分钟后重试",
        )


def open_request(
    *,
    home: Home,
    case: str,
    agency: str,
    basis: str,
    scope: Scope,
    due: datetime,
    by: Acting,
    at: datetime,
) -> Done:
    """The same question while it is open is the same request, whoever asked it.

    NotFound: no such case within reach. NotAllowed: it is seen without this right, or is discarded
    or withdrawn. OnItsWay. UserError: what cannot be asked.
    """
    check_reach(home, case, ASK, by=by, at=at)
    try:
        return requests.open_request(
            home,
            agency=agency,
            basis=basis,
            case=case,
            scope=scope,
            due=due,
            by=by.user.username,
            now=at,
        )
    except NotFound:
        raise OnItsWay from None


def answer_request(*, home: Home, name: str, batch: str, by: Acting, at: datetime) -> Done:
    """NotFound: no such request within reach, or no such batch."""
    request_of(home, by, name, ASK)
    return requests.answer_request(home, name, batch, by=by.user.username, now=at)


def withdraw_request(*, home: Home, name: str, reason: str, by: Acting, at: datetime) -> Done:
    """NotFound: no such request within reach."""
    request_of(home, by, name, ASK)
    return requests.withdraw_request(home, name, reason, by=by.user.username, now=at)


def check_reach(home: Home, case: str, right: str, *, by: Acting, at: datetime) -> None:
    """What a file has just brought is a case here once the lake was looked at. NotFound: no such
    case within reach. NotAllowed: it is seen, but without this right.
    """
    try:
        case_of(by, case, right)
    except NotFound:
        take_from_lake(home, by=None, at=at)
        case_of(by, case, right)
