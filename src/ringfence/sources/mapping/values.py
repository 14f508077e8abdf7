"""The fields of some rows, as their normalisers read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import Text
from ringfence.sources import reasons
from ringfence.sources.mapping.binding import Binding
from ringfence.sources.mapping.model import SEAT_PARTS, Channel, Field
from ringfence.sources.mapping.past_midnight import not_before
from ringfence.sources.normalise import Seat, Setting, normalise, split_seat, wording
from ringfence.sources.normalise.places import PlaceBook
from ringfence.sources.normalise.regions import RegionYears
from ringfence.sources.raw.model import RawChunk
from ringfence.sources.reasons import RefusedError
from ringfence.sources.spreading import faults_of_rows


@dataclass(frozen=True)
class Fields:
    """Values by name (null: empty) and, by field, why values are refused or were left out."""

    values: Mapping[str, pa.StringArray]
    faults: Mapping[str, Mapping[int, Text]]
    emptied: Mapping[str, tuple[int, ...]]


def read_fields(
    channel: Channel,
    binding: Binding,
    chunk: RawChunk,
    *,
    now: datetime,
    synthetic: bool,
    regions: RegionYears | None = None,
    places: PlaceBook | None = None,
    cases: Callable[[], Mapping[str, str]] | None = None,
) -> Fields:
    values: dict[str, pa.StringArray] = {}
    faults: dict[str, Mapping[int, Text]] = {}
    emptied: dict[str, tuple[int, ...]] = {}
    for field in _kinds_first(channel):
        given = _cells(binding.columns[field.name], chunk.columns, len(chunk.rows))
        setting = Setting(
            zone=channel.zone,
            now=now,
            synthetic=synthetic,
            region=channel.region,
            forms=field.forms,
            words=field.words,
            may_come=field.name in channel.may_come,
            regions=regions,
            places=places,
            cases=cases,
        )
        wrong = _read(field, given, setting, values)
        if field.emptied:
            emptied[field.name] = tuple(wrong)
        else:
            alone = _days_alone(field, given, setting, wrong)
            emptied[field.name] = tuple(sorted(alone))
            wrong = {index: why for index, why in wrong.items() if index not in alone}
            faults[field.name] = wrong if field.optional else wrong | _empty(values, field, wrong)
    for field in channel.fields.values():
        if field.next_day_if_before is not None:
            start = values[field.next_day_if_before]
            values[field.name] = not_before(start, values[field.name], channel.zone)
    return Fields(values, {name: faults.get(name, {}) for name in channel.fields}, emptied)


def _kinds_first(channel: Channel) -> list[Field]:
    """Kinds of documents are read before the numbers that they tell of."""
    return sorted(channel.fields.values(), key=lambda field: field.id_kind is not None)


def _cells(
    columns: tuple[str | None, ...], cells: Mapping[str, pa.StringArray], rows: int
) -> pa.StringArray:
    """One text a row. Of several columns, those that are empty are left out."""
    given = [cells[name] for name in columns if name is not None and name in cells]
    if not given:
        return pa.nulls(rows, pa.string())
    if len(given) == 1:
        return given[0]
    texts = [pc.fill_null(values, "") for values in given]
    joined = pc.utf8_trim_whitespace(pc.binary_join_element_wise(*texts, " "))
    if len(given) > 2:
        joined = pc.replace_substring_regex(joined, "  +", " ")
    return pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined)


def _read(
    field: Field, given: pa.StringArray, setting: Setting, values: dict[str, pa.StringArray]
) -> dict[int, Text]:
    """Notes the values under the field's name; returns why some are refused."""
    if field.kind == "seat":
        values[field.name] = given
        return _read_seats(field.name, given, values)
    kinds = None if field.id_kind is None else values[field.id_kind]
    read = normalise(field.kind, given, setting, id_kinds=kinds)
    values[field.name] = read.values
    return dict(read.faults)


def _days_alone(
    field: Field, given: pa.StringArray, setting: Setting, wrong: Mapping[int, Text]
) -> frozenset[int]:
    """Rows in which an optional moment of several columns has its day and no time of day.

    Who has not left yet has no time of leaving, but the sheet has a day in every row.
    """
    if field.kind != "datetime" or not field.optional or len(field.columns) < 2:
        return frozenset()
    untimed = [index for index, why in wrong.items() if why == wording.NO_TIME]
    if not field.forms:
        return frozenset(untimed)
    others = [index for index, why in wrong.items() if why == wording.NOT_AS_FORMS]
    forms = tuple(form.split(" ")[0] for form in field.forms if " " in form)
    texts = given.take(pa.array(others, pa.int64()))
    read = normalise("date", texts, replace(setting, forms=forms)) if forms else None
    days = [] if read is None else [i for at, i in enumerate(others) if at not in read.faults]
    return frozenset([*untimed, *days])


def _read_seats(
    name: str, given: pa.StringArray, values: dict[str, pa.StringArray]
) -> dict[int, Text]:
    """Notes carriage, row and seat apart."""
    encoded = given.dictionary_encode()
    seats: list[Seat] = []
    faults: dict[int, Text] = {}
    for index, text in enumerate(encoded.dictionary.to_pylist()):
        try:
            seats.append(split_seat(text))
        except RefusedError as refused:
            seats.append(Seat())
            faults[index] = refused.reason
    for part in SEAT_PARTS:
        told = pa.array([getattr(seat, part) for seat in seats], pa.string())
        values[f"{name}.{part}"] = told.take(encoded.indices)
    return faults_of_rows(faults, encoded.indices)


def _empty(
    values: Mapping[str, pa.StringArray], field: Field, wrong: Mapping[int, Text]
) -> dict[int, Text]:
    nulls = values[field.name]
    if nulls.null_count <= len(wrong):
        return {}
    places = pc.indices_nonzero(pc.is_null(nulls)).to_pylist()
    return {place: reasons.EMPTY for place in places if place not in wrong}
