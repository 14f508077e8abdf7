"""What whoever stands at a door is to tell the person: as what, which measures, until when.

Nothing of the case: neither who it is nor its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ringfence.errors import Text
from ringfence.lake import Home
from ringfence_server.deployment.here import home
from ringfence_server.follow_ups.measuring import measured
from ringfence_server.shell.fragments import Fragment
from ringfence_server.tasks.classes import TEXTS, gravest
from ringfence_server.tasks.kinds import ASKED, NAMED
from ringfence_server.tasks.models import FollowUp, Link, Task

_LISTED = {
    "close": Text("close contact", "密接"),
    "second": Text("contact of a contact", "次密接"),
    "general": Text("general contact", "一般接触者"),
}


@dataclass(frozen=True)
class ToTell:
    """`listed`: the person is a contact; else that is open. `provisional`: by no other list, so
    that nothing binds. `elsewhere`: another city alone knows the measures. `release_date` None: no
    list gives one.
    """

    text: Text
    listed: bool
    provisional: bool
    elsewhere: bool
    draft: bool
    steps: tuple[Text, ...] = ()
    tests: tuple[date, ...] = ()
    release_date: date | None = None


def told_of(home: Home, person: FollowUp) -> ToTell | None:
    """None: nothing rests on a case any more."""
    links = list(person.links.filter(until__isnull=True).select_related("run"))
    if not links:
        return None
    listed = [one for one in links if one.outcome not in (NAMED, ASKED)]
    binding = [one for one in listed if not one.provisional]
    outcome = gravest(one.outcome for one in binding or listed or links)
    found = measured(home, [person]).get(person.pk) if binding else None
    return ToTell(
        text=_LISTED.get(outcome, TEXTS[outcome]),
        listed=bool(listed),
        provisional=bool(listed) and not binding,
        elsewhere=found is None and any(one.run is None for one in binding),
        draft=found.draft if found is not None else _by_a_draft(listed),
        steps=found.steps if found is not None else (),
        tests=found.samples if found is not None else (),
        release_date=found.release_date if found is not None else None,
    )


def _by_a_draft(links: list[Link]) -> bool:
    return any(one.run is not None and one.run.draft for one in links)


def to_tell(task: Task) -> Fragment:
    return Fragment("follow_ups/to_tell.html", {"told": told_of(home(), task.follow_up)})
