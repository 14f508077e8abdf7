"""Units within reach, by code, by name in either language, by pinyin and initials of the name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from ringfence.sources.normalise.divisions import Unit as Division
from ringfence.sources.normalise.divisions import names_of
from ringfence_server.access import Acting
from ringfence_server.jurisdictions.models import LEVELS, Unit
from ringfence_server.jurisdictions.queries import within
from ringfence_server.search.models import UnitReading
from ringfence_server.search.readings import folded, is_latin, reading_of

MOST = 10
_AT_ONCE = 2_000
_CHANGED = """
    SELECT unit.code, unit.level, unit.name_zh FROM jurisdictions_unit AS unit
    LEFT JOIN search_unitreading AS reading
    ON reading.code = unit.code AND reading.of = unit.name_zh AND reading.name = unit.name_zh
    WHERE reading.id IS NULL LIMIT %s
"""


def in_reach(by: Acting) -> QuerySet[Unit]:
    """The units at which the account holds any role, and all below them."""
    return within(Unit.objects.all(), [grant.unit for grant in by.grants])


def found(by: Acting, text: str, most: int = MOST) -> list[Unit]:
    """The exact first, then the higher."""
    if not (meant := _meant(text)):
        return []
    rows = (
        in_reach(by)
        .filter(meant)
        .annotate(
            far=Case(
                When(Q(code=text) | Q(name_zh=text) | Q(name_en__iexact=text), then=Value(0)),
                When(name_zh__startswith=text, then=Value(1)),
                default=Value(2),
                output_field=IntegerField(),
            ),
            depth=Case(
                *(When(level=level, then=Value(place)) for place, level in enumerate(LEVELS)),
                output_field=IntegerField(),
            ),
        )
    )
    return list(rows.order_by("far", "depth", "code")[:most])


def read_anew() -> int:
    """Readings of units that are new or were renamed; how many units."""
    done = 0
    while rows := _changed():
        with transaction.atomic():
            UnitReading.objects.filter(code__in=[row[0] for row in rows]).delete()
            made = [one for row in rows for one in _readings(*row)]
            UnitReading.objects.bulk_create(made, ignore_conflicts=True)
        done += len(rows)
    return done


def _meant(text: str) -> Q | None:
    typed = folded(text)
    if not typed:
        return None
    plain = "".join(text.split())
    meant = Q(code__startswith=plain) | Q(name_zh__contains=plain)
    meant |= Q(name_en__icontains=" ".join(text.split()))
    meant |= Q(code__in=UnitReading.objects.filter(name=plain).values("code"))
    # Letters are pinyin; of Chinese that is written otherwise (廣州), the whole of it is read out.
    for whole in {typed} if is_latin(text) else _read_out(text):
        meant |= Q(code__in=_read_as(whole).values("code"))
    return meant


def _read_out(text: str) -> Iterable[str]:
    reading = reading_of("".join(text.split()))
    return {one for one in (reading.whole, reading.as_surname) if one}


def _read_as(typed: str) -> QuerySet[UnitReading]:
    read = Q(whole__startswith=typed) | Q(as_surname__startswith=typed)
    if len(typed) > 1:
        read |= Q(initials__startswith=typed)
    return UnitReading.objects.filter(read)


def _changed() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [_AT_ONCE])
        return list(cursor.fetchall())


def _readings(code: str, level: str, name: str) -> Iterator[UnitReading]:
    """Also of the names for short that people write in addresses."""
    for one in dict.fromkeys((name, *names_of(Division(code, None, level, name)))):
        read = reading_of(one)
        yield UnitReading(
            code=code,
            name=one,
            of=name,
            whole=read.whole,
            initials=read.initials,
            as_surname=read.as_surname,
        )
