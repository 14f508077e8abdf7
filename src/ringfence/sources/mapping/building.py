"""The columns of a record from the values of fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.sources.mapping.kinds import parts_of
from ringfence.sources.mapping.model import (
    CaseValue,
    Channel,
    FieldValue,
    JoinValue,
    LocatedValue,
    PersonValue,
    Record,
    TextValue,
    VehicleValue,
)
from ringfence.sources.mapping.units import Units


class Subjects:
    """Pseudonyms of the persons and vehicles of some rows, each made once."""

    def __init__(
        self,
        channel: Channel,
        values: Mapping[str, pa.StringArray],
        pseudonyms: Callable[[str, Sequence[str]], list[str]],
        cases: Callable[[], Mapping[str, str]] | None = None,
    ) -> None:
        self._channel = channel
        self._values = values
        self._pseudonyms = pseudonyms
        self._cases = cases
        self._persons: dict[str, pa.Array] = {}
        self._vehicles: dict[str, pa.Array] = {}

    def of(self, value: PersonValue | VehicleValue | CaseValue) -> pa.Array:
        match value:
            case PersonValue(name):
                return self.person(name)
            case VehicleValue(field):
                return self.vehicle(field)
            case CaseValue(field):
                return self.case(field)

    def person(self, name: str) -> pa.Array:
        if name not in self._persons:
            fields = self._channel.persons[name].by
            known = [self._of_field(field) for field in fields]
            if len(known) > 1:
                strings = [array.cast(pa.string()) for array in known]
                self._persons[name] = pc.coalesce(*strings).dictionary_encode()
            else:
                self._persons[name] = known[0]
        return self._persons[name]

    def vehicle(self, field: str) -> pa.Array:
        if field not in self._vehicles:
            self._vehicles[field] = self._of_field(field)
        return self._vehicles[field]

    def case(self, field: str) -> pa.Array:
        """Whom the home knows as the case; where there is no home, somebody for each number."""
        if self._cases is None:
            return self._of_field(field)
        encoded = self._values[field].dictionary_encode()
        known = self._cases()
        subjects = [known.get(number) for number in encoded.dictionary.to_pylist()]
        return pa.DictionaryArray.from_arrays(encoded.indices, pa.array(subjects, pa.string()))

    def _of_field(self, field: str) -> pa.DictionaryArray:
        encoded = self._values[field].dictionary_encode()
        made = self._pseudonyms(self._channel.fields[field].kind, encoded.dictionary.to_pylist())
        return pa.DictionaryArray.from_arrays(encoded.indices, pa.array(made, pa.string()))


def build(
    record: Record,
    values: Mapping[str, pa.StringArray],
    rows: int,
    subjects: Subjects,
    units: Units | None,
) -> dict[str, pa.Array]:
    return {
        name: _unit(value, values, rows, units)
        if isinstance(value, LocatedValue)
        else _column(value, values, rows, subjects)
        for name, value in record.columns.items()
    }


def _unit(
    value: LocatedValue, values: Mapping[str, pa.StringArray], rows: int, units: Units | None
) -> pa.StringArray:
    if units is None:
        return pa.nulls(rows, pa.string())
    return units.codes(values[value.field], within_home=value.within_home)


def _column(
    value: FieldValue | TextValue | PersonValue | VehicleValue | CaseValue | JoinValue,
    values: Mapping[str, pa.StringArray],
    rows: int,
    subjects: Subjects,
) -> pa.Array:
    match value:
        case FieldValue(field):
            return values[field]
        case TextValue(text):
            zeros = pa.repeat(pa.scalar(0, pa.int32()), rows)
            return pa.DictionaryArray.from_arrays(zeros, pa.array([text]))
        case PersonValue() | VehicleValue() | CaseValue():
            return subjects.of(value)
        case JoinValue(parts):
            joined = [
                pa.scalar(part.text) if isinstance(part, TextValue) else values[part.field]
                for part in parts
            ]
            if all(isinstance(part, TextValue) for part in parts):
                return pa.repeat(pa.scalar("".join(part.as_py() for part in joined)), rows)
            return pc.binary_join_element_wise(*joined, "", null_handling="emit_null")


def label_of(channel: Channel, record: Record, column: str) -> str:
    """What the file calls that of which a column was made."""
    fields = {part: field for field in channel.fields.values() for part in parts_of(field)}
    match record.columns.get(column):
        case FieldValue(name):
            return fields[name].label
        case VehicleValue(name) | CaseValue(name) | LocatedValue(name):
            return channel.fields[name].label
        case PersonValue(name):
            return " / ".join(channel.fields[by].label for by in channel.persons[name].by)
        case JoinValue(parts):
            labels = [fields[p.field].label for p in parts if isinstance(p, FieldValue)]
            return " + ".join(dict.fromkeys(labels)) or column
    return column
