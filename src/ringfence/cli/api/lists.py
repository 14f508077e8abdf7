"""Lists of persons handed down, through a server. Who anybody is, no server tells a program."""

from __future__ import annotations

import base64
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from ringfence.cli.api import failing
from ringfence.cli.api.asking import Asked, Server, posted, told
from ringfence.cli.api.importing import Progress, file_name, opened_file, sent_through
from ringfence.cli.api.reading import number_of, object_of, text_of
from ringfence.errors import DataError, NotFound, Text, UsageError
from ringfence.lake import Reject
from ringfence.operations.lists import STAGES, Person, ReceivedList
from ringfence.operations.lists.form import read_form_text
from ringfence.operations.lists.model import ANSWERED, RECEIVED, SIGNED, WITHDRAWN
from ringfence.operations.lists.outcomes import outcomes_in
from ringfence.operations.lists.reading import number_of as number_in
from ringfence.protocols.nodes import MOST_BYTES as LARGEST_FORM
from ringfence.sources.delivered import Delivered

_MOST_BYTES = 64 << 20
_STATES = (RECEIVED, SIGNED, ANSWERED, WITHDRAWN)
_ROWS = ("received", "refused", "valid", "duplicates")
Figures = Mapping[str, Any]
"""As `Funnel.as_json` has them."""
Read = TypeVar("Read")


@dataclass(frozen=True)
class Came:
    """What a list that was sent is here. `unread`: sheets that were not read."""

    name: str
    replayed: bool
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    name: str
    persons: tuple[int, ...]
    before: tuple[int, ...]


def import_list(
    server: Server,
    file: str,
    *,
    agency: str,
    basis: str,
    case: str | None,
    form: Path | None,
    progress: Progress,
) -> Came:
    """UsageError: no case is named. A file of its form is judged before anything is sent."""
    if case is None:
        raise UsageError(
            "through a server a list belongs to a case: name it with --case",
            "通过服务器导入名单须关联病例：请用 --case 指定",
        )
    content = {"agency": agency, "basis": basis, "case": case, "form": _form(form)}
    found = sent_through(server, file, "/lake/lists", content, progress)
    receipt = object_of(server.address, found, "receipt")

    def read() -> Came:
        return Came(
            f"L{number_in(_text(server, receipt, 'list'))}",
            _flag(receipt, "replayed"),
            tuple(_texts(receipt, "unread")),
        )

    return _read(server, read)


def lists_through(server: Server) -> list[tuple[ReceivedList, Figures]]:
    found = _got(server, "/lake/lists")

    def read() -> list[tuple[ReceivedList, Figures]]:
        return [
            (_list(server, one["handed"]), _figures(server, one["funnel"]))
            for one in _several(found, "lists")
        ]

    return _read(server, read)


def funnel_through(server: Server, name: str) -> Figures:
    found = _got(server, f"{_path(name)}/funnel")
    return _read(server, lambda: _figures(server, found))


def persons_through(server: Server, name: str, stage: str, only: Sequence[int]) -> list[Person]:
    if stage not in STAGES:
        words = ", ".join(STAGES)
        raise UsageError(f"a stage is one of: {words}", f"阶段只能是：{words}")
    found = _got(server, f"{_path(name)}/persons?at={stage}")
    persons = _read(server, lambda: [_person(server, one) for one in _several(found, "persons")])
    return [one for one in persons if not only or one.person in only]


def refused_through(server: Server, name: str) -> tuple[ReceivedList, tuple[Reject, ...]]:
    found = _got(server, f"{_path(name)}/refused")

    def read() -> tuple[ReceivedList, tuple[Reject, ...]]:
        rows = tuple(_reject(server, one) for one in _several(found, "rows"))
        return _list(server, found["handed"]), rows

    return _read(server, read)


def check_through(server: Server, name: str) -> Figures:
    found = _sent(server, f"{_path(name)}/check", {})
    return _read(server, lambda: _figures(server, found))


def send_through(
    server: Server, name: str, *, unit: str, division: str | None, persons: Sequence[int]
) -> Done:
    content = {"unit": unit, "division": division, "persons": list(persons)}
    return _done(server, _sent(server, f"{_path(name)}/sending", content))


def record_through(server: Server, name: str, outcomes: Mapping[int, str]) -> Done:
    by_outcome: defaultdict[str, list[int]] = defaultdict(list)
    for person, outcome in outcomes.items():
        by_outcome[outcome].append(person)
    return _done(server, _sent(server, f"{_path(name)}/outcomes", {"outcomes": by_outcome}))


def outcomes_of(file: str) -> dict[int, str]:
    """Read on this machine: a unit's sheet says who somebody is, and a server is not sent that."""
    with opened_file(file) as opened:
        size = opened.seek(0, 2)
        opened.seek(0)
        return outcomes_in(Delivered(opened, file_name(file), size))


