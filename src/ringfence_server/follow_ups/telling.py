"""What whoever stands at a door is to tell the person: as what, which measures, until when.

Nothing of the case: neither who it is nor its number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ringfence.errors import Text
from ringfence.lake import Home
from ringfence_server.deployment.here import home, now
from ringfence_server.follow_ups.measuring import measured
from ringfence_server.shell.fragments import Fragment
from ringfence_server.tasks.classes import class_of, gravest
from ringfence_server.tasks.kinds import ASKED, NAMED
from ringfence_server.tasks.models import FollowUp, Task

_LISTED = {
    "close": Text("close contact", "密接"),
    "second": Text("contact of a contact", "次密接"),
    "general": Text("general contact", "一般接触者"),
}


@dataclass(frozen=True)
class ToTell:
    """`listed`: the person is a contact by a list of this city; else that is open, unless another
    city handed the person over (`elsewhere`): what it measured, it alone knows. `provisional`: by
    no other list, so that nothing binds. `tests`: those to come. `over`: the release date has
    passed. `release_date` None: no list gives one.
    """

    text: Text
    listed: bool
    provisional: bool
    elsewhere: bool
    draft: bool
    steps: tuple[Text, ...] = ()
    tests: tuple[date, ...] = ()
    release_date: date | None = None
    over: bool = False


def told_of(home: Home, person: FollowUp, at: datetime) -> ToTell | None:
    """None: nothing rests on a case any more."""
    links = list(person.links.filter(until__isnull=True).select_related("run"))
    if not links:
        return None
    listed = [one for one in links if one.outcome not in (NAMED, ASKED)]
    binding = [one for one in listed if not one.provisional]
    speaks = binding or listed or links
    told = ToTell(
        text=_LISTED.get(gravest(one.outcome for one in speaks), class_of(speaks)),
        listed=bool(listed),
        provisional=bool(listed) and not binding,
        elsewhere=any(one.received for one in links),
        draft=any(one.run is not None and one.run.draft for one in listed),
    )
    found = measured(home, [person]).get(person.pk) if binding else None
    if found is None:
        return told
    today = at.astimezone(ZoneInfo(home.zone)).date()
    return replace(
        told,
        draft=found.draft,
        steps=found.steps,
        tests=tuple(day for day in found.samples if day >= today),
        release_date=found.release_date,
        over=found.release_date <= today,
    )


def to_tell(task: Task) -> Fragment:
    return Fragment("follow_ups/to_tell.html", {"told": told_of(home(), task.follow_up, now())})
