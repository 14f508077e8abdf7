"""Who acts in a request, with what they may do at this moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.http import HttpRequest

from ringfence_server.accounts.models import Appointment, User
from ringfence_server.accounts.roles import Role, roles
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import covers

OPEN = "glass.open"


@dataclass(frozen=True)
class Grant:
    """A role at a unit."""

    role: Role
    unit: Unit


@dataclass(frozen=True)
class Opened:
    """One case, by its row and number, that may be read until a moment without being one's own."""

    key: int
    case: int
    number: str
    until: datetime


@dataclass(frozen=True)
class Acting:
    """An account and its roles, read anew for every request: a right taken away is gone at once.

    `opened`: cases outside its reach that it opened in an emergency; to be read, nothing else.
    """

    user: User
    grants: tuple[Grant, ...]
    opened: tuple[Opened, ...] = ()

    @property
    def rights(self) -> frozenset[str]:
        return frozenset().union(*(grant.role.rights for grant in self.grants))

    def may(self, right: str, unit: Unit | None = None) -> bool:
        """At that unit; or, without one, anywhere."""
        return any(
            right in grant.role.rights and (unit is None or covers(grant.unit, unit))
            for grant in self.grants
        )

    def units(self, right: str, reach: str) -> list[Unit]:
        """Where the right is held with this reach."""
        return [
            grant.unit
            for grant in self.grants
            if right in grant.role.rights and grant.role.reach == reach
        ]

    @property
    def needs_second_factor(self) -> bool:
        return any(grant.role.needs_second_factor for grant in self.grants)


Opens = Callable[[User, datetime], Sequence[Opened]]
_OPENS: list[Opens] = []


def opened_by(opens: Opens) -> Opens:
    """From now on this part says what an account has opened at a moment."""
    _OPENS.append(opens)
    return opens


def acting_in(request: HttpRequest) -> Acting:
    """Whom the middleware found."""
    acting: Acting = request.acting  # type: ignore[attr-defined]
    return acting


def acting_of(user: User, now: datetime) -> Acting:
    held = Appointment.objects.filter(
        Q(until__isnull=True) | Q(until__gt=now), user=user, since__lte=now
    ).select_related("unit")
    known = roles()
    grants = [Grant(known[one.role], one.unit) for one in held if one.role in known]
    if not any(OPEN in grant.role.rights for grant in grants):
        return Acting(user, tuple(grants))
    opened = tuple(one for opens in _OPENS for one in opens(user, now))
    return Acting(user, tuple(grants), opened)
