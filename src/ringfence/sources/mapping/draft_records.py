"""The records that a drafted mapping makes of the fields that were recognised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ringfence.errors import DataError, Text
from ringfence.sources.mapping import draft_doubts as doubts
from ringfence.sources.mapping.binding import plain
from ringfence.sources.mapping.model import WGS_84
from ringfence.sources.mapping.roles import Guess

IDENTITY = ("name", "sex", "birth_date", "id_kind", "id", "phone", "address")
_DATUM_SIGNS = (
    *(("gcj", "gcj-02"), ("高德", "gcj-02"), ("腾讯", "gcj-02"), ("火星", "gcj-02")),
    *(("amap", "gcj-02"), ("bd", "bd-09"), ("百度", "bd-09"), ("baidu", "bd-09")),
)
_WHO = "subject: {person: person}"

Line = str | Text
"""A line of YAML, or a doubt."""


class Records:
    """`used`: fields that the records or the persons read. `lines`: of the mapping."""

    def __init__(self, fields: Mapping[str, Guess]) -> None:
        self._fields = fields
        moments = ("start", "end", "at")
        self._has = {
            role for role, one in fields.items() if role not in moments or one.kind == "datetime"
        }
        self.used = {role for role in IDENTITY if role in fields and self.person}
        self.lines = tuple(self._lines())

    @property
    def person(self) -> str | None:
        """By what a person is known: a document first, else a telephone."""
        return next((role for role in ("id", "phone") if role in self._fields), None)

    def _lines(self) -> Iterator[Line]:
        has, person = self._has, self.person
        if person:
            about = _WHO
            if "address" in self.used:
                yield doubts.ADDRESS
                about += ", grid: {locate: address}"
            yield f"- {{table: subject, {self._when}columns: {{{about}}}}}"
        made = [*self._places(), *self._movements()]
        if person and {"train", "from", "to"} <= has:
            made += [doubts.RIDE, f"- {{table: ride, columns: {{{_WHO}, {self._ride()}}}}}"]
        if person and {"sampled", "result"} <= has:
            self.used |= {"sampled", "result"}
            columns = "sampled: {field: sampled}, result: {field: result}"
            made.append(f"- {{table: test, columns: {{{_WHO}, {columns}}}}}")
        yield from made
        if not made:
            yield doubts.NO_RECORD
            if self._place is None and has & {"start", "at"}:
                yield doubts.NO_PLACE
        if not made and not person:
            raise DataError(
                "no column was recognised that tells of a person or a vehicle; write the mapping "
                "by hand (docs/reference/mapping-files.md)",
                "未能识别出人员或车辆的列；请手工编写映射（见 docs/reference/mapping-files.md）",
            )

    @property
    def _when(self) -> str:
        return f"when: {{{self.person}: filled}}, " if "plate" in self._has else ""

    @property
    def _place(self) -> str | None:
        return next((role for role in ("place", "place_name") if role in self._has), None)

    def _places(self) -> Iterator[Line]:
        """What the file says of places themselves: where they lie."""
        place = self._place
        if place is None or not {"lat", "lon"} <= self._has:
            return
        self.used |= {place, "lat", "lon"}
        columns = [f"place: {{field: {place}}}", "kind: {text: shop}"]
        if "place_name" in self._has:
            self.used.add("place_name")
            columns.append("name: {field: place_name}")
        columns += ["lat: {field: lat}", "lon: {field: lon}"]
        if self.person or "plate" in self._has:
            yield doubts.WHOSE_POSITION
        yield doubts.PLACE
        yield doubts.DATUM
        yield f"- {{table: place, datum: {self._datum}, columns: {{{', '.join(columns)}}}}}"

    @property
    def _datum(self) -> str:
        """As the headers say; else that of the records."""
        headers = [plain(self._fields[role].columns[0]) for role in ("lat", "lon")]
        told = (datum for sign, datum in _DATUM_SIGNS if all(sign in one for one in headers))
        return next(told, WGS_84)

    def _movements(self) -> Iterator[Line]:
        has, place = self._has, self._place
        if place is None:
            return
        moment = "at" if "at" in has else "start"
        if self.person and "start" in has:
            yield doubts.STAY
            yield f"- {{table: presence, columns: {{{_WHO}, {self._stay(place)}}}}}"
        elif self.person and "at" in has:
            self.used |= {place, "at"}
            yield doubts.EVENT
            columns = f"place: {{field: {place}}}, at: {{field: at}}, kind: {{text: scan}}"
            yield f"- {{table: event, {self._when}columns: {{{_WHO}, {columns}}}}}"
        if "plate" in has and moment in has:
            self.used |= {"plate", place, moment}
            columns = f"vehicle: {{vehicle: plate}}, place: {{field: {place}}}"
            yield f"- {{table: sighting, columns: {{{columns}, at: {{field: {moment}}}}}}}"

    def _stay(self, place: str) -> str:
        self.used |= {place, "start"}
        columns = [f"place: {{field: {place}}}", "start: {field: start}"]
        if "end" in self._has:
            self.used.add("end")
            columns.append("end: {field: end}")
        if "zone" in self._has:
            self.used.add("zone")
            columns.append("zone: {field: zone}")
        return ", ".join([*columns, "certainty: {text: recorded}"])

    def _ride(self) -> str:
        self.used |= {"train", "from", "to"}
        day = next((role for role in ("at", "start") if role in self._fields), None)
        service = "{field: train}"
        if day is not None and self._fields[day].kind == "date":
            self.used.add(day)
            service = f'{{join: ["train-", {{field: train}}, "-", {{field: {day}}}]}}'
        columns = [f"service: {service}", "from: {field: from}", "to: {field: to}"]
        if "seat" in self._fields:
            self.used.add("seat")
            columns += [f"{part}: {{field: seat.{part}}}" for part in ("carriage", "row", "seat")]
        return ", ".join(columns)
