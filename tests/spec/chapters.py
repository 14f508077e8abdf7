"""What a chapter of the manual holds once it is read: cases with what is given and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DEFAULT_AS_OF = "07-31 00:00"
DEFAULT_ZONE = "Asia/Shanghai"
DEFAULT_JURISDICTION = "CN"

_ANSWERS = {
    "contacts": "subject order class priority rules minutes first last flags via path cases "
    "settings measures release_date provisional",
    "review": "fact place start end settles people cases question",
    "venues": "case via place setting zone start end people limit",
    "evidence": "subject case via kind setting place zone start end minutes rule certainty rows",
    "windows": "case subject classification provisional jurisdiction anchor start end open",
    "answer": "protocol version draft as_of",
    "warnings": "says",
    "passengers": "subject class rules nearness rows_apart seats_apart minutes open flags seat"
    " from to",
    "timeline": "where start end earliest latest confidence sources",
    "set_aside": "where start end sources",
    "conflicts": "kind these those likelier reasons figure",
    "gaps": "start end before after minutes waking infectious apart_km settled",
    "questions": "kind asks",
    "vehicles": "vehicle levels first last sightings places later later_place came_back",
}
EXPECTED: dict[str, frozenset[str]] = {
    table: frozenset(columns.split()) for table, columns in _ANSWERS.items()
}
"""Tables that a trace answers with, and the columns that a chapter may compare."""

COMPLETE = ("contacts", "review", "venues")
"""A case that does not show one of these says that it is empty."""
OF_RIDES = ("passengers",)
"""The same where passengers were asked for."""
OF_MOVEMENTS = ("conflicts",)
"""The same where a trajectory was asked for."""
OF_AREAS = ("vehicles",)
"""The same where vehicles were."""


class ChapterError(Exception):
    """The chapter does not follow the form; the message names file and line."""

    def __init__(self, path: Path, line: int, what: str) -> None:
        super().__init__(f"{path.name}:{line}: {what}")


@dataclass(frozen=True)
class Rows:
    """A Markdown table: header, and one mapping a row."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Given:
    """One delivery of a canonical table."""

    table: str
    rows: Rows
    line: int
    source: str | None = None
    received: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Act:
    """A delivery is withdrawn or reinstated; subjects are merged, or split from the others."""

    word: str
    about: tuple[str, ...]
    at: str
    line: int


@dataclass(frozen=True)
class Expected:
    """A table of the answer. `in_order`: the order of the rows matters too."""

    table: str
    rows: Rows
    line: int
    in_order: bool = False


@dataclass(frozen=True)
class Refusal:
    """The trace ends with this exit code, and its message has this phrase."""

    exit_code: int
    phrase: str


@dataclass(frozen=True)
class Ridden:
    """Passengers are asked for instead of a trace. Of the case, as on the command line."""

    service: str
    day: str
    seat: str | None = None
    board: str | None = None
    alight: str | None = None


@dataclass(frozen=True)
class Moved:
    """A trajectory is asked for instead of a trace: local days, both included."""

    first: str | None = None
    last: str | None = None


@dataclass(frozen=True)
class Area:
    """Vehicles of a risk area are asked for instead of a trace."""

    area: str
    level: str | None = None
    since: str | None = None


@dataclass(frozen=True)
class Run:
    """One trace, one list of passengers or vehicles, or one trajectory, and what it must answer."""

    line: int
    ridden: Ridden | None = None
    moved: Moved | None = None
    area: Area | None = None
    cases: tuple[str, ...] = ()
    orders: int = 2
    as_of: str = DEFAULT_AS_OF
    crowd_limit: bool = True
    protocol: str | None = None
    expected: tuple[Expected, ...] = ()
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Home:
    zone: str = DEFAULT_ZONE
    jurisdiction: str = DEFAULT_JURISDICTION


@dataclass(frozen=True)
class Case:
    """One worked case. `protocols`: YAML as written; `shipped`: ids of shipped protocols."""

    title: str
    line: int
    home: Home
    protocols: tuple[str, ...]
    shipped: tuple[str, ...]
    steps: tuple[Given | Act, ...]
    runs: tuple[Run, ...]

    @property
    def given(self) -> tuple[Given, ...]:
        return tuple(step for step in self.steps if isinstance(step, Given))

    @property
    def needs_lake(self) -> bool:
        """Whether the history of deliveries matters, so that only a real home can show it."""
        return any(isinstance(step, Act) or step.received for step in self.steps)


@dataclass(frozen=True)
class Chapter:
    path: Path
    title: str
    cases: tuple[Case, ...]
