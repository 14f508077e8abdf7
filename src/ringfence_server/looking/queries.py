"""Rows of the audit that somebody may read: of accounts and cases of their own units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ringfence.audit import Entry, Wanted, newest
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.access.operator import reach_of
from ringfence_server.accounts.models import User
from ringfence_server.cases.models import Case
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import within

AUDIT = "audit.read"
PAGE = 50
BACK = 20_000
"""Rows of the log that one page looks through; the next goes on from there."""
_AT_ONCE = 200
_LOOKED = ("glass", "task.reveal", "vault", "export", "case.exists")
"""Acts, and first words of acts, by which somebody saw a case that others work on."""


@dataclass(frozen=True)
class Page:
    """`next`: the number below which the next page goes on; None: the log begins here."""

    entries: list[Entry]
    next: int | None


def page(
    home: Home, by: Acting, wanted: Wanted, *, before: int | None = None, size: int = PAGE
) -> Page:
    """The newest first. At the top of the tree: all rows; below it, what accounts of one's own
    units did, and what was done about cases of them.
    """
    units = reach_of(by, AUDIT) or []
    found: list[Entry] = []
    rows = newest(home, wanted, before=before, back=BACK)
    for entry in _within(rows, units):
        if len(found) == size:
            return Page(found, found[-1].number)
        found.append(entry)
    end = before if before is not None else _newest_number(home) + 1
    rest = end - BACK
    return Page(found, rest if rest > 1 else None)


def about_case(home: Home, case: Case, size: int = 200) -> list[Entry]:
    """Who opened it in an emergency, was told who its people are, or took its list out."""
    rows = newest(home, Wanted(case=case.number), back=10 * BACK)
    looked = (one for one in rows if _first_words(one.act) & set(_LOOKED))
    return list(islice(looked, size))


def _first_words(act: str) -> set[str]:
    return {act, act.partition(".")[0]}


def _newest_number(home: Home) -> int:
    found = next(newest(home, Wanted()), None)
    return found.number if found else 0


def _within(rows: Iterator[Entry], units: Sequence[Unit]) -> Iterator[Entry]:
    if any(unit.level == "country" for unit in units):
        yield from rows
        return
    while some := list(islice(rows, _AT_ONCE)):
        names = {one.by for one in some}
        accounts: set[str] = set(
            within(User.objects.filter(username__in=names), units).values_list(
                "username", flat=True
            )
        )
        numbers = {number for one in some for number in _cases(one)}
        cases = set(
            within(Case.objects.filter(number__in=numbers), units).values_list("number", flat=True)
        )
        yield from (one for one in some if one.by in accounts or cases & set(_cases(one)))


def _cases(entry: Entry) -> list[str]:
    return [one for one in entry.about.get("case", "").split(", ") if one]
