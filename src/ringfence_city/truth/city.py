"""The standing city: who lives there, and which places there are. Columns are NumPy arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ringfence_city.parameters import Parameters

Int32 = NDArray[np.int32]
Int16 = NDArray[np.int16]
Int8 = NDArray[np.int8]


@dataclass(frozen=True)
class People:
    """One entry a person; the index is the person's number (key: `subject_key`)."""

    age: Int8
    sex: Int8  # 0 female, 1 male
    home: Int32  # place number
    daytime: Int32  # place of work or school; -1: none
    team: Int16  # zone of work or class within `daytime`; -1: none
    role: Int8  # index into ROLES_USED: resident, student, teacher, staff, health_worker, ...
    grid: Int32  # index into jurisdiction grids
    doses: Int8  # vaccinations against the disease, before the first day


@dataclass(frozen=True)
class Places:
    """One entry a place; the index is the place's number (key: `place_key`)."""

    kind: Int8  # index into KINDS_USED (words of ringfence.records.vocabularies.PLACE_KINDS)
    grid: Int32
    ventilation: Int8  # 0 good, 1 poor, 2 open_air
    zones: Int16  # number of zones (tables, rooms, classes); 0: not divided
    lat_e5: Int32  # degrees times 100,000, WGS-84
    lon_e5: Int32


@dataclass(frozen=True)
class City:
    asked: Parameters
    people: People
    places: Places


@dataclass(frozen=True)
class Stays:
    """Who was where. Minutes from local midnight of the first day, half-open, sorted by person.

    A person's stays never overlap; a stay that goes past midnight is two rows of two days only if
    the person is at home or in a place of the night.
    """

    person: Int32
    place: Int32
    zone: Int16  # -1: none
    start: Int32
    end: Int32
    role: Int8
    mask: Int8  # 0 no, 1 yes