def sign_through(server: Server, name: str, *, interim: bool) -> int:
    """How many persons are pending."""
    found = _sent(server, f"{_path(name)}/signature", {"interim": interim})
    return number_of(server.address, found, "pending")


def answer_through(server: Server, name: str, language: str) -> tuple[ReceivedList, bytes]:
    """The list, and the file for its sender."""
    found = _sent(server, f"{_path(name)}/answer", {"language": language})

    def read() -> tuple[ReceivedList, bytes]:
        content = base64.b64decode(found["content"], validate=True)
        return _list(server, found["handed"]), content

    return _read(server, read)


def withdraw_through(server: Server, name: str, reason: str) -> ReceivedList:
    found = _sent(server, f"{_path(name)}/withdrawal", {"reason": reason})
    return _read(server, lambda: _list(server, found))


def _form(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FORM + 1)
    except OSError:
        raise NotFound(f"there is no form of a list {path}", f"找不到名单格式文件 {path}") from None
    read_form_text(content, path.name)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(f"{path} is no text in UTF-8", f"{path} 不是 UTF-8 文本") from None


def _path(name: str) -> str:
    return f"/lake/lists/L{number_in(name)}"


def _got(server: Server, path: str) -> Any:
    return told(server, Asked("GET", path, most=_MOST_BYTES))


def _sent(server: Server, path: str, content: Mapping[str, Any]) -> Any:
    asked = posted(path, content, secrets.token_hex(16))
    return told(server, Asked("POST", path, asked.body, key=asked.key, most=_MOST_BYTES))


def _read(server: Server, read: Callable[[], Read]) -> Read:
    try:
        return read()
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, UsageError):
        raise failing.no_server(server.address) from None


def _list(server: Server, told: Any) -> ReceivedList:
    state = _text(server, told, "state")
    if state not in _STATES:
        raise ValueError
    return ReceivedList(
        number=number_in(_text(server, told, "id")),
        batch=_text(server, told, "batch"),
        agency=_text(server, told, "agency"),
        basis=_text(server, told, "basis"),
        case=_text(server, told, "case"),
        file=_text(server, told, "file"),
        form=_text(server, told, "form"),
        rows_in=number_of(server.address, told, "rows_in"),
        received_at=_time(server, told, "received_at"),
        received_by=_text(server, told, "received_by"),
        state=state,
        changed_at=_time(server, told, "changed_at"),
        changed_by=_text(server, told, "changed_by"),
        digest=_perhaps(server, told, "digest"),
        parts=tuple(_texts(told, "parts")),
    )


def _figures(server: Server, told: Any) -> Figures:
    name = f"L{number_in(_text(server, told, 'id'))}"
    counts = {one: number_of(server.address, told, one) for one in (*_ROWS, *STAGES)}
    return {"list": name, **counts}


def _person(server: Server, told: Any) -> Person:
    return Person(
        number_of(server.address, told, "person"),
        tuple(_numbers(told, "rows")),
        tuple(_texts(told, "known")),
        division=_perhaps(server, told, "division"),
        unit=_perhaps(server, told, "unit"),
        outcome=_perhaps(server, told, "outcome"),
    )


def _reject(server: Server, told: Any) -> Reject:
    reason = object_of(server.address, told, "reason")
    return Reject(
        number_of(server.address, told, "row"),
        _words(told, "field"),
        Text(_words(reason, "en"), _words(reason, "zh")),
    )


def _done(server: Server, told: Any) -> Done:
    return _read(
        server,
        lambda: Done(
            f"L{number_in(_text(server, told, 'id'))}",
            tuple(_numbers(told, "persons")),
            tuple(_numbers(told, "before")),
        ),
    )


def _text(server: Server, told: Any, name: str) -> str:
    return text_of(server.address, told, name)


def _words(told: Any, name: str) -> str:
    """Headers and names of sheets are their sender's, and may have several lines."""
    if not isinstance(told[name], str):
        raise TypeError
    return "".join(sign if sign.isprintable() else " " for sign in told[name])


def _perhaps(server: Server, told: Any, name: str) -> str | None:
    return None if told[name] is None else _text(server, told, name)


def _flag(told: Any, name: str) -> bool:
    if not isinstance(told[name], bool):
        raise TypeError
    return bool(told[name])


def _time(server: Server, told: Any, name: str) -> datetime:
    at = datetime.fromisoformat(_text(server, told, name))
    if at.tzinfo is None:
        raise ValueError
    return at.astimezone(UTC)


def _texts(told: Any, name: str) -> list[str]:
    return [_words({name: one}, name) for one in _several(told, name)]


def _numbers(told: Any, name: str) -> list[int]:
    found = _several(told, name)
    if not all(isinstance(one, int) and not isinstance(one, bool) and one >= 0 for one in found):
        raise TypeError
    return found


def _several(told: Any, name: str) -> list[Any]:
    found = told[name]
    if not isinstance(found, list):
        raise TypeError
    return found
