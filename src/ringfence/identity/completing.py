"""Reading the completed record of one person: for a case and a purpose, and audited first."""

from __future__ import annotations

from datetime import datetime

from ringfence import audit, lake
from ringfence.engines.persons import subjects_of
from ringfence.errors import NotFound, UsageError
from ringfence.identity import store
from ringfence.identity.completion import Completed, complete
from ringfence.identity.known import persons_now
from ringfence.lake import Home
from ringfence.vault import open_vault


def completed(
    home: Home, subject: str, *, case: str, purpose: str, by: str, now: datetime
) -> tuple[Completed, ...]:
    """All that is said of a subject, completed from the other subjects of the person.

    NotFound: nothing is said of any of them. UsageError: no purpose.
    """
    if not purpose.strip():
        raise UsageError("--purpose says in words what for", "--purpose 须说明用途")
    about = {"subject": subject, "case": case, "purpose": purpose.strip()}
    with (
        open_vault(home) as vault,
        audit.acting(home, "identity.complete", by=by, at=now, about=about) as told,
    ):
        with store.reading(home) as connection:
            persons = None if connection is None else persons_now(connection, home)
        statements = vault.statements(subjects_of(persons, subject), lake.live_batches(home))
        found = complete(subject, statements)
        told["fields"] = str(len(found))
    if not found:
        raise NotFound(f"the vault says nothing of {subject}", f"保险库中没有 {subject} 的身份信息")
    return found
