"""A drafted mapping as text, its doubts marked.

Of the file's values only words that come again and again are written down, never one that could
name a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pyarrow as pa

from ringfence.records.vocabularies import SEXES, TEST_RESULTS
from ringfence.sources.mapping import draft_doubts as doubts
from ringfence.sources.mapping.draft_cells import Cells
from ringfence.sources.mapping.draft_fields import Fields
from ringfence.sources.mapping.draft_records import IDENTITY, Line, Records
from ringfence.sources.mapping.roles import Guess
from ringfence.sources.normalise import Setting, normalise
from ringfence.sources.raw.model import Found

TOTALS = ("合计", "总计", "Total")
_VAULT_NAMES = {"id": "id_number"}
_GUESSED_SEXES = {"男": "male", "女": "female", "m": "male", "f": "female"}
_GUESSED_RESULTS = {"阳性": "positive", "阴性": "negative", "可疑": "inconclusive"}
_MAY_LACK = ("phone", "name", "address", "sex", "birth_date", "id_kind", "zone", "seat")
_MAY_BE_WRONG = ("phone", "name", "address", "sex", "birth_date")
_NEEDED = ("start", "at", "place", "place_name", "train", "from", "to", "plate", "sampled")


@dataclass(frozen=True)
class Writer:
    name: str
    found: Found
    cells: Cells
    fields: Fields
    records: Records

    def lines(self) -> Iterator[tuple[int, Line]]:
        """Each with its indent."""
        yield 0, f"mapping: {self.name}"
        yield 0, "version: 1"
        yield 0, f"title: {{en: {_q(self.name)}, zh: {_q(self.name)}}}"
        yield 0, f"source: {self.name}"
        yield 0, doubts.ORIGIN
        yield 0, f"origin: {{en: {_q('Drafted from one file.')}, zh: {_q('由一个文件起草。')}}}"
        yield 0, "form:"
        yield from ((2, line) for line in self._form_lines())
        yield 0, doubts.ZONE
        yield 0, f"zone: {self.cells.zone.key}"
        yield 0, "fields:"
        for role, one in self.fields.by_role.items():
            yield from ((2, line) for line in self._field_lines(role, one))
        yield from ((0, line) for line in self._ignored_lines())
        if self.records.person:
            yield 0, "persons:"
            if self.records.person == "phone":
                yield 2, doubts.BY_PHONE
            yield 2, self._person_line()
        yield 0, "records:"
        yield from ((2, line) for line in self.records.lines)

    def _form_lines(self) -> Iterator[Line]:
        form = self.found.form
        yield from self.found.doubts
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
                yield f"{name}: {value if isinstance(value, int) else _q(value)}"
        yield f"totals: [{', '.join(map(_q, form.totals or TOTALS))}]"

    def _ignored_lines(self) -> Iterator[Line]:
        yield from map(doubts.unused_time, self.fields.unused_times)
        if self.fields.ignored:
            yield doubts.NOT_TAKEN
            yield f"ignored: [{', '.join(map(_q, self.fields.ignored))}]"

    def _field_lines(self, role: str, one: Guess) -> Iterator[Line]:
        optional = _is_optional(role, one)
        emptied = optional and role in _MAY_BE_WRONG
        yield from _field_doubts(one, optional, emptied)
        if role == "place_name" and "place" not in self.fields.by_role:
            yield doubts.NAME_AS_KEY
        told = f"column: {_q(one.columns[0])}"
        if len(one.columns) > 1:
            told = f"columns: [{', '.join(map(_q, one.columns))}]"
        parts = [told, f"as: {one.kind}"]
        if one.kind == "word":
            words, doubt = self._words(role, one)
            if doubt:
                yield doubts.WORDS
            parts.append(f"words: {{{', '.join(f'{_q(k)}: {v}' for k, v in words.items())}}}")
        if one.forms:
            parts.append(f"forms: [{', '.join(map(_q, one.forms))}]")
        if role == "id" and "id_kind" in self.fields.by_role:
            parts.append("kind: id_kind")
        if optional:
            parts.append("optional: true")
        if emptied:
            parts.append("if_wrong: empty")
        yield f"{role}: {{{', '.join([*parts, *one.more])}}}"

    def _words(self, role: str, one: Guess) -> tuple[dict[str, str], bool]:
        if role == "id_kind":
            setting = Setting(zone=ZoneInfo(self.cells.zone.key), now=self.cells.now)
            read = normalise("id_kind", pa.array(one.words, pa.string()), setting)
            told = zip(one.words, read.values.to_pylist(), strict=True)
            words = {word: kind or "other" for word, kind in told}
            return words or {"身份证": "resident"}, bool(read.faults) or not one.words
        known = _GUESSED_SEXES if role == "sex" else _GUESSED_RESULTS
        vocabulary = tuple(SEXES) if role == "sex" else tuple(TEST_RESULTS)
        words = {w: known.get(w.lower(), vocabulary[-1]) for w in one.words}
        doubt = any(w.lower() not in known for w in one.words) or not words
        return words or dict(known), doubt

    def _person_line(self) -> str:
        has = self.fields.by_role
        by = [role for role in ("id", "phone") if role in has]
        by = by[:1] if "plate" in has else by
        told = [role for role in IDENTITY if role in has]
        identity = ", ".join(f"{_VAULT_NAMES.get(role, role)}: {role}" for role in told)
        return f"person: {{by: [{', '.join(by)}], identity: {{{identity}}}}}"


def _field_doubts(one: Guess, optional: bool, emptied: bool) -> Iterator[Line]:
    if one.fits < 1 and one.kind != "word":
        yield doubts.misfits(one, emptied)
        if one.spoilt:
            yield doubts.SPOILT
    if one.filled < 1 and not optional:
        yield doubts.empty(one)
    if not one.by_header:
        yield doubts.BY_VALUES
    yield from one.doubts
    if one.rivals:
        yield doubts.rivals(one.rivals)


def _is_optional(role: str, one: Guess) -> bool:
    return role in _MAY_LACK or (one.filled < 1 and role not in _NEEDED)


def _q(text: str) -> str:
    """A string of JSON is a string of YAML."""
    return json.dumps(text, ensure_ascii=False)
