"""The audit: what was done with persons' data, by whom and what for, in a chain of signed rows."""

from ringfence.audit.entries import Entry, entries, last_number
from ringfence.audit.remembering import Remembered, lines_of, register_of, remembered, standing
from ringfence.audit.searching import Wanted, newest
from ringfence.audit.signing import key_named
from ringfence.audit.verifying import AuditFault, AuditReport, verify
from ringfence.audit.writing import Act, acting, append, append_many, done, intended, refuse_persons

__all__ = [
    "Act",
    "AuditFault",
    "AuditReport",
    "Entry",
    "Remembered",
    "Wanted",
    "acting",
    "append",
    "append_many",
    "done",
    "entries",
    "intended",
    "key_named",
    "last_number",
    "lines_of",
    "newest",
    "refuse_persons",
    "register_of",
    "remembered",
    "standing",
    "verify",
]
