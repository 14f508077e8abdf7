"""The audit: what was done with persons' data, by whom and what for, in a chain of signed rows."""

from ringfence.audit.entries import Entry, entries
from ringfence.audit.signing import key_named
from ringfence.audit.verifying import AuditFault, AuditReport, verify
from ringfence.audit.writing import acting, append, append_many, done, intended

__all__ = [
    "AuditFault",
    "AuditReport",
    "Entry",
    "acting",
    "append",
    "append_many",
    "done",
    "entries",
    "intended",
    "key_named",
    "verify",
]
