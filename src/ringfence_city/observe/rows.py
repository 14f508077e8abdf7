"""Rows as numbers, and the canonical table that they become: no string is made for a row.

A subject is a code: the person's number, or with `ALIAS` added, the same person under another key.
Columns are named as in the canonical table; a text stands for a column of that one word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ringfence.records.vocabularies import EVENT_KINDS, RELATIONS
from ringfence_city.clock import instants
from ringfence_city.truth import keys, transport_tables
from ringfence_city.truth.city import ROLE_WORDS, City
from ringfence_city.truth.journeys import STATUS_WORDS
from ringfence_city.truth.seats import WORDS as SEAT_WORDS

Numbers = NDArray[Any]
Columns = Mapping[str, Numbers | str]

ALIAS = 100_000_000
"""Keys have eight digits; an alias has its own first letter."""

SLIP, SLIPS = 10 * ALIAS, 9
"""A code with a slip: this times 1 + nine times the digit that is wrong (0: the last) + by how much
it is too great, less one.
"""

_POWERS = 10 ** np.arange(8, dtype=np.int64)

EVENT_WORDS = tuple(EVENT_KINDS)
RELATION_WORDS = tuple(RELATIONS)
EVENT_OF = {word: number for number, word in enumerate(EVENT_WORDS)}
RELATION_OF = {word: number for number, word in enumerate(RELATION_WORDS)}


def plain_codes(codes: Numbers) -> NDArray[np.int64]:
    """Slips carried out: the code of whoever has that key, or of nobody."""
    told = np.asarray(codes, dtype=np.int64)
    slipped = told >= SLIP
    if not slipped.any():
        return told
    told = told.copy()
    slip, code = told[slipped] // SLIP - 1, told[slipped] % SLIP
    power = _POWERS[slip // SLIPS]
    digit = code % ALIAS // power % 10
    told[slipped] = code + ((digit + 1 + slip % SLIPS) % 10 - digit) * power
    return told


def subjects(codes: Numbers) -> pa.DictionaryArray:
    used, indices = _compact(plain_codes(codes))
    return pa.DictionaryArray.from_arrays(pa.array(indices), subject_keys(used))


def subject_keys(codes: Numbers) -> pa.Array:
    alias = np.asarray(codes) >= ALIAS
    digits = pc.utf8_lpad(pa.array(codes % ALIAS).cast(pa.string()), 8, "0")
    letters = pa.array(["p", "a"]).take(pa.array(alias.astype(np.int8)))
    return pc.binary_join_element_wise(letters, digits, "")


def places(city: City, numbers: Numbers) -> pa.DictionaryArray:
    used, indices = _compact(np.asarray(numbers, dtype=np.int64))
    named = keys.place_keys(city, used.astype(np.int32))
    return pa.DictionaryArray.from_arrays(pa.array(indices), named)


def _compact(codes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The codes that occur, in order, and where each row's code is among them.

    Codes lie close together but for a few that noise has moved: those are sorted, the others
    are ticked off.
    """
    if not len(codes):
        return codes, np.zeros(0, np.int32)
    low = int(np.partition(codes, len(codes) // 100)[len(codes) // 100])
    high = low + max(4 * len(codes), 1 << 16)
    near = (codes >= low) & (codes < high)
    ticked = np.zeros(high - low, dtype=bool)
    ticked[codes[near] - low] = True
    far = np.unique(codes[~near])
    below = far[far < low]
    above = far[far >= high]
    used = np.concatenate([below, np.flatnonzero(ticked) + low, above])
    rank = np.cumsum(ticked, dtype=np.int32) + np.int32(len(below) - 1)
    indices = np.empty(len(codes), dtype=np.int32)
    indices[near] = rank[codes[near] - low]
    if len(far):
        indices[~near] = np.searchsorted(used, codes[~near])
    return used, indices


def zones(numbers: Numbers) -> pa.DictionaryArray:
    most = int(np.max(numbers, initial=0)) + 1
    return keys.coded(numbers, pa.array([f"z{number}" for number in range(most)]))


def _words(words: Sequence[str]) -> Callable[[Numbers], pa.DictionaryArray]:
    dictionary = pa.array(words)
    return lambda numbers: keys.coded(numbers, dictionary)


def _truths(numbers: Numbers) -> pa.Array:
    """1 true, 0 false, negative unknown."""
    told = np.asarray(numbers)
    return pa.array(told > 0, mask=told < 0)


DAYS_OF_RUNS = 10_000_000
"""Codes of runs: the day times this, and the number of the run on that day."""


def services(city: City, codes: Numbers) -> pa.DictionaryArray:
    wide = np.asarray(codes, dtype=np.int64)
    days, at = np.unique(wide // DAYS_OF_RUNS, return_inverse=True)
    named = [transport_tables.run_keys(city, day) for day in days.tolist()]
    before = np.cumsum([0, *(len(names) for names in named)])
    runs = before[at] + wide % DAYS_OF_RUNS
    return keys.coded(runs.astype(np.int32), pa.concat_arrays([*named, pa.array([], pa.string())]))


def _numbered(numbers: Numbers) -> pa.DictionaryArray:
    most = int(np.max(numbers, initial=0)) + 1
    return keys.coded(numbers, pa.array([str(number) for number in range(most)]))


_READERS: dict[str, Callable[[Numbers], pa.Array]] = {
    "subject": subjects,
    "subject_a": subjects,
    "subject_b": subjects,
    "zone": zones,
    "role": _words(ROLE_WORDS),
    "relation": _words(RELATION_WORDS),
    "mask": _truths,
    "mask_a": _truths,
    "mask_b": _truths,
    "ppe": _truths,
    "physical": _truths,
    "indoor": _truths,
    "carriage": _numbered,
    "row": _numbered,
    "seat": _words(SEAT_WORDS),
    "status": _words(STATUS_WORDS),
    "board_seq": lambda numbers: pa.array(np.asarray(numbers, dtype=np.int64)),
    "alight_seq": lambda numbers: pa.array(np.asarray(numbers, dtype=np.int64)),
    "distance_m": lambda tenths: pa.array(np.asarray(tenths, dtype=np.float64) / 10),
}
_MINUTES = frozenset({"start", "end", "at"})


def table(city: City, columns: Columns) -> pa.Table:
    """The canonical table of these rows."""
    count = max(len(values) for values in columns.values() if not isinstance(values, str))
    made: dict[str, pa.Array] = {}
    for name, values in columns.items():
        if isinstance(values, str):
            made[name] = keys.coded(np.zeros(count, np.int32), pa.array([values]))
        elif name == "place":
            made[name] = places(city, values)
        elif name == "service":
            made[name] = services(city, values)
        elif name == "vehicle":
            made[name] = keys.coded(values, transport_tables.vehicle_keys(city))
        elif name in _MINUTES:
            made[name] = instants(city.asked, values)
        elif name == "kind":
            made[name] = keys.coded(values, pa.array(EVENT_WORDS))
        elif name in _READERS:
            made[name] = _READERS[name](values)
        else:
            made[name] = pa.array(values)
    return pa.table(made)


def chosen(columns: Columns, where: Numbers) -> dict[str, Numbers | str]:
    """The rows at `where` (a mask or positions)."""
    return {
        name: values if isinstance(values, str) else values[where]
        for name, values in columns.items()
    }


def joined(parts: Sequence[Columns]) -> dict[str, Numbers | str]:
    """Rows of several, one after the other; all have the same columns."""
    first = parts[0]
    joint: dict[str, Numbers | str] = {}
    for name, values in first.items():
        rows = [part[name] for part in parts]
        joint[name] = (
            values
            if isinstance(values, str)
            else np.concatenate([row for row in rows if not isinstance(row, str)])
        )
    return joint


def count(columns: Columns) -> int:
    return max(
        (len(values) for values in columns.values() if not isinstance(values, str)), default=0
    )
