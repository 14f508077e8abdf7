"""Documents of the persons that rows name, and how agencies copy them, right or wrong."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.rows import ALIAS, SLIP, SLIPS, Numbers
from ringfence_city.truth import identity
from ringfence_city.truth.city import City, Int64
from ringfence_city.truth.identity import Papers

_BLOCK = 250_000
_KEPT = 8
"""Blocks of persons whose documents a process keeps: 20 MB each."""
_FEW = 20_000
"""Below, documents are made for these persons alone."""


class Documents:
    """Documents by number of the person; those of the blocks asked for last are kept."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._blocks: OrderedDict[int, Papers] = OrderedDict()

    def of(self, persons: Numbers) -> Papers:
        who = np.asarray(persons, dtype=np.int64)
        blocks, inverse = np.unique(who // _BLOCK, return_inverse=True)
        parts, order = [], []
        for number, block in enumerate(blocks.tolist()):
            rows = np.flatnonzero(inverse == number)
            parts.append(self._some(block, who[rows]))
            order.append(rows)
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return identity.papers(self._city, who)
        back = pa.array(np.argsort(np.concatenate(order)))
        return _each(parts, lambda columns: pa.concat_arrays(columns).take(back))

    def addresses(self, persons: Numbers) -> pa.Array:
        used, inverse = np.unique(np.asarray(persons, dtype=np.int64), return_inverse=True)
        return identity.addresses(self._city, used).take(pa.array(inverse))

    def _some(self, block: int, who: Int64) -> Papers:
        if block in self._blocks:
            self._blocks.move_to_end(block)
        elif len(who) < _FEW:
            used, inverse = np.unique(who, return_inverse=True)
            return _taken(identity.papers(self._city, used), inverse)
        else:
            end = min((block + 1) * _BLOCK, self._city.people.count)
            everybody = np.arange(block * _BLOCK, end)
            self._blocks[block] = identity.papers(self._city, everybody)
            while len(self._blocks) > _KEPT:
                self._blocks.popitem(last=False)
        return _taken(self._blocks[block], who - block * _BLOCK)


def _taken(told: Papers, rows: Numbers) -> Papers:
    at = pa.array(rows)
    return Papers(told.name.take(at), told.id_number.take(at), told.phone.take(at))


def _each(parts: list[Papers], join: Callable[[list[pa.Array]], pa.Array]) -> Papers:
    return Papers(
        join([part.name for part in parts]),
        join([part.id_number for part in parts]),
        join([part.phone for part in parts]),
    )


@dataclass(frozen=True)
class Copied:
    """What a row says of a person; null: nothing."""

    name: pa.StringArray
    id_number: pa.StringArray
    phone: pa.StringArray


def copied(documents: Documents, disguise: Disguise, codes: Numbers) -> Copied:
    """Documents as the channel copied them, for marked codes (`rows.SLIP`, `rows.ALIAS`).

    Whom a channel knows by another key, it knows by telephone alone, if there is one.
    """
    told = np.asarray(codes, dtype=np.int64)
    papers = documents.of(told % ALIAS)
    number = _slipped(papers.id_number, told)
    noise = disguise.noise
    rows = np.arange(len(told))
    rounded = np.zeros(len(told), dtype=bool)
    if noise.rounded:
        rounded = disguise.chance("rounded").happens(noise.rounded, told % ALIAS, rows)
        number = _where(rounded, number, _rounded)
    if noise.respelled:
        chosen = disguise.chance("respelled").happens(noise.respelled, told % ALIAS, rows)
        number = _where(chosen & ~rounded, number, _respelled)
    other = pa.array((told % SLIP) // ALIAS > 0)
    only_phone = pc.and_(other, pc.is_valid(papers.phone))
    return Copied(papers.name, pc.if_else(only_phone, _NONE, number), papers.phone)


_NONE = pa.scalar(None, pa.string())


def _slipped(numbers: pa.StringArray, codes: NDArray[np.int64]) -> pa.StringArray:
    """One digit of the number is another; the check character tells."""
    wrong = np.flatnonzero(codes >= SLIP)
    if not len(wrong):
        return numbers
    slips = (codes[wrong] // SLIP - 1).tolist()
    right = numbers.take(pa.array(wrong)).to_pylist()
    mended = [_with_slip(number, slip) for number, slip in zip(right, slips, strict=True)]
    return _replaced(numbers, wrong, mended)


def _with_slip(number: str, slip: int) -> str:
    place = 16 - slip // SLIPS
    digit = (int(number[place]) + 1 + slip % SLIPS) % 10
    return f"{number[:place]}{digit}{number[place + 1 :]}"


def _respelled(number: str) -> str:
    return f"{number[:6]} {number[6:14]} {number[14:]}".lower()


def _rounded(number: str) -> str:
    """As a spreadsheet shows a long number: what made it a number of somebody is lost."""
    return f"{float(number.replace('X', '0')):.5E}"


def _where(
    chosen: NDArray[np.bool_], numbers: pa.StringArray, change: Callable[[str], str]
) -> pa.StringArray:
    rows = np.flatnonzero(chosen)
    if not len(rows):
        return numbers
    return _replaced(numbers, rows, [change(n) for n in numbers.take(pa.array(rows)).to_pylist()])


def _replaced(
    numbers: pa.StringArray, rows: NDArray[np.int64], values: list[str]
) -> pa.StringArray:
    mask = np.zeros(len(numbers), dtype=bool)
    mask[rows] = True
    return pc.replace_with_mask(numbers, pa.array(mask), pa.array(values, pa.string()))
