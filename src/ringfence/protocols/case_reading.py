"""Worked cases: given records, and the contacts that the protocol must find in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ringfence.errors import DataError, Text
from ringfence.protocols import quantities as q
from ringfence.protocols.faults import offered, shown
from ringfence.protocols.fields import Section, Value, several
from ringfence.protocols.model import Fact, RideFact
from ringfence.protocols.pipe_tables import parse_pipe_table
from ringfence.records import TABLES

CONTACT_COLUMNS = (
    "subject",
    "order",
    "class",
    "priority",
    "rules",
    "cases",
    "via",
    "flags",
    "minutes",
    "settings",
    "first_exposure",
    "last_exposure",
    "provisional",
    "measures",
    "release_date",
)
REVIEW_COLUMNS = ("fact", "place", "people", "cases")
VENUE_COLUMNS = ("place", "people", "limit", "case", "via", "setting", "zone")
DEFAULT_ZONE = "UTC"


@dataclass(frozen=True)
class PipeTable:
    """A table of a worked case as written: text in every cell. `line`: where it stands."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    line: int = 0

    def records(self) -> list[dict[str, str]]:
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class WorkedCase:
    """Records, what is traced, and the answer.

    `given`: canonical tables by name. `cases`: the case numbers that are traced (empty: all of the
    table `case`). `contacts`, `review` and `venues` list everything that is found; only the columns
    that they name are compared; a cell with several values separates them by ';'. A table that is
    left out must be empty.
    """

    title: Text
    line: int
    given: Mapping[str, PipeTable]
    contacts: PipeTable
    review: PipeTable = field(default=PipeTable(("fact",), ()))
    venues: PipeTable = field(default=PipeTable(("place",), ()))
    cases: tuple[str, ...] = ()
    orders: int = 2
    as_of: datetime | None = None
    zone: str = DEFAULT_ZONE


def worked_case(value: Value) -> WorkedCase:
    section = value.section("title", "given", "trace", "expect")
    expect = section.need("expect", lambda v: v.section("contacts", "review", "venues"), None)
    trace = section.get("trace", lambda v: v.section("cases", "orders", "as_of", "zone"), None)
    nobody = PipeTable(("subject",), ())
    found = WorkedCase(
        title=section.need("title", q.both_languages, Text("", "")),
        line=value.line,
        given=section.need("given", _given, {}),
        contacts=_expected(expect, "contacts", CONTACT_COLUMNS, nobody),
        review=_expected(expect, "review", REVIEW_COLUMNS, PipeTable(("fact",), ())),
        venues=_expected(expect, "venues", VENUE_COLUMNS, PipeTable(("place",), ())),
        cases=trace.get("cases", several(Value.text), ()) if trace else (),
        orders=trace.get("orders", q.whole(1, 2), 2) if trace else 2,
        as_of=trace.get("as_of", _instant, None) if trace else None,
        zone=trace.get("zone", _zone, DEFAULT_ZONE) if trace else DEFAULT_ZONE,
    )
    _check(section, expect, found)
    return found


def _given(value: Value) -> dict[str, PipeTable]:
    section = value.section(*TABLES)
    tables: dict[str, PipeTable] = {}
    for name in section.names:
        if name in TABLES:
            known = tuple(column.name for column in TABLES[name].lake_columns)
            found = section.get(name, _table(known), None)
            if found:
                needed = [c.name for c in TABLES[name].lake_columns if c.required]
                for missing in (column for column in needed if column not in found.columns):
                    section.note(
                        f"the column '{missing}' is missing", f"缺少列“{missing}”", field=name
                    )
                tables[name] = found
    return tables


def _expected(
    section: Section | None, name: str, columns: tuple[str, ...], nothing: PipeTable
) -> PipeTable:
    return section.get(name, _table(columns), nothing) if section else nothing


def _table(known: tuple[str, ...]) -> Callable[[Value], PipeTable]:
    def read(value: Value) -> PipeTable:
        try:
            columns, rows = parse_pipe_table(value.text())
        except DataError as error:
            raise value.refused(error.text.en, error.text.zh) from None
        for column in columns:
            if column not in known:
                word, names = shown(column), offered(column, known)
                raise value.refused(
                    f"there is no column {word.en}; write one of: {names.en}",
                    f"没有列{word.zh}；可用列：{names.zh}",
                )
        return PipeTable(columns, rows, value.line)

    return read


def _check(section: Section, expect: Section | None, found: WorkedCase) -> None:
    cases = found.given.get("case")
    if cases is None or not cases.rows:
        section.note("the table 'case' with a case to trace is missing", "缺少含病例的 case 表")
    facts = [fact.value for kind in (Fact, RideFact) for fact in kind]
    for row in found.review.records():
        fact = row.get("fact", facts[0])
        if expect and fact not in facts:
            exist = offered(fact, facts)
            expect.note(
                f"a question is asked about one of: {exist.en}",
                f"待核实事项应为：{exist.zh}",
                "review",
            )


def _instant(value: Value) -> datetime:
    try:
        found = datetime.fromisoformat(value.text())
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise value.refused(
            "a time with its offset is wanted (2022-07-05T12:00+08:00)",
            "应为带时区偏移的时间（如 2022-07-05T12:00+08:00）",
        )
    return found.astimezone(UTC)


def _zone(value: Value) -> str:
    text = value.text()
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise value.refused(
            "the name of a time zone is wanted (Asia/Shanghai)", "应为时区名称（如 Asia/Shanghai）"
        ) from None
    return text
