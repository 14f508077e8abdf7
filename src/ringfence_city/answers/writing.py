"""Writes the answers that need a protocol: exposure.parquet, contact.parquet, evaluation.json."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ringfence.errors import DataError, NotFound, StorageError
from ringfence.protocols.model import Protocol
from ringfence_city.answers.arrays import Int
from ringfence_city.answers.evaluating import Evaluation, evaluate, needed
from ringfence_city.answers.exposures import Exposures, exposures
from ringfence_city.answers.facts import SETTING_WORDS, Case, Facts
from ringfence_city.answers.loading import open_answers
from ringfence_city.answers.reading import MISSING, Keys, read_parts, read_table
from ringfence_city.answers.rings import OUTCOMES, Filed

FORMAT = 1
INSTANT = pa.timestamp("us", tz="UTC")
CONTACT = pa.schema(
    [
        ("protocol", pa.string()),
        ("version", pa.int32()),
        ("case", pa.string()),
        ("subject", pa.string()),
        ("order", pa.int8()),
        ("class", pa.string()),
        ("first_exposure", INSTANT),
        ("last_exposure", INSTANT),
        ("minutes", pa.float64()),
    ]
)
EXPOSURE = pa.schema(
    [
        ("case", pa.string()),
        ("subject", pa.string()),
        ("place", pa.string()),
        ("start", INSTANT),
        ("end", INSTANT),
        ("minutes", pa.float64()),
        ("setting", pa.string()),
    ]
)


@dataclass
class Answered:
    """What was written, for `evaluation.json` and for the terminal."""

    as_of: datetime
    cases: int
    exposures: int = 0
    protocols: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "as_of": self.as_of.isoformat(),
            "cases": self.cases,
            "exposures": self.exposures,
            "protocols": self.protocols,
        }


def answer(
    folder: Path, as_of: datetime, protocols: Sequence[Protocol], named: Sequence[str] = ()
) -> Answered:
    """Evaluate the protocols on the facts in the folder `answers`, and write what they would list.

    `named`: cases; none: all. The mark `evaluation.json` is written last.
    """
    shelf = open_answers(folder, int(as_of.timestamp()))
    if next(read_parts(folder, "presence", ["place"]), None) is None:
        raise DataError(
            f"{folder} holds no presence: make the city with --presences",
            f"{folder} 中没有停留记录：请用 --presences 生成城市",
        )
    cases = _chosen(shelf.bare, named)
    facts = needed(shelf, protocols, cases)
    filed = Filed.without_instants(facts)
    done = Answered(as_of, len(cases))
    with _whole(folder):
        (folder / "evaluation.json").unlink(missing_ok=True)
        done.exposures = _write_exposures(folder, facts, filed, cases)
        _write_contacts(folder, filed, cases, protocols, done)
        files = {name: _digest(folder / f"{name}.parquet") for name in ("exposure", "contact")}
        told = json.dumps({**done.as_json(), "files": files}, ensure_ascii=False, indent=1)
        part = folder / "evaluation.json.new"
        part.write_text(told + "\n", encoding="utf-8")
        part.replace(folder / "evaluation.json")
    return done


def _chosen(facts: Facts, named: Sequence[str]) -> tuple[Case, ...]:
    known = {case.case: case for case in facts.cases}
    for name in named:
        if name not in known:
            raise NotFound(
                f"there is no case {name} in this city; the first is {min(known)}",
                f"本城市没有病例 {name}；首例为 {min(known)}",
            )
    return tuple(known[name] for name in sorted(named or known))


@contextmanager
def _whole(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        for part in folder.glob("*.new"):
            part.unlink(missing_ok=True)
        reason = os.strerror(fault.errno) if fault.errno else type(fault).__name__
        raise StorageError(
            f"the answers cannot be written to {folder}: {reason}",
            f"无法将答案写入 {folder}：{reason}",
        ) from fault


def _write(folder: Path, name: str, schema: pa.Schema, parts: Iterator[pa.Table]) -> int:
    part, rows = folder / f"{name}.parquet.new", 0
    with pq.ParquetWriter(
        part, schema, compression="zstd", compression_level=1, store_schema=False
    ) as writer:
        for table in parts:
            writer.write_table(table)
            rows += table.num_rows
    part.replace(folder / f"{name}.parquet")
    return rows


def _write_exposures(folder: Path, facts: Facts, filed: Filed, cases: tuple[Case, ...]) -> int:
    infected = _infected(folder, facts.person_names)
    parts = exposures(facts, filed, cases, infected)
    return _write(folder, "exposure", EXPOSURE, (_exposure(p, facts, cases) for p in parts))


def _infected(folder: Path, persons: Keys) -> dict[int, int]:
    """When each person was infected, seconds of UTC."""
    table = read_table(folder, "infection")
    at = table.instants("at")
    known = at != MISSING
    person = persons.codes(table.column("infectee"))[known]
    return dict(zip(person.tolist(), at[known].tolist(), strict=True))


def _exposure(part: Exposures, facts: Facts, cases: tuple[Case, ...]) -> pa.Table:
    rows = np.lexsort([part.start, part.person, part.case])
    place = part.place[rows]
    columns = [
        _named([case.case for case in cases], part.case[rows]),
        facts.person_names.names.take(pa.array(part.person[rows])),
        facts.place_names.names.take(pa.array(place, mask=place < 0)),
        _instants(part.start[rows]),
        _instants(part.end[rows]),
        pa.array((part.end - part.start)[rows] / 60),
        _named(SETTING_WORDS, part.setting[rows]),
    ]
    return pa.table(columns, schema=EXPOSURE)


def _write_contacts(
    folder: Path,
    filed: Filed,
    cases: tuple[Case, ...],
    protocols: Sequence[Protocol],
    done: Answered,
) -> None:
    facts = filed.facts

    def parts() -> Iterator[pa.Table]:
        for protocol in protocols:
            told = _of_protocol(protocol)
            counted: Counter[str] = Counter()
            for found in evaluate(facts, [protocol], cases, filed):
                told["windows"] += _windows(found)
                counted.update(_counted(found))
                yield _contact(found, facts)
            told["contacts"] = dict(sorted(counted.items()))
            done.protocols.append(told)

    _write(folder, "contact", CONTACT, parts())


def _of_protocol(protocol: Protocol) -> dict[str, Any]:
    return {
        "protocol": protocol.id,
        "version": protocol.version,
        "digest": protocol.digest,
        "contacts": {},
        "windows": [],
    }


def _windows(found: Evaluation) -> list[dict[str, Any]]:
    return [
        {
            "case": case.case,
            "anchor": window.anchor,
            "start": _told(window.start),
            "end": _told(window.end),
        }
        for case, window in zip(found.cases, found.windows, strict=True)
        if window is not None
    ]


def _counted(found: Evaluation) -> dict[str, int]:
    """Rows by order and class: '1 close', '2 second'."""
    width = len(OUTCOMES)
    kinds, counts = np.unique(found.order * width + found.outcome, return_counts=True)
    return {
        f"{kind // width} {OUTCOMES[kind % width]}": count
        for kind, count in zip(kinds.tolist(), counts.tolist(), strict=True)
    }


def _contact(found: Evaluation, facts: Facts) -> pa.Table:
    count = len(found)
    columns = [
        pa.array([found.protocol.id] * count, pa.string()),
        pa.array(np.full(count, found.protocol.version, dtype=np.int32)),
        _named([case.case for case in found.cases], found.case),
        facts.person_names.names.take(pa.array(found.person)),
        pa.array(found.order.astype(np.int8)),
        _named([str(outcome) for outcome in OUTCOMES], found.outcome),
        _instants(found.first),
        _instants(found.last),
        pa.array(found.seconds / 60),
    ]
    return pa.table(columns, schema=CONTACT)


def _named(words: Sequence[str], codes: Int) -> pa.Array:
    """The word of each code; none where it is -1."""
    return pa.array(words, pa.string()).take(pa.array(codes, mask=codes < 0))


def _instants(seconds: Int) -> pa.Array:
    return pa.array(seconds * 1_000_000).cast(INSTANT)


def _told(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat()


def _digest(path: Path) -> dict[str, str]:
    with path.open("rb") as file:
        return {"sha256": hashlib.file_digest(file, "sha256").hexdigest()}
