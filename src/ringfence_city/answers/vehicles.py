"""Who was truly in which vehicle, and when."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ringfence_city.answers.arrays import Bool, Int, Runs
from ringfence_city.answers.reading import MISSING, Columns, Keys, read_parts


@dataclass(frozen=True)
class Seated:
    """One row a time in a vehicle; seconds of UTC."""

    person: Int
    vehicle: Int
    start: Int
    end: Int
    of_person: Runs
    of_vehicle: Runs


def nobody_seated() -> Seated:
    none = np.zeros(0, np.int64)
    return Seated(none, none, none, none, Runs(none, none), Runs(none, none))


def seated_with(folder: Path, persons: Keys, chosen: Bool | None, as_of: int) -> Seated:
    """All who were in a vehicle that any of the `chosen` persons was in; None: in any."""
    parts = [part.table for part in read_parts(folder, "occupancy")]
    if not parts:
        return nobody_seated()
    table = Columns(pa.concat_tables(parts, promote_options="permissive").unify_dictionaries())
    person = persons.codes(table.column("subject"))
    named = pc.cast(table.column("vehicle"), pa.string())
    vehicle = Keys.of([named]).codes(named)
    if chosen is not None:
        kept = np.isin(vehicle, vehicle[chosen[person]])
        table = Columns(table.table.filter(pa.array(kept)))
        person, vehicle = person[kept], vehicle[kept]
    start, end = table.instants("start"), table.instants("end")
    end = np.minimum(np.where(end == MISSING, as_of, end), as_of)
    known = start < end
    person, vehicle, start, end = person[known], vehicle[known], start[known], end[known]
    return Seated(person, vehicle, start, end, Runs.by(person), Runs.by(vehicle))
