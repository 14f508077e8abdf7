"""Who bears a number that others bear too, and is not one person with them yet.

Nobody is linked here: that is an act, of somebody. Only the numbers of those asked about are looked
up, so that it costs the same in a vault of any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence import audit, lake
from ringfence.errors import Text, UserError
from ringfence.identity import store
from ringfence.identity.bearing import NUMBERS, Shared, shared_in
from ringfence.identity.planning import Plan
from ringfence.lake import Home
from ringfence.vault import Told, has_vault, open_vault


@dataclass(frozen=True)
class Waiting:
    """Subjects that bear a number of a person and are not one with it: `joined` by a link that
    somebody makes now, `disputed` until somebody looks, for something speaks against it.
    """

    joined: tuple[str, ...]
    disputed: tuple[str, ...] = ()


def waiting_in_batch(home: Home, batch: str, *along: str) -> int:
    """How many subjects of a batch, and of those that go along with it, bear a number that others
    bear too, and are not linked.

    Found by tokens: of nobody else a record is opened, so whether something speaks against a link
    is not known yet. Whom somebody told apart by hand does not count.
    """
    live = lake.live_batches(home)
    counting = live & {batch, *along}
    if not counting or not has_vault(home):
        return 0
    named: set[str] = set()

    def bearing(told: Iterable[Told]) -> Iterator[Told]:
        for one in told:
            if NUMBERS in one.fields:
                named.add(one.subject)
                yield one

    with open_vault(home) as vault:
        groups = vault.groups_of_numbers(bearing(vault.every(counting)), live)
    nothing_said = frozenset[str]()
    shared = [Shared(dict.fromkeys(group, nothing_said), ()) for group in groups]
    found = _plan(home, shared).waiting
    return len({subject for one in found for subject in one.members} & named)


def waiting_of(
    home: Home, subjects: Mapping[str, Sequence[str]], *, by: str, now: datetime
) -> dict[str, Waiting]:
    """By case, whom its person waits for; cases that wait for nobody are not in it. `subjects`:
    those of each case's person.

    What is said of others is read only where somebody is not linked, and then leaves audit rows.
    """
    if not subjects or not has_vault(home):
        return {}
    live = lake.live_batches(home)
    asked = {subject for own in subjects.values() for subject in own}
    with open_vault(home) as vault:
        own = vault.statements(asked, live)
        groups = vault.groups_of_numbers((one for told in own.values() for one in told), live)
        nothing_said = frozenset[str]()
        apart = [Shared(dict.fromkeys(group, nothing_said), ()) for group in groups]
        if not _plan(home, apart).waiting:
            return {}
        about = {"cases": ",".join(sorted(subjects))}
        with audit.acting(home, "identity.waiting", by=by, at=now, about=about) as told_of:
            plan = _plan(home, shared_in(vault, groups, live))
            joined = [one.subjects for one in plan.waiting]
            disputed = [one.subjects for one in plan.conflicts if not one.linked]
            waiting = {
                case: Waiting(_others(joined, own), _others(disputed, own))
                for case, own in subjects.items()
            }
            waiting = {case: one for case, one in waiting.items() if one.joined or one.disputed}
            for name in ("joined", "disputed"):
                told_of[name] = str(sum(len(getattr(one, name)) for one in waiting.values()))
    return waiting


def _others(groups: Iterable[Sequence[str]], own: Sequence[str]) -> tuple[str, ...]:
    mine = set(own)
    others = (set(group) - mine for group in groups if mine & set(group))
    return tuple(sorted(set[str]().union(*others)))


def _plan(home: Home, shared: Sequence[Shared]) -> Plan:
    with store.reading(home) as connection:
        every = [] if connection is None else store.acts(connection)
        return Plan(home, connection, every, shared)


def not_looked_up(error: UserError) -> Text:
    """For an answer that is given all the same."""
    return Text(
        f"Whether others bear the same numbers could not be looked up: {error.text.en}",
        f"未能查对是否有其他编号使用相同证件号码：{error.text.zh}",
    )
