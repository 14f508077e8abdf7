"""What may be done with cases: each act is one transaction with its row of the audit."""

from ringfence_server.cases.assigning import assign, end_assignment, join, leave, make_cluster
from ringfence_server.cases.changing import Done, followed_by
from ringfence_server.cases.entering import Entry, enter
from ringfence_server.cases.filing import Filed, enter_file
from ringfence_server.cases.investigating import Contact, Form, Named, Stay, save_form
from ringfence_server.cases.laboratory import record_result
from ringfence_server.cases.moments import When
from ringfence_server.cases.reclassifying import mend_times, reclassify, withdraw
from ringfence_server.cases.signing import lapse, sign
from ringfence_server.cases.taking import Taken, take_from_lake
from ringfence_server.cases.twins import settle_twins

__all__ = [
    "Contact",
    "Done",
    "Entry",
    "Filed",
    "Form",
    "Named",
    "Stay",
    "Taken",
    "When",
    "assign",
    "end_assignment",
    "enter",
    "enter_file",
    "followed_by",
    "join",
    "lapse",
    "leave",
    "make_cluster",
    "mend_times",
    "reclassify",
    "record_result",
    "save_form",
    "settle_twins",
    "sign",
    "take_from_lake",
    "withdraw",
]
