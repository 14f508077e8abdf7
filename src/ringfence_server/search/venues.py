"""Places that runs of one's own cases tell of, by name, alias of the home, pinyin and initials."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from ringfence.lake import Home
from ringfence.sources.normalise.place_review import place_book
from ringfence.sources.normalise.places import fold_place
from ringfence.trace.result import place_label
from ringfence_server.access import Acting
from ringfence_server.cases.queries import owned
from ringfence_server.search.models import RunRead, Venue
from ringfence_server.search.readings import folded, is_latin, reading_of
from ringfence_server.tracing.answers import answer_of
from ringfence_server.tracing.models import Run

MOST = 10
_LABELS = """
    SELECT DISTINCT stay->>0 FROM tracing_contact AS contact,
    jsonb_array_elements(contact.stays) AS stay WHERE contact.run_id = %s
"""
_AT_ONCE = 100


def found(by: Acting, text: str, most: int = MOST) -> list[Venue]:
    """One row of each case and place, newest runs first."""
    if not (meant := _meant(text)):
        return []
    rows = Venue.objects.filter(meant, case__in=owned(by)).select_related("case")
    once = rows.order_by("case", "label").distinct("case", "label").values("pk")
    return list(Venue.objects.filter(pk__in=once).select_related("case").order_by("-run")[:most])


def read_anew(home: Home, *, at: datetime) -> int:
    """Of runs that were answered since; how many. Of a case the newest run counts."""
    later = Run.objects.filter(case=OuterRef("case"), state="done", pk__gt=OuterRef("pk"))
    unread = Run.objects.filter(~Exists(later), state="done", answer__isnull=False).filter(
        ~Exists(RunRead.objects.filter(run=OuterRef("pk")))
    )
    runs = list(unread.select_related("case").order_by("pk")[:_AT_ONCE])
    if not runs:
        return 0
    names = _names(home, at)
    for run in runs:
        with transaction.atomic():
            _read(run, names)
    return len(runs)


def _read(run: Run, names: dict[str, list[str]]) -> None:
    made = [
        _venue(run, label, name)
        for label in sorted(_labels(run))
        for name in names.get(label, [label])
    ]
    Venue.objects.filter(case=run.case_id).delete()
    Venue.objects.bulk_create(made)
    RunRead.objects.filter(run__case=run.case_id).delete()
    RunRead.objects.create(run=run)


def _labels(run: Run) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(_LABELS, [run.pk])
        told = {label for (label,) in cursor.fetchall() if label}
    return told | {venue["place"] for venue in answer_of(run)["venues"] if venue["place"]}


def _names(home: Home, at: datetime) -> dict[str, list[str]]:
    """By the label with which a trace shows a place, all its names, aliases too."""
    return {
        place_label(place.key, {place.key: name}): list(place.names)
        for place in place_book(home, at).places
        for name in place.names
    }


def _venue(run: Run, label: str, name: str) -> Venue:
    read = reading_of(name)
    return Venue(
        case_id=run.case_id,
        run=run,
        label=label,
        name=name,
        folded=fold_place(name),
        whole=read.whole,
        initials=read.initials,
    )


def _meant(text: str) -> Q | None:
    fold, typed = fold_place(text), folded(text)
    if not fold or not typed:
        return None
    meant = Q(folded__contains=fold)
    for whole in _read_as(text, typed):
        meant |= Q(whole__startswith=whole)
    if is_latin(text) and len(typed) > 1:
        meant |= Q(initials__startswith=typed)
    return meant


def _read_as(text: str, typed: str) -> Iterable[str]:
    return [typed] if is_latin(text) else list(_read_out(text))


def _read_out(text: str) -> Iterator[str]:
    reading = reading_of("".join(text.split()))
    yield from (one for one in (reading.whole, reading.as_surname) if one)
