"""Runs the worked cases that a protocol carries: records in, the contacts that it must name out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ringfence.engines.question import EngineMaker
from ringfence.errors import Text
from ringfence.protocols.case_reading import PipeTable, WorkedCase
from ringfence.protocols.model import Protocol
from ringfence.protocols.reading import ProtocolFile
from ringfence.trace.on_paper import PaperTable, snapshot_on_paper
from ringfence.trace.result import Contact, ReviewItem, Trace, Venue
from ringfence.trace.tracing import trace_cases
from ringfence.trace.views.figures import iso, number

Cells = Mapping[str, str]
_LISTS = frozenset({"rules", "cases", "via", "flags", "settings", "people", "measures"})
_INSTANTS = frozenset({"first_exposure", "last_exposure"})
_END_OF_TIME = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Outturn:
    """How one worked case came out: `differences` is empty where all is as expected."""

    case: WorkedCase
    differences: tuple[Text, ...]


def run_worked_cases(file: ProtocolFile, make_engine: EngineMaker) -> tuple[Outturn, ...]:
    """Each worked case of the protocol, traced by itself, on an engine of its own."""
    return tuple(_run(file.protocol, case, make_engine) for case in file.worked_cases)


def _run(protocol: Protocol, case: WorkedCase, make_engine: EngineMaker) -> Outturn:
    cases = case.cases or tuple(row["case"] for row in case.given["case"].records())
    tables = [PaperTable(name, t.columns, t.rows, name) for name, t in case.given.items()]
    with TemporaryDirectory() as folder:
        snapshot = snapshot_on_paper(
            tables,
            Path(folder),
            zone=case.zone,
            jurisdiction=protocol.jurisdiction,
            as_of=case.as_of or _END_OF_TIME,
        )
        trace = trace_cases(snapshot, make_engine(snapshot), protocol, cases, case.orders)
    differences = [
        *_compared("contacts", case.contacts, [_contact(c, trace) for c in trace.contacts], case),
        *_compared("review", case.review, [_review(item) for item in trace.review], case),
        *_compared("venues", case.venues, [_venue(venue) for venue in trace.venues], case),
    ]
    return Outturn(case, tuple(differences))


def _compared(
    name: str, expected: PipeTable, found: list[dict[str, str]], case: WorkedCase
) -> list[Text]:
    """What is missing and what is too much, by the columns that the worked case names."""
    wanted = sorted(
        tuple(_normal(column, row[column], case.zone) for column in expected.columns)
        for row in expected.records()
    )
    got = sorted(tuple(row[column] for column in expected.columns) for row in found)
    missing = [row for row in wanted if row not in got or wanted.count(row) > got.count(row)]
    surplus = [row for row in got if row not in wanted or got.count(row) > wanted.count(row)]
    return [
        *(
            Text(f"{name}: expected, not found: {_line(r)}", f"{name}：应有而无：{_line(r)}")
            for r in missing
        ),
        *(
            Text(f"{name}: found, not expected: {_line(r)}", f"{name}：不应有而有：{_line(r)}")
            for r in surplus
        ),
    ]


def _line(row: tuple[str, ...]) -> str:
    return " | ".join(row)


def _normal(column: str, cell: str, zone: str) -> str:
    """A cell as it is compared: lists sorted, instants in the zone, truths and numbers plain."""
    if column in _LISTS:
        return _listed(part.strip() for part in cell.split(";"))
    if column in _INSTANTS and cell:
        return iso(datetime.fromisoformat(cell), zone)
    if column == "provisional":
        return {"yes": "true", "no": "false"}.get(cell.lower(), cell.lower())
    if column == "minutes" and cell:
        return str(number(float(cell)))
    return cell


def _listed(parts: Iterable[str]) -> str:
    return ";".join(sorted(part for part in parts if part))


def _contact(contact: Contact, trace: Trace) -> dict[str, str]:
    return {
        "subject": contact.person,
        "order": str(contact.order),
        "class": str(contact.outcome),
        "priority": str(contact.priority),
        "rules": _listed(contact.rules),
        "cases": _listed(contact.cases),
        "via": _listed({e.via or "" for e in contact.evidence}),
        "flags": _listed(contact.flags),
        "minutes": str(number(contact.minutes)),
        "settings": _listed(contact.settings),
        "first_exposure": iso(contact.first_exposure, trace.zone),
        "last_exposure": iso(contact.last_exposure, trace.zone),
        "provisional": str(contact.provisional).lower(),
        "measures": _listed(f"{m.measure.kind} {m.measure.days}" for m in contact.measures),
        "release_date": "" if contact.release_date is None else str(contact.release_date),
    }


def _review(item: ReviewItem) -> dict[str, str]:
    return {
        "fact": item.fact,
        "place": item.place or "",
        "people": _listed(item.people),
        "cases": _listed(item.cases),
    }


def _venue(venue: Venue) -> dict[str, str]:
    return {
        "place": venue.place,
        "people": str(venue.people),
        "limit": str(venue.limit),
        "case": venue.case,
        "via": venue.via or "",
        "setting": venue.setting or "",
        "zone": venue.zone or "",
    }
