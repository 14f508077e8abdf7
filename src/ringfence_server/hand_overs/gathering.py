"""What another city needs to find and follow somebody, and no more: who, in which district, exposed
when and by which rule, until when. Never who the case is, nor where it was.
"""

from __future__ import annotations

import hmac
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence.lake import Home
from ringfence.operations.hand_over import Exposure, Person
from ringfence.operations.hand_over.content import IDENTITY
from ringfence.sources.normalise.division_store import known_divisions
from ringfence.sources.normalise.divisions import Divisions
from ringfence.sources.normalise.locating import locate
from ringfence.vault import has_vault, open_vault
from ringfence_server.cases.models import Case
from ringfence_server.tasks.handing import may_be_given
from ringfence_server.tasks.kinds import NAMED
from ringfence_server.tasks.models import Exposure as Asked
from ringfence_server.tasks.models import FollowUp, Link, Task
from ringfence_server.tracing.models import Contact

_SPANS = ("country", "province", "city", "district")
_MOST = 500


@dataclass(frozen=True)
class Candidate:
    """Somebody of the case's list of whom something is open. `kinds`: of the open tasks."""

    follow_up: FollowUp
    outcome: str
    kinds: tuple[str, ...]


def candidates(case: Case) -> list[Candidate]:
    """In the order of their numbers; without those who are being handed over."""
    rests = Link.objects.filter(case=case, until__isnull=True).select_related(
        "follow_up__unit__parent"
    )
    links = {one.follow_up_id: one for one in rests.order_by("follow_up__person")}
    under_way = set(
        Task.objects.filter(follow_up__in=links, state="handed_over").values_list(
            "follow_up", flat=True
        )
    )
    kinds: defaultdict[int, list[str]] = defaultdict(list)
    tasks = may_be_given(list(links)).order_by("pk")
    for follow_up, kind in tasks.values_list("follow_up", "kind"):
        kinds[follow_up].append(kind)
    found = [
        Candidate(link.follow_up, link.outcome, tuple(kinds[key]))
        for key, link in links.items()
        if kinds[key] and key not in under_way
    ]
    return found[:_MOST]


def people(home: Home, follow_ups: Sequence[FollowUp], at: datetime) -> tuple[Person, ...]:
    """In the order of their numbers. Whoever calls this has told the audit."""
    told = _identities(home, follow_ups)
    exposed = _exposures(follow_ups)
    divisions = known_divisions(home, at)
    return tuple(
        Person(
            one.person,
            {name: told[one.pk][name] for name in IDENTITY if told[one.pk].get(name)},
            _district(told[one.pk].get("address"), divisions),
            exposed[one.pk],
        )
        for one in sorted(follow_ups, key=lambda one: one.person)
    )


def digest_of_people(secret: str, to: str, told: Sequence[Person]) -> str:
    """Changes when anything does that would go. Keyed: nobody can try numbers out on it."""
    text = json.dumps([to, [repr(one) + repr(sorted(one.identity.items())) for one in told]])
    return hmac.digest(secret.encode(), b"hand-over\0" + text.encode(), "sha256").hex()[:32]


def _identities(home: Home, follow_ups: Sequence[FollowUp]) -> Mapping[int, Mapping[str, str]]:
    """By follow-up, the last word of each field."""
    if not has_vault(home):
        return {one.pk: {} for one in follow_ups}
    with open_vault(home) as vault:
        said = vault.statements({each for one in follow_ups for each in one.subjects})
    return {
        one.pk: {
            name: value
            for subject in one.subjects
            for statement in said.get(subject, ())
            for name, value in statement.fields.items()
            if value
        }
        for one in follow_ups
    }


def _exposures(follow_ups: Sequence[FollowUp]) -> Mapping[int, tuple[Exposure, ...]]:
    """Of each case that a follow-up rests on, as its approved list says; of whoever was only named,
    the times that are asked about.
    """
    by_key = {one.pk: one for one in follow_ups}
    links = Link.objects.filter(follow_up__in=by_key, until__isnull=True).select_related("run")
    found: defaultdict[int, list[Exposure]] = defaultdict(list)
    for link in links.order_by("pk"):
        contact = Contact.objects.filter(run=link.run_id, person=link.listed_as).first()
        if contact is not None and link.run is not None:
            found[link.follow_up_id].append(
                Exposure(
                    contact.outcome,
                    contact.order,
                    link.run.protocol,
                    tuple(contact.rules),
                    contact.first_exposure,
                    contact.last_exposure,
                    contact.release_date,
                )
            )
        else:
            found[link.follow_up_id].append(_asked_about(link))
    return {key: tuple(found[key]) for key in by_key}


def _asked_about(link: Link) -> Exposure:
    asked = Asked.objects.filter(follow_up=link.follow_up_id, case=link.case_id)
    times = [moment for one in asked for moment in (one.start, one.end)] or [link.since]
    return Exposure(NAMED, 1, "", (), min(times), max(times), None)


def _district(address: str | None, divisions: Divisions | None) -> tuple[str, str] | None:
    """Not below a district: the street and the door stay here."""
    if address is None or divisions is None:
        return None
    code = locate(address, divisions).code
    while code is not None:
        unit = divisions.units[code]
        if unit.level in _SPANS:
            return None if unit.level == "country" else (unit.code, unit.name)
        code = unit.parent
    return None
