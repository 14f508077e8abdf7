"""Reads the true facts of a city from its folder `answers`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ringfence.errors import DataError
from ringfence.records.vocabularies import ISOLATING_MEASURES, PLACE_KINDS
from ringfence_city.answers import facts as f
from ringfence_city.answers.arrays import Int, Runs, Small
from ringfence_city.answers.reading import MISSING, Columns, Keys, read_table

LONG_AGO = -(1 << 40)
"""Before every time that a link can have, and far from overflow."""

_OF_PERSONS = {
    "presence": ("subject",),
    "event": ("subject",),
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
    """The facts in the folder `answers`, as they are known at an instant (seconds of UTC)."""
    names = (*_OF_PERSONS, "place", "case_event")
    tables = {name: read_table(folder, name) for name in names}
    if not len(tables["case"]):
        raise DataError(f"{folder} holds no case", f"{folder} 中没有病例")
    persons = Keys.of(
        tables[name].column(column) for name, columns in _OF_PERSONS.items() for column in columns
    )
    places = Keys.of(tables[name].column("place") for name in ("place", "presence", "event"))
    return f.Facts(
        as_of=as_of,
        person_names=persons,
        place_names=places,
        places=_places(tables["place"], places),
        roles=_roles(tables["subject"], persons),
        stays=_stays(tables["presence"], tables["event"], persons, places, as_of),
        meetings=_meetings(tables["encounter"], persons, as_of),
        links=_links(tables["link"], persons, as_of),
        doses=_doses(tables["vaccination"], persons),
        cases=tuple(_cases(tables["case"], tables["case_event"], persons, as_of)),
        symptoms=_spells(tables["symptom"], persons, None),
        isolating=_spells(tables["measure"], persons, ISOLATING_MEASURES),
        positive=_positive(tables["test"], persons, as_of),
    )


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


def _stays(presence: Columns, event: Columns, persons: Keys, places: Keys, as_of: int) -> f.Stays:
    zones = Keys.of([presence.column("zone")])
    start = presence.instants("start")
    end = presence.instants("end")
    certainty = presence.words("certainty", f.CERTAINTY_WORDS)
    believed = certainty != f.CERTAINTY_WORDS.index("denied")  # the truth denies no true stay
    told = f.Stays(
        person=persons.codes(presence.column("subject")),
        place=places.codes(presence.column("place")),
        zone=zones.codes(presence.column("zone")),
        start=start,
        end=np.minimum(np.where(end == MISSING, as_of, end), as_of),
        role=presence.words("role", f.ROLE_WORDS),
        mask=presence.truths("mask"),
        assumed=certainty == f.CERTAINTY_WORDS.index("assumed"),
        instant=np.zeros(len(presence), dtype=np.bool_),
    )
    seen = _instants(event, persons, places)
    return told.only(believed & (told.start < told.end)).with_more(seen.only(seen.start < as_of))


def _instants(event: Columns, persons: Keys, places: Keys) -> f.Stays:
    count = len(event)
    unknown = np.full(count, -1, dtype=np.int8)
    at = event.instants("at")
    return f.Stays(
        person=persons.codes(event.column("subject")),
        place=places.codes(event.column("place")),
        zone=np.full(count, -1, dtype=np.int64),
        start=at,
        end=at,
        role=unknown,
        mask=unknown,
        assumed=np.ones(count, dtype=np.bool_),
        instant=np.ones(count, dtype=np.bool_),
    )


def _meetings(table: Columns, persons: Keys, as_of: int) -> f.Meetings:
    a, b = (persons.codes(table.column(f"subject_{side}")) for side in "ab")
    mask_a, mask_b = table.truths("mask_a"), table.truths("mask_b")
    person = np.concatenate([a, b])
    return f.Meetings(
        person=person,
        other=np.concatenate([b, a]),
        start=_twice(table.instants("start")),
        end=np.minimum(_twice(table.instants("end")), as_of),
        distance=np.concatenate([table.reals("distance_m")] * 2),
        physical=np.concatenate([table.truths("physical")] * 2),
        indoor=np.concatenate([table.truths("indoor")] * 2),
        mask=np.concatenate([mask_a, mask_b]),
        other_mask=np.concatenate([mask_b, mask_a]),
        of_person=Runs.by(person),
    )


def _links(table: Columns, persons: Keys, as_of: int) -> f.Links:
    a, b = (persons.codes(table.column(f"subject_{side}")) for side in "ab")
    start, end = table.instants("start"), table.instants("end")
    person = np.concatenate([a, b])
    return f.Links(
        person=person,
        other=np.concatenate([b, a]),
        relation=np.concatenate([table.words("relation", f.RELATION_WORDS)] * 2),
        start=_twice(np.where(start == MISSING, LONG_AGO, start)),
        end=_twice(np.minimum(np.where(end == MISSING, as_of, end), as_of)),
        ppe=np.concatenate([table.truths("ppe")] * 2),
        of_person=Runs.by(person),
    )


def _twice(column: Int) -> Int:
    return np.concatenate([column, column])


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
    table: Columns, persons: Keys, kinds: frozenset[str] | None
) -> dict[int, tuple[f.Spell, ...]]:
    found: dict[int, tuple[f.Spell, ...]] = defaultdict(tuple)
    rows = zip(
        persons.codes(table.column("subject")).tolist(),
        table.texts("kind"),
        _moments(table, "start"),
        _moments(table, "end"),
        strict=True,
    )
    for person, kind, start, end in rows:
        if start is not None and (kinds is None or kind in kinds):
            found[person] = (*found[person], f.Spell(start, end))
    return dict(found)


def _positive(table: Columns, persons: Keys, as_of: int) -> dict[int, int]:
    person = persons.codes(table.column("subject"))
    sampled, _ = table.moments("sampled")
    found: dict[int, int] = {}
    rows = (table.words("result", ("positive",)) == 0) & (sampled != MISSING) & (sampled < as_of)
    for who, at in zip(person[rows].tolist(), sampled[rows].tolist(), strict=True):
        found[who] = min(found.get(who, at), at)
    return found
