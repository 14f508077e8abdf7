"""What a unit sends back: its sheet, of any form, with the outcome of each person filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ringfence.errors import DataError
from ringfence.lake import Home
from ringfence.lake.lineage import part_and_row, source_row
from ringfence.operations.lists.model import OUTCOMES
from ringfence.sources.delivered import Delivered
from ringfence.sources.opening import open_delivery
from ringfence.sources.raw.model import Form, RawChunk
from ringfence.sources.raw.reading import read_raw

_PERSON = "person"
_OUTCOME = "outcome"
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_WORDS = {
    word.casefold(): outcome
    for outcome, text in OUTCOMES.items()
    for word in (outcome, text.en, text.zh)
}


def read_outcomes(home: Home, path: Path | str) -> dict[int, str]:
    """Outcomes by person; rows without an outcome are still to come. Taken whole or not at all."""
    with open_delivery(home, path) as delivered:
        return outcomes_in(delivered)


def outcomes_in(delivered: Delivered) -> dict[int, str]:
    """The same of a file that is open; no home is needed for it."""
    found: dict[int, str] = {}
    raw = read_raw(delivered, Form(), _ignore, expected=(_PERSON, _OUTCOME))
    missing = [name for name in (_PERSON, _OUTCOME) if name not in raw.columns]
    if missing:
        raise DataError(
            f"{delivered.name} has no column {' and no column '.join(missing)}",
            f"{delivered.name} 缺少列：{'、'.join(missing)}",
        )
    for chunk in raw.chunks():
        for number, person, outcome in _rows(chunk, delivered.name):
            if found.setdefault(person, outcome) != outcome:
                raise _refused(
                    delivered.name,
                    number,
                    "says otherwise of a person than a row before",
                    "与前面对同一人的结果不一致",
                )
    return found


def _rows(chunk: RawChunk, file: str) -> Iterator[tuple[int, int, str]]:
    for reject in chunk.rejects:
        raise _refused(file, reject.row, reject.reason.en, reject.reason.zh)
    persons = chunk.columns[_PERSON].to_pylist()
    outcomes = chunk.columns[_OUTCOME].to_pylist()
    for row, person, told in zip(chunk.rows.to_pylist(), persons, outcomes, strict=True):
        word = (told or "").strip().casefold()
        if not word:
            continue
        number = source_row(chunk.part.number, row)
        if _NUMBER.fullmatch((person or "").strip()) is None:
            raise _refused(file, number, "person is not a number of a person", "人员序号无效")
        if word not in _WORDS:
            raise _refused(
                file,
                number,
                f"outcome is none of: {', '.join(OUTCOMES)}",
                f"结果不在允许范围内：{'、'.join(text.zh for text in OUTCOMES.values())}",
            )
        yield number, int(person.strip()), _WORDS[word]


def _refused(file: str, number: int, en: str, zh: str) -> DataError:
    _, row = part_and_row(number)
    return DataError(
        f"{file}, row {row}: {en}. Nothing was recorded",
        f"{file} 第 {row} 行：{zh}。未登记任何结果",
    )


def _ignore(_: bytes) -> None:
    """The file itself is not kept."""
