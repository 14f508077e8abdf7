"""Who may do what: every view names its need, and what names none is refused."""

from ringfence_server.access.acting import Acting, Grant, acting_in, acting_of
from ringfence_server.access.needs import (
    Need,
    for_tokens,
    need_of,
    needs,
    open_to_all,
    signed_in,
)

__all__ = [
    "Acting",
    "Grant",
    "Need",
    "acting_in",
    "acting_of",
    "for_tokens",
    "need_of",
    "needs",
    "open_to_all",
    "signed_in",
]
