"""Which protocol a trace follows: the one in force where and when the cases were reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ringfence.engines.question import Engine
from ringfence.engines.snapshot import Snapshot
from ringfence.errors import UsageError
from ringfence.protocols.catalogue import in_force
from ringfence.protocols.model import Protocol
from ringfence.trace.case_files import CaseFile, read_cases
from ringfence.trace.local_days import local_day

_STAND_INS_FOR_REPORT = ("report", "sample", "onset", "rash", "cough")


def protocol_in_force(
    snapshot: Snapshot, engine: Engine, cases: Sequence[str], protocols: Iterable[Protocol]
) -> Protocol:
    """The protocol of all the cases. NotFound names the candidates; UsageError: they differ."""
    known = list(protocols)
    parents = jurisdiction_parents(engine)
    files = read_cases(engine, cases)
    chosen = {p.digest: p for p in (protocol_of(f, snapshot, parents, known) for f in files)}
    if len(chosen) > 1:
        raise UsageError(
            en="these cases follow different protocols; trace them apart, or name one with "
            "--protocol",
            zh="这些病例适用不同的防控方案；请分别追踪，或用 --protocol 指定",
        )
    return next(iter(chosen.values()))


def protocol_of(
    file: CaseFile,
    snapshot: Snapshot,
    parents: Mapping[str, str | None],
    protocols: Iterable[Protocol],
) -> Protocol:
    """The protocol in force for one case. NotFound names the candidates."""
    chain = jurisdiction_chain(file.jurisdiction, snapshot.jurisdiction, parents)
    return in_force(protocols, file.disease, chain, report_day(file, snapshot))


def jurisdiction_parents(engine: Engine) -> dict[str, str | None]:
    """The jurisdiction above each that a file describes."""
    rows = engine.rows("jurisdiction", "code", None).to_pylist()
    return {row["code"]: row["parent"] for row in rows}


def jurisdiction_chain(
    code: str | None, home: str, parents: Mapping[str, str | None]
) -> tuple[str, ...]:
    """The case's jurisdiction and those above it; a code that no file describes is of the home."""
    if code is None:
        code = home
    chain = [code]
    while (above := parents.get(chain[-1])) and above not in chain:
        chain.append(above)
    return tuple(chain) if code in parents or code == home else (*chain, home)


def report_day(file: CaseFile, snapshot: Snapshot) -> date:
    """The local day of the report; where none is known, the earliest sure sign of the case."""
    for kind in _STAND_INS_FOR_REPORT:
        if kind in file.events:
            return local_day(file.events[kind].at, snapshot.zone)
    return local_day(snapshot.as_of, snapshot.zone)
