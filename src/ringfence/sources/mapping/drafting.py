"""A first mapping of a file that nobody has seen before, with its doubts marked.

Of the file's values only words that come again and again are written down, never one that could
name a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from ringfence.errors import DataError
from ringfence.records.vocabularies import SEXES, TEST_RESULTS
from ringfence.sources.mapping.roles import Guess, guess
from ringfence.sources.normalise import Setting, normalise
from ringfence.sources.opening import Delivered
from ringfence.sources.raw.model import Form, Found, RawChunk
from ringfence.sources.raw.reading import read_raw

_ROWS_LOOKED_AT = 5_000
_IDENTITY = ("name", "sex", "birth_date", "id_kind", "id", "phone", "address")
_VAULT_NAMES = {"id": "id_number"}
_GUESSED_SEXES = {"男": "male", "女": "female", "m": "male", "f": "female"}
_GUESSED_RESULTS = {"阳性": "positive", "阴性": "negative", "可疑": "inconclusive"}


@dataclass(frozen=True)
class Draft:
    text: str
    doubts: int
    rows: int


def draft(delivered: Delivered, name: str, zone: str, now: datetime) -> Draft:
    """Look at the first rows of a file and write a mapping that reads it."""
    delivered.file.seek(0)
    raw = read_raw(delivered, Form(), lambda _: None)
    found = raw.found[raw.parts[0].number]
    columns = _first_rows(raw.chunks(), found.columns)
    rows = len(next(iter(columns.values()), ()))
    if not rows:
        raise DataError(
            f"{delivered.name} has no row to learn from", f"{delivered.name} 中没有可供分析的数据行"
        )
    guesses = [guess(c, values, ZoneInfo(zone), now) for c, values in columns.items()]
    written = _Writer(name, zone, found, guesses, now).lines()
    text = "\n".join(written) + "\n"
    return Draft(text, text.count("# DOUBT:"), rows)


def _first_rows(chunks: Iterator[RawChunk], names: tuple[str, ...]) -> dict[str, pa.StringArray]:
    gathered: dict[str, list[pa.Array]] = {name: [] for name in names if name.strip()}
    rows = 0
    for chunk in chunks:
        columns, count = chunk.columns, len(chunk.rows)
        for name, parts in gathered.items():
            cells = columns.get(name)
            parts.append(pa.nulls(count, pa.string()) if cells is None else cells)
        rows += count
        if rows >= _ROWS_LOOKED_AT:
            break
    return {name: pa.concat_arrays(parts) for name, parts in gathered.items() if parts}


def _joined(day: Guess, clock: Guess) -> Guess:
    """A day and a time of day in two columns are one moment."""
    columns = (*day.columns, *clock.columns)
    return replace(day, columns=columns, kind="datetime", fits=min(day.fits, clock.fits))


class _Writer:
    def __init__(
        self, name: str, zone: str, found: Found, guesses: list[Guess], now: datetime
    ) -> None:
        self._name = name
        self._zone = zone
        self._found = found
        self._now = now
        self._fields: dict[str, Guess] = {}
        self._ignored: list[Guess] = []
        for one in sorted(guesses, key=lambda one: not one.by_header):
            role = self._free(one.role)
            before = self._fields.get(one.role)
            if one.kind == "time" and before is not None and before.kind == "date":
                self._fields[one.role] = _joined(before, one)
            elif role is None:
                self._ignored.append(one)
            else:
                self._fields[role] = one
        if "place_name" in self._fields and "place" in self._fields:
            self._ignored.append(self._fields.pop("place_name"))
        self._records = list(self._record_lines())
        for role in [r for r in self._fields if r not in self._used]:
            self._ignored.append(self._fields.pop(role))

    def _free(self, role: str) -> str | None:
        """Each role once; a second date of the same role stands for the end."""
        if role == "none":
            return None
        if role not in self._fields:
            return role
        return "end" if role in ("start", "at") and "end" not in self._fields else None

    def lines(self) -> Iterator[str]:
        yield f"mapping: {self._name}"
        yield "version: 1"
        yield f"title: {{en: {_q(self._name)}, zh: {_q(self._name)}}}"
        yield f"source: {self._name}"
        yield "# DOUBT: say where such files come from and what is known of their form"
        yield f"origin: {{en: {_q('Drafted from one file.')}, zh: {_q('由一个文件起草。')}}}"
        yield from self._form_lines()
        yield "# DOUBT: the zone of times that are written without an offset"
        yield f"zone: {self._zone}"
        yield "fields:"
        for role, one in self._fields.items():
            yield from self._field_lines(role, one)
        if self._ignored:
            yield "# DOUBT: columns that are not taken; give a field to those that matter"
            yield f"ignored: [{', '.join(_q(c) for one in self._ignored for c in one.columns)}]"
        if self._person:
            yield from self._person_lines()
        yield "records:"
        yield from self._records

    def _form_lines(self) -> Iterator[str]:
        form = self._found.form
        yield "form:"
        for doubt in self._found.doubts:
            yield f"  # DOUBT: {doubt.en}"
        told = {
            "format": "tsv" if form.delimiter == "\t" else form.format,
            "encoding": form.encoding,
            "delimiter": "tab" if form.delimiter == "\t" else form.delimiter,
            "header_row": form.header_row,
            "sheet": form.sheet,
            "records": form.records,
        }
        for name, value in told.items():
            if value is not None and value != "":
                yield f"  {name}: {value if isinstance(value, int) else _q(value)}"
        yield f"  totals: [{_q('合计')}, {_q('总计')}]"

    def _field_lines(self, role: str, one: Guess) -> Iterator[str]:
        if one.fits < 1 and one.kind != "word":
            share = f"{(1 - one.fits) * 100:.0f} %"
            yield f"  # DOUBT: {share} of the values are no {one.kind}; those rows are set aside"
        if not one.by_header:
            yield "  # DOUBT: found by its values, not by its header"
        if one.rivals:
            yield f"  # DOUBT: these forms fit as well: {', '.join(one.rivals)}"
        if role == "place_name":
            yield "  # DOUBT: a name is no key; is there a code, or are names written one way?"
        told = f"column: {_q(one.columns[0])}"
        if len(one.columns) > 1:
            told = f"columns: [{', '.join(_q(column) for column in one.columns)}]"
        parts = [told, f"as: {one.kind}"]
        if one.kind == "word":
            words, doubt = self._words(role, one)
            if doubt:
                yield "  # DOUBT: say what each word means"
            parts.append(f"words: {{{', '.join(f'{_q(k)}: {v}' for k, v in words.items())}}}")
        if one.forms:
            parts.append(f"forms: [{', '.join(_q(form) for form in one.forms)}]")
        if role == "id" and "id_kind" in self._fields:
            parts.append("kind: id_kind")
        if self._is_optional(role, one):
            parts.append("optional: true")
            if role in ("phone", "name", "address", "sex", "birth_date"):
                parts.append("if_wrong: empty")
        yield f"  {role}: {{{', '.join(parts)}}}"

    def _is_optional(self, role: str, one: Guess) -> bool:
        needed = role in (
            "start",
            "at",
            "place",
            "place_name",
            "train",
            "from",
            "to",
            "plate",
            "sampled",
        )
        if role in ("phone", "name", "address", "sex", "birth_date", "id_kind", "zone", "seat"):
            return True
        return one.filled < 1 and not needed

    def _words(self, role: str, one: Guess) -> tuple[dict[str, str], bool]:
        if role == "id_kind":
            setting = Setting(zone=ZoneInfo(self._zone), now=self._now)
            read = normalise("id_kind", pa.array(one.words, pa.string()), setting)
            told = zip(one.words, read.values.to_pylist(), strict=True)
            words = {word: kind or "other" for word, kind in told}
            return words or {"身份证": "resident"}, bool(read.faults) or not one.words
        known = _GUESSED_SEXES if role == "sex" else _GUESSED_RESULTS
        vocabulary = tuple(SEXES) if role == "sex" else tuple(TEST_RESULTS)
        words = {w: known.get(w.lower(), vocabulary[-1]) for w in one.words}
        doubt = any(w.lower() not in known for w in one.words) or not words
        return words or dict(known), doubt

    @property
    def _person(self) -> str | None:
        """By what a person is known: a document first, else a telephone."""
        return next((role for role in ("id", "phone") if role in self._fields), None)

    def _person_lines(self) -> Iterator[str]:
        by = [role for role in ("id", "phone") if role in self._fields]
        by = by[:1] if "plate" in self._fields else by
        told = [role for role in _IDENTITY if role in self._fields]
        identity = ", ".join(f"{_VAULT_NAMES.get(role, role)}: {role}" for role in told)
        yield "persons:"
        yield f"  person: {{by: [{', '.join(by)}], identity: {{{identity}}}}}"

    def _record_lines(self) -> Iterator[str]:
        moments = ("start", "end", "at", "sampled")
        has = {
            role: one
            for role, one in self._fields.items()
            if role not in moments or one.kind == "datetime" or role == "sampled"
        }
        place = "place" if "place" in has else "place_name"
        self._used = {role for role in _IDENTITY if role in has and self._person}
        who = "subject: {person: person}"
        when = f"when: {{{self._person}: filled}}, " if "plate" in has else ""
        if self._person:
            about = who
            if "address" in self._used:
                yield "  # DOUBT: is the address where the person lives, and does it name the city?"
                yield "  # Where it does not, and all are of your jurisdiction, add `within: home`."
                about += ", grid: {locate: address}"
            yield f"  - {{table: subject, {when}columns: {{{about}}}}}"
        made = False
        if self._person and place in has and "start" in has:
            yield "  # DOUBT: is this a stay from start to end, and is the place's code its key?"
            yield f"  - {{table: presence, columns: {{{who}, {self._stay(place, has)}}}}}"
            made = True
        elif self._person and place in has and ("at" in has):
            self._used |= {place, "at"}
            yield "  # DOUBT: what happened at that moment: scan, payment or gate?"
            columns = f"place: {{field: {place}}}, at: {{field: at}}, kind: {{text: scan}}"
            yield f"  - {{table: event, {when}columns: {{{who}, {columns}}}}}"
            made = True
        if "plate" in has and place in has and "at" in has:
            self._used |= {"plate", place, "at"}
            columns = f"vehicle: {{vehicle: plate}}, place: {{field: {place}}}, at: {{field: at}}"
            yield f"  - {{table: sighting, columns: {{{columns}}}}}"
            made = True
        if self._person and {"train", "from", "to"} <= has.keys():
            yield "  # DOUBT: the day of the run is part of its key"
            yield f"  - {{table: ride, columns: {{{who}, {self._ride()}}}}}"
            made = True
        if self._person and {"sampled", "result"} <= has.keys():
            self._used |= {"sampled", "result"}
            columns = "sampled: {field: sampled}, result: {field: result}"
            yield f"  - {{table: test, columns: {{{who}, {columns}}}}}"
            made = True
        if not made:
            yield "  # DOUBT: no record of a stay, an event, a ride or a test was recognised"
        if not made and not self._person:
            raise DataError(
                "no column was recognised that tells of a person or a vehicle; write the mapping "
                "by hand (docs/reference/mapping-files.md)",
                "未能识别出人员或车辆的列；请手工编写映射（见 docs/reference/mapping-files.md）",
            )

    def _stay(self, place: str, has: Mapping[str, Guess]) -> str:
        self._used |= {place, "start"}
        columns = [f"place: {{field: {place}}}", "start: {field: start}"]
        if "end" in has:
            self._used.add("end")
            columns.append("end: {field: end}")
        if "zone" in self._fields:
            self._used.add("zone")
            columns.append("zone: {field: zone}")
        return ", ".join([*columns, "certainty: {text: recorded}"])

    def _ride(self) -> str:
        self._used |= {"train", "from", "to"}
        day = next((role for role in ("at", "start") if role in self._fields), None)
        service = "{field: train}"
        if day is not None and self._fields[day].kind == "date":
            self._used.add(day)
            service = f'{{join: ["train-", {{field: train}}, "-", {{field: {day}}}]}}'
        columns = [f"service: {service}", "from: {field: from}", "to: {field: to}"]
        if "seat" in self._fields:
            self._used.add("seat")
            columns += [f"{part}: {{field: seat.{part}}}" for part in ("carriage", "row", "seat")]
        return ", ".join(columns)


def _q(text: str) -> str:
    """A string of JSON is a string of YAML."""
    return json.dumps(text, ensure_ascii=False)
