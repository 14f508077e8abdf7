"""Who acts: a member of staff in the console, or the machine's operator on its command line."""

from __future__ import annotations

from dataclasses import dataclass

from ringfence_server.access.acting import Acting
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import covers


@dataclass(frozen=True)
class Operator:
    """Whoever holds the server's machine makes the first accounts: at every unit, and told apart in
    the audit from any account by the colon, which no user name has.
    """

    name: str


By = Acting | Operator


def name_of(by: By) -> str:
    """As the audit writes it."""
    return by.user.username if isinstance(by, Acting) else f"machine:{by.name}"


def reach_of(by: By, right: str) -> list[Unit] | None:
    """The units at which the right is held, with all below them; None: the whole tree."""
    if isinstance(by, Operator):
        return None
    return [grant.unit for grant in by.grants if right in grant.role.rights]


def reaches(reach: list[Unit] | None, unit: Unit) -> bool:
    return reach is None or any(covers(above, unit) for above in reach)
