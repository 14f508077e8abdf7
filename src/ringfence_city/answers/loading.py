"""Reads the true facts of a city from its folder `answers`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa

from ringfence.errors import DataError
from ringfence.records.vocabularies import ISOLATING_MEASURES, PLACE_KINDS
from ringfence_city.answers import facts as f
from ringfence_city.answers.arrays import Bool, Int, Runs, Small
from ringfence_city.answers.reading import MISSING, Columns, Keys, read_parts, read_table
from ringfence_city.answers.rides import Rides, no_rides, rides_with
from ringfence_city.answers.vehicles import Seated, nobody_seated, seated_with

_NONE = np.zeros(0, dtype=np.int64)
_FEW = np.zeros(0, dtype=np.int8)
_NO = np.zeros(0, dtype=np.bool_)
_NOBODY = f.Stays(_NONE, _NONE, _NONE, _NONE, _NONE, _FEW, _FEW, _NO, _NO)

_STREAMED = ("presence", "event", "ride", "occupancy")
"""By far the most rows: never read whole."""

LONG_AGO = -(1 << 40)
"""Before every time that a link can have, and far from overflow."""

_OF_PERSONS = {
    "presence": ("subject",),
    "event": ("subject",),
    "ride": ("subject",),
    "occupancy": ("subject",),
    "encounter": ("subject_a", "subject_b"),
    "link": ("subject_a", "subject_b"),
    "subject": ("subject",),
    "case": ("subject",),
    "symptom": ("subject",),
    "test": ("subject",),
    "measure": ("subject",),
    "vaccination": ("subject",),
}


def load(folder: Path, as_of: int) -> f.Facts:
    """All facts in the folder `answers`, as they are known at an instant (seconds of UTC)."""
    shelf = open_answers(folder, as_of)
    return replace(shelf.facts(None), rides=shelf.rides_with(None), seated=shelf.seated_with(None))


@dataclass(frozen=True)
class Shelf:
    """The answers without the stays, which are by far the most and are fetched as needed."""

    folder: Path
    zones: Keys
    bare: f.Facts

    def places_of(self, persons: Bool) -> Bool:
        """Places where any of these persons stayed."""
        found = np.zeros(len(self.bare.place_names), dtype=np.bool_)
        for name in ("presence", "event"):
            for part in read_parts(self.folder, name, ["subject", "place"]):
                theirs = persons[self.bare.person_names.codes(part.column("subject"))]
                found[self.bare.place_names.codes(part.column("place"))[theirs]] = True
        return found

    def rides_with(self, persons: Bool | None) -> Rides:
        """All rides on the runs that any of these persons rode; None: on every run."""
        return rides_with(self.folder, self.bare.person_names, persons)

    def seated_with(self, persons: Bool | None) -> Seated:
        """All who were in a vehicle that any of these persons was in; None: in any."""
        return seated_with(self.folder, self.bare.person_names, persons, self.bare.as_of)

    def facts(self, places: Bool | None) -> f.Facts:
        """With all stays at these places; None: everywhere."""
        kept = []
        for name in ("presence", "event"):
            read = _presences if name == "presence" else _instants
            for part in read_parts(self.folder, name):
                place = self.bare.place_names.codes(part.column("place"))
                if places is None:
                    kept.append(read(part, place, self))
                else:
                    here = places[place]
                    rows = Columns(part.table.filter(pa.array(here)))
                    kept.append(read(rows, place[here], self))
        columns = [vars(stays) for stays in [_NOBODY, *kept]]
        joined = {name: np.concatenate([c[name] for c in columns]) for name in columns[0]}
        return replace(self.bare, stays=f.Stays(**joined))


def open_answers(folder: Path, as_of: int) -> Shelf:
    """Reads everything but the stays."""
    names = [name for name in _OF_PERSONS if name not in _STREAMED]
    tables = {name: read_table(folder, name) for name in (*names, "place", "case_event")}
    if not len(tables["case"]):
        raise DataError(f"{folder} holds no case", f"{folder} 中没有病例")

    def streamed(column: str, of: tuple[str, ...]) -> Iterator[pa.ChunkedArray]:
        for name in of:
            for part in read_parts(folder, name, [column]):
                yield part.column(column)

    told = [tables[name].column(column) for name in names for column in _OF_PERSONS[name]]
    persons = Keys.of(chain(told, streamed("subject", _STREAMED)))
    places = Keys.of(
        chain([tables["place"].column("place")], streamed("place", ("presence", "event")))
    )
    bare = f.Facts(
        as_of=as_of,
        person_names=persons,
        place_names=places,
        places=_places(tables["place"], places),
        roles=_roles(tables["subject"], persons),
        stays=_NOBODY,
        meetings=_meetings(tables["encounter"], persons, as_of),
        links=_links(tables["link"], persons, as_of),
        rides=no_rides(),
        seated=nobody_seated(),
        doses=_doses(tables["vaccination"], persons),
        cases=tuple(_cases(tables["case"], tables["case_event"], persons, as_of)),
        symptoms=_spells(tables["symptom"], persons, None, as_of),
        isolating=_spells(tables["measure"], persons, ISOLATING_MEASURES, as_of),
        positive=_positive(tables["test"], persons, as_of),
    )
    return Shelf(folder, Keys.of(streamed("zone", ("presence",))), bare)


def _places(table: Columns, names: Keys) -> f.Places:
    code = names.codes(table.column("place"))
    unknown = np.full(len(names), -1, dtype=np.int8)
    kind, ventilation = unknown.copy(), unknown.copy()
    kind[code] = table.words("kind", f.KIND_WORDS)
    ventilation[code] = table.words("ventilation", f.VENTILATION_WORDS)
    settings = [f.SETTING_WORDS.index(PLACE_KINDS[word][0]) for word in f.KIND_WORDS]
    setting = np.array([*settings, -1], dtype=np.int8)[kind]
    return f.Places(kind, setting, ventilation)


def _roles(table: Columns, persons: Keys) -> Small:
    roles = np.full(len(persons), -1, dtype=np.int8)
    roles[persons.codes(table.column("subject"))] = table.words("role", f.ROLE_WORDS)
    return roles


def _presences(part: Columns, place: Int, shelf: Shelf) -> f.Stays:
    as_of = shelf.bare.as_of
    end = part.instants("end")
    certainty = part.words("certainty", f.CERTAINTY_WORDS)
    stays = f.Stays(
        person=shelf.bare.person_names.codes(part.column("subject")),
        place=place,
        zone=shelf.zones.codes(part.column("zone")),
        start=part.instants("start"),
        end=np.minimum(np.where(end == MISSING, as_of, end), as_of),
        role=part.words("role", f.ROLE_WORDS),
        mask=part.truths("mask"),
        assumed=certainty == f.CERTAINTY_WORDS.index("assumed"),
        instant=np.zeros(len(part), dtype=np.bool_),
    )
    believed = certainty != f.CERTAINTY_WORDS.index("denied")  # the truth denies no true stay
    return stays.only(believed & (stays.start < stays.end))


def _instants(part: Columns, place: Int, shelf: Shelf) -> f.Stays:
    unknown = np.full(len(part), -1, dtype=np.int8)
    at = part.instants("at")
    stays = f.Stays(
        person=shelf.bare.person_names.codes(part.column("subject")),
        place=place,
        zone=np.full(len(part), -1, dtype=np.int64),
        start=at,
        end=at,
        role=unknown,
        mask=unknown,
        assumed=np.ones(len(part), dtype=np.bool_),
        instant=np.ones(len(part), dtype=np.bool_),
    )
    return stays.only(at < shelf.bare.as_of)


def _meetings(table: Columns, persons: Keys, as_of: int) -> f.Meetings:
    person, other = _both_ways(table, persons)
    mask, other_mask = table.truths("mask_a"), table.truths("mask_b")
    return f.Meetings(
        person=person,
        other=other,
        start=np.tile(table.instants("start"), 2),
        end=np.tile(np.minimum(table.instants("end"), as_of), 2),
        distance=np.tile(table.reals("distance_m"), 2),
        physical=np.tile(table.truths("physical"), 2),
        indoor=np.tile(table.truths("indoor"), 2),
        mask=np.concatenate([mask, other_mask]),
        other_mask=np.concatenate([other_mask, mask]),
        of_person=Runs.by(person),
    )


def _links(table: Columns, persons: Keys, as_of: int) -> f.Links:
    person, other = _both_ways(table, persons)
    start, end = table.instants("start"), table.instants("end")
    return f.Links(
        person=person,
        other=other,
        relation=np.tile(table.words("relation", f.RELATION_WORDS), 2),
        start=np.tile(np.where(start == MISSING, LONG_AGO, start), 2),
        end=np.tile(np.minimum(np.where(end == MISSING, as_of, end), as_of), 2),
        ppe=np.tile(table.truths("ppe"), 2),
        of_person=Runs.by(person),
    )


def _both_ways(table: Columns, persons: Keys) -> tuple[Int, Int]:
    """Each row from side a, then each from side b."""
    a, b = (persons.codes(table.column(f"subject_{side}")) for side in "ab")
    return np.concatenate([a, b]), np.concatenate([b, a])


def _doses(table: Columns, persons: Keys) -> f.Doses:
    diseases = Keys.of([table.column("disease")])
    key = diseases.codes(table.column("disease")) * len(persons)
    key = key + persons.codes(table.column("subject"))
    day = table.dates("date")
    order = np.lexsort([day, key])
    names = tuple(diseases.name(code) for code in range(len(diseases)))
    return f.Doses(names, len(persons), key[order], day[order])


def _moments(table: Columns, name: str, precision: str | None = None) -> list[f.Moment | None]:
    seconds, days = table.moments(name, precision)
    return [
        None if second == MISSING else f.Moment(second, day)
        for second, day in zip(seconds.tolist(), days.tolist(), strict=True)
    ]


def _cases(table: Columns, events: Columns, persons: Keys, as_of: int) -> Iterator[f.Case]:
    happened: dict[str, dict[str, f.Moment]] = defaultdict(dict)
    told = zip(
        events.texts("case"),
        events.texts("kind"),
        _moments(events, "at", "precision"),
        strict=True,
    )
    for case, kind, moment in told:
        if case is not None and kind is not None and moment is not None and moment.second < as_of:
            happened[case][kind] = moment
    truth = {-1: None, 0: False, 1: True}
    rows = zip(
        table.texts("case"),
        persons.codes(table.column("subject")).tolist(),
        table.truths("symptomatic").tolist(),
        strict=True,
    )
    for case, person, symptomatic in rows:
        if case is not None:
            yield f.Case(case, person, truth[symptomatic], happened[case])


def _spells(
    table: Columns, persons: Keys, kinds: frozenset[str] | None, as_of: int
) -> dict[int, tuple[f.Spell, ...]]:
    """Those that have begun; of what is to end later nobody knows yet that it will."""
    found: dict[int, tuple[f.Spell, ...]] = defaultdict(tuple)
    rows = zip(
        persons.codes(table.column("subject")).tolist(),
        table.texts("kind"),
        _moments(table, "start"),
        _moments(table, "end"),
        strict=True,
    )
    for person, kind, start, end in rows:
        if start is None or start.second >= as_of or (kinds is not None and kind not in kinds):
            continue
        over = end if end is not None and end.second < as_of else None
        found[person] = (*found[person], f.Spell(start, over))
    return dict(found)


def _positive(table: Columns, persons: Keys, as_of: int) -> dict[int, int]:
    person = persons.codes(table.column("subject"))
    sampled, _ = table.moments("sampled")
    found: dict[int, int] = {}
    rows = (table.words("result", ("positive",)) == 0) & (sampled != MISSING) & (sampled < as_of)
    for who, at in zip(person[rows].tolist(), sampled[rows].tolist(), strict=True):
        found[who] = min(found.get(who, at), at)
    return found
