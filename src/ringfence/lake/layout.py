"""How the sorted files of each table are laid out: copies, and one file per UTC start day."""

from __future__ import annotations

from collections.abc import Collection

from ringfence.records import Table

DAY = 86_400_000_000
_BEFORE_ALL_DAYS = 100_000

_SUBJECT_AND_PLACE = (("by_subject", ("subject",)), ("by_place", ("place",)))
_BOTH_SUBJECTS = (("by_subject_a", ("subject_a",)), ("by_subject_b", ("subject_b",)))
_BY_DAY = {
    "presence": _SUBJECT_AND_PLACE,
    "event": _SUBJECT_AND_PLACE,
    "encounter": _BOTH_SUBJECTS,
    "link": _BOTH_SUBJECTS,
}


def split_by_day(table: Table) -> bool:
    return table.name in _BY_DAY


def copies(table: Table) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Folder name and sort columns of each sorted copy; the rest of the key follows."""
    if not split_by_day(table):
        return (("by_key", table.key),)
    starts = () if table.starts is None else (table.starts,)
    sorts = ((name, columns + starts) for name, columns in _BY_DAY[table.name])
    return tuple((name, s + tuple(c for c in table.key if c not in s)) for name, s in sorts)


def start_day(table: Table) -> str:
    """SQL: the UTC day a row starts on, in days since 1970; NULL without a start."""
    if not split_by_day(table):
        return "NULL::INTEGER"
    micros = f'epoch_us("{table.starts}") + {_BEFORE_ALL_DAYS * DAY}'
    return f"(({micros}) // {DAY} - {_BEFORE_ALL_DAYS})::INTEGER"


def on_days(table: Table, days: Collection[int | None]) -> str:
    """SQL condition, never NULL: the row starts on one of these days."""
    if not split_by_day(table):
        return "true"
    dated = sorted(day for day in days if day is not None)
    tests = []
    if dated:
        first, last = dated[0] * DAY, (dated[-1] + 1) * DAY - 1
        span = f"make_timestamptz({first}) AND make_timestamptz({last})"
        test = f'"{table.starts}" BETWEEN {span}'
        if len(dated) <= dated[-1] - dated[0]:
            test += f" AND {start_day(table)} IN ({', '.join(map(str, dated))})"
        tests.append(test)
    if None in days:
        tests.append(f'"{table.starts}" IS NULL')
    return f"coalesce({' OR '.join(tests) or 'false'}, false)"
