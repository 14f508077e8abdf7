"""A trajectory as the tables that a chapter shows."""

from __future__ import annotations

from collections.abc import Iterable

from ringfence.movements.model import Conflict, Episode, Gap, Told
from ringfence.operations.moving import words
from ringfence.operations.moving.asking import Trajectory
from ringfence.trace.seeds import instant

from .local_times import show_instant

Row = dict[str, str]


def moving_rows(table: str, told: Trajectory) -> list[Row]:
    """The rows of one table, in the order of the answer."""
    found, said = told.movements, words.Said(told.movements, told.zone)
    if table == "timeline":
        return [_episode(one, told) for one in found.episodes]
    if table == "set_aside":
        return [_episode(one, told) for one in found.set_aside]
    if table == "conflicts":
        return [_conflict(one) for one in found.conflicts]
    if table == "gaps":
        return [_gap(one, told) for one in found.gaps]
    if table == "questions":
        return [
            {"kind": one.kind.value, "asks": words.question(said, one).en}
            for one in found.questions
        ]
    return [{"says": warning.en} for warning in told.warnings]


def _at(told: Trajectory, second: int) -> str:
    return show_instant(instant(second), told.zone)


def _episode(one: Episode, told: Trajectory) -> Row:
    return {
        "where": one.where.key,
        "start": _at(told, one.start),
        "end": _at(told, one.end),
        "earliest": _at(told, one.earliest),
        "latest": _at(told, one.latest),
        "confidence": one.confidence.value,
        "sources": ", ".join(one.sources),
    }


def _conflict(one: Conflict) -> Row:
    sides = {"these": _side(one.these), "those": _side(one.those)}
    return {
        "kind": one.kind.value,
        **sides,
        "likelier": sides.get(one.likelier or "", ""),
        "reasons": ", ".join(sorted(reason.value for reason in one.reasons)),
        "figure": "" if one.figure is None else f"{one.figure:.0f}",
    }


def _side(rows: Iterable[Told]) -> str:
    """Source and row, as `interview 2`."""
    return ", ".join(sorted(f"{row.source} {row.row}" for row in rows))


def _gap(one: Gap, told: Trajectory) -> Row:
    return {
        "start": _at(told, one.start),
        "end": _at(told, one.end),
        "before": one.before.key if one.before is not None else "",
        "after": one.after.key if one.after is not None else "",
        "minutes": str(one.minutes),
        "waking": str(one.waking),
        "infectious": str(one.infectious),
        "apart_km": "" if one.apart_m is None else f"{one.apart_m / 1000:.0f}",
        "settled": "yes" if one.settled else "no",
    }
