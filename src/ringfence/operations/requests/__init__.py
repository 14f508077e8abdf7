"""Data asked for from agencies: on what basis, for which case, until when, and how long it took."""

from ringfence.operations.requests.acts import Done, answer_request, open_request, withdraw_request
from ringfence.operations.requests.model import Request, Scope
from ringfence.operations.requests.reading import all_requests, the_request
from ringfence.operations.requests.report import AgencyTimes, answer_times

__all__ = [
    "AgencyTimes",
    "Done",
    "Request",
    "Scope",
    "all_requests",
    "answer_request",
    "answer_times",
    "open_request",
    "the_request",
    "withdraw_request",
]
