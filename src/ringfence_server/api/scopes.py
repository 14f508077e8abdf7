"""The rights that a token may carry."""

from __future__ import annotations

from ringfence.errors import Text
from ringfence_server.accounts.rights import RIGHTS

NEVER = frozenset({"identity.reveal", "export.contacts"})
"""Who somebody is, and lists that leave the server, are for people who signed in: a token that is
lost shows neither.
"""
SCOPES: dict[str, Text] = {
    right: RIGHTS[right]
    for right in (
        "case.read",
        "case.enter",
        "case.write",
        "case.assign",
        "case.withdraw",
        "trace.run",
        "trace.approve",
        "review.answer",
        "task.work",
        "task.dispatch",
        "lake.import",
        "request.make",
        "list.check",
        "list.answer",
        "identity.settle",
    )
}
"""Those that operations need, and no other."""
