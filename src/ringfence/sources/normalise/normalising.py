"""One entry for all kinds of values: a column in, its normal values and its faults out."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import Text
from ringfence.records.vocabularies import ID_KINDS
from ringfence.sources.normalise import times, wording
from ringfence.sources.normalise.addresses import read_address
from ringfence.sources.normalise.already_normal import (
    Taker,
    take_addresses,
    take_keys,
    take_names,
    take_plates,
    take_texts,
    take_wholes,
)
from ringfence.sources.normalise.cards_fast import take_cards
from ringfence.sources.normalise.distinct import Fast, as_strings, read_column
from ringfence.sources.normalise.id_kinds import read_id_kind
from ringfence.sources.normalise.id_numbers import read_id_number
from ringfence.sources.normalise.model import Normalised, Setting
from ringfence.sources.normalise.names import read_name
from ringfence.sources.normalise.phones import read_phone, take_mobiles
from ringfence.sources.normalise.places import place_key
from ringfence.sources.normalise.plain import (
    read_key,
    read_number,
    read_text,
    read_truth,
    read_whole,
    read_word,
)
from ringfence.sources.normalise.plates import read_plate
from ringfence.sources.reasons import RefusedError

_OF_CARDS = frozenset([None, "resident"])
"""Kinds of documents under which every card of the resident card's plan is taken."""

Reader = Callable[[str, Setting], str | None]


def _read_place(text: str, setting: Setting) -> str | None:
    return place_key(text, setting.places)


def _read_case(text: str, setting: Setting) -> str | None:
    number = read_key(text, setting)
    if number is not None and setting.cases is not None and number not in setting.cases():
        raise RefusedError(wording.NO_CASE)
    return number


_READERS: dict[str, tuple[Reader, Taker | None]] = {
    "text": (read_text, take_texts),
    "key": (read_key, take_keys),
    "word": (read_word, None),
    "whole": (read_whole, take_wholes),
    "number": (read_number, None),
    "truth": (read_truth, None),
    "name": (read_name, take_names),
    "id_kind": (read_id_kind, None),
    "phone": (read_phone, take_mobiles),
    "plate": (read_plate, take_plates),
    "address": (read_address, take_addresses),
    "place": (_read_place, None),
    "case": (_read_case, None),
    "date": (times.read_date, times.take_dates),
    "time": (times.read_time, None),
    "datetime": (times.read_datetime, times.take_datetimes),
    "moment": (times.read_moment, None),
}
KINDS = frozenset([*_READERS, "id_number"])
"""What `normalise` can be asked for."""


def normalise(
    kind: str,
    values: pa.StringArray,
    setting: Setting,
    *,
    id_kinds: pa.StringArray | None = None,
) -> Normalised:
    """The column's values in the normal form of `kind` (one of KINDS); null where nothing is said.

    `id_kinds` goes with `id_number`: the kind of each row's document, in the records' words (null:
    told by the number's own form). Normalising a normal value gives it back.
    """
    values = as_strings(values)
    if kind == "id_number":
        return _id_numbers(values, setting, id_kinds)
    read, take = _READERS[kind]
    if take is None:
        return read_column(values, lambda text: read(text, setting))
    return read_column(values, lambda text: read(text, setting), _with(take, setting))


def _id_numbers(
    values: pa.StringArray, setting: Setting, id_kinds: pa.StringArray | None
) -> Normalised:
    kinds = None if id_kinds is None else as_strings(id_kinds)
    present = [None] if kinds is None else pc.unique(kinds).to_pylist()
    if len(present) == 1:
        return _of_kind(values, setting, present[0])
    made = pa.nulls(len(values), pa.string())
    faults: dict[int, Text] = {}
    for kind in present:
        mask = pc.is_null(kinds) if kind is None else pc.fill_null(pc.equal(kinds, kind), False)
        part = _of_kind(values.filter(mask), setting, kind)
        made = pc.replace_with_mask(made, mask, part.values)
        rows = pc.indices_nonzero(mask)
        faults |= {rows[at].as_py(): reason for at, reason in part.faults.items()}
    return Normalised(made, faults)


def _of_kind(values: pa.StringArray, setting: Setting, kind: str | None) -> Normalised:
    if kind is not None and kind not in ID_KINDS:
        rows = pc.indices_nonzero(pc.is_valid(values)).to_pylist()
        return Normalised(pa.nulls(len(values), pa.string()), dict.fromkeys(rows, wording.ID_KIND))
    return read_column(
        values,
        lambda text: read_id_number(text, setting, kind),
        _with(take_cards, setting) if kind in _OF_CARDS else None,
    )


def _with(take: Taker, setting: Setting) -> Fast:
    return lambda values: take(values, setting)
