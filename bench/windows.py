"""Step that reads, from a filled home, what all programs are given: windows and isolations."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.deliveries import deliveries, next_morning, presences
from bench.peers.plain import Plain, write_stays
from ringfence.engines.sql import SqlEngine
from ringfence.lake import open_home, snapshot
from ringfence.protocols.catalogue import named
from ringfence.trace.case_files import known_cases
from ringfence.trace.seeds import confinements, seconds
from ringfence.trace.windows import window_of


def windows_step(home: str, city: str, plain: str, protocol: str) -> dict[str, Any]:
    """Writes the files of `Plain`; tells the cases that can be traced, in a hashed order."""
    given = deliveries(Path(city))
    now = next_morning(given)
    taken = snapshot(open_home(Path(home)), now)
    engine = SqlEngine(taken)
    rules = named(protocol).protocol
    found = []
    for file in known_cases(engine).values():
        window = None if file.ended else window_of(file, rules, taken.zone, now)
        if window is not None and window.start < window.end:
            found.append((file.case, file.subject, seconds(window.start), seconds(window.end)))
    found.sort(key=lambda row: hashlib.sha256(row[0].encode()).digest())
    kept = Plain(Path(plain), seconds(now))
    rows = write_stays(kept, [str(delivery.path) for delivery in presences(given)])
    _write(kept.windows, ("case", "subject", "begins", "ends"), found)
    told = engine.rows("measure", "subject", None).column("subject")
    infected = engine.rows("case", "subject", None).column("subject")
    people = pc.unique(pa.concat_arrays([*told.chunks, *infected.chunks])).to_pylist()
    confined = [
        (subject, one.start, one.end)
        for subject, spells in confinements(engine, sorted(people), taken.zone).items()
        for one in spells
    ]
    _write(kept.confined, ("subject", "begins", "ends"), confined)
    return {"cases": [row[0] for row in found], "stays": rows, "as_of": seconds(now)}


def _write(path: Path, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    schema = pa.schema(
        [(name, pa.int64() if name in ("begins", "ends") else pa.string()) for name in names]
    )
    columns = zip(*rows, strict=True) if rows else [[] for _ in names]
    arrays = [pa.array(list(c), f.type) for c, f in zip(columns, schema, strict=True)]
    pq.write_table(pa.Table.from_arrays(arrays, schema=schema), path)
