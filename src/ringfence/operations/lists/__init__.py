"""Lists of persons to check that somebody hands down: taken in, located, sent on, answered."""

from ringfence.operations.lists.acts import Done, record, send, withdraw
from ringfence.operations.lists.answering import sign_off, write_answer
from ringfence.operations.lists.checking import check_list
from ringfence.operations.lists.form import ListForm, read_list_form
from ringfence.operations.lists.funnel import STAGES, Funnel, funnel
from ringfence.operations.lists.looking import Person, persons_at, write_sheet
from ringfence.operations.lists.model import OUTCOMES, ReceivedList
from ringfence.operations.lists.outcomes import read_outcomes
from ringfence.operations.lists.reading import all_lists, live_lists, refused_rows, the_list
from ringfence.operations.lists.receiving import Received, receive

__all__ = [
    "OUTCOMES",
    "STAGES",
    "Done",
    "Funnel",
    "ListForm",
    "Person",
    "Received",
    "ReceivedList",
    "all_lists",
    "check_list",
    "funnel",
    "live_lists",
    "persons_at",
    "read_list_form",
    "read_outcomes",
    "receive",
    "record",
    "refused_rows",
    "send",
    "sign_off",
    "the_list",
    "withdraw",
    "write_answer",
    "write_sheet",
]
