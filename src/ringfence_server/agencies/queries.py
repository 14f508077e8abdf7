"""Requests and lists of cases within reach; those of others are as if they did not exist."""

from __future__ import annotations

from ringfence.errors import NotFound
from ringfence.lake import Home
from ringfence.operations.lists import ReceivedList, all_lists, the_list
from ringfence.operations.lists.reading import unknown as no_list
from ringfence.operations.requests import Request, all_requests, the_request
from ringfence.operations.requests.reading import unknown as no_request
from ringfence_server.access import Acting
from ringfence_server.cases.queries import SEE, case_of, visible


def requests_of(home: Home, by: Acting) -> list[Request]:
    """Oldest first."""
    found = all_requests(home)
    cases = {request.case for request in found}
    seen = set(visible(by).filter(number__in=cases).values_list("number", flat=True))
    return [request for request in found if request.case in seen]


def request_of(home: Home, by: Acting, name: str, right: str = SEE) -> Request:
    """UsageError: not the name of a request. NotFound: none within reach. NotAllowed: it is seen,
    but without this right.
    """
    found = the_request(home, name)
    try:
        case_of(by, found.case, right)
    except NotFound:
        raise no_request(found.number) from None
    return found


def lists_of(home: Home, by: Acting, right: str) -> list[ReceivedList]:
    """Oldest first."""
    found = all_lists(home)
    cases = {one.case for one in found if one.case is not None}
    seen = set(visible(by, right).filter(number__in=cases).values_list("number", flat=True))
    return [one for one in found if one.case in seen]


def list_of(home: Home, by: Acting, name: str, right: str) -> ReceivedList:
    """UsageError: not the name of a list. NotFound: none within reach; one of no case is within
    nobody's.
    """
    found = the_list(home, name)
    try:
        case_of(by, found.case or "", right)
    except NotFound:
        raise no_list(found.number) from None
    return found
