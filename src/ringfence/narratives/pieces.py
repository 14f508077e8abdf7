"""A text in pieces, each of which tells at most one act and when it was."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ringfence.narratives.marks import Mark
from ringfence.narratives.places import Name, names_in
from ringfence.narratives.times import When, as_end, ended

Item = When | Mark | Name
_SHORTENED = "".join(
    rf"(?<!\b{word})" for word in ("No", "St", "Dr", "Mr", "Mrs", "Ms", "ca", "dep", "arr")
)
_CUT = re.compile(
    rf"[,，。;；\n!！?？]|(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff\d])|{_SHORTENED}\.(?=\s|$)"
    r"|\s{1,4}and\s{1,4}(?=(?:then\s|later\s)?[a-z]+ed\b|went|took|had|ate|then|was"
    r"|(?:arriv|land|leav|depart|gett|return)ing\b)"
)
_STOPS = re.compile(r"\.\s+(?!(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)|on\s|East|Pacif|local)[A-Z]")
_CAPITAL = re.compile(r" [A-Z]")
_HARD = re.compile(r"[。;；\n!！?？]|\.")
_OPEN, _CLOSE = "(", ")"
_LONGEST_BRACKET = 80
_MOST_ITEMS = 60
"""A piece with more is cut there: it tells no act, and would be read again for each of them."""
_BARE = re.compile(
    r"\s*(?!(?:He|She|They|It|I|We|The|Then|And)\b)[A-Z][\w'-]*(?:\s[A-Z][\w'-]*){0,3}\s*"
)
"""A name alone before `to`: Yunting North to Shuangta."""
_ACTS = frozenset(
    {
        "onset",
        "test",
        "isolation",
        "diagnosis",
        "vaccination",
        "discharge",
        "activity",
        "at_home",
        "transfer",
    }
)
_WAYS = frozenset({"from", "to", "in", "via"})


@dataclass
class Piece:
    """[start, end) of the plain text, what stands in it, and whether a sentence begins with it."""

    start: int
    end: int
    items: list[Item] = field(default_factory=list)
    opens: bool = False

    @property
    def when(self) -> When | None:
        """Its days as they are told first, and so its windows."""
        told = [item for item in self.items if isinstance(item, When)]
        if len(told) < 2:
            return told[0] if told else None
        days = next((one for one in told if one.days or one.last), told[0])
        clocked = next((one for one in told if one.windows), told[0])
        windows = as_end(clocked.windows) if clocked.until else clocked.windows
        clocks = [one for one in told if one.windows and one.windows[0].start]
        open_end = len(clocks) > 1 and len(windows) == 1 and windows[0].end is None
        if open_end and (clocks[1].until or self.has("service", "means")):
            windows = (ended(windows[0], clocks[1].windows[0]),)
        first, last = min(one.start for one in told), max(one.end for one in told)
        return replace(days, start=first, end=last, windows=windows)

    @property
    def names(self) -> list[Name]:
        return [item for item in self.items if isinstance(item, Name)]

    def marks(self, *names: str) -> list[Mark]:
        return [item for item in self.items if isinstance(item, Mark) and item.name in names]

    def has(self, *names: str) -> bool:
        return bool(self.marks(*names))


def pieces_of(plain: str, marks: Sequence[Mark], times: Sequence[When]) -> list[Piece]:
    found: list[Piece] = []
    items = _items(marks, times)
    at = 0
    for start, end, opens in _clauses(plain, times):
        some: list[Item] = []
        while at < len(items) and items[at].start < end:
            some.append(items[at])
            at += 1
        found += _split(plain, Piece(start, end, list(_with_names(plain, start, end, some)), opens))
    return found


def _items(marks: Sequence[Mark], times: Sequence[When]) -> list[Item]:
    """Times, and the marks outside them."""
    kept: list[Item] = list(times)
    at = 0
    for mark in marks:
        while at < len(times) and times[at].end <= mark.start:
            at += 1
        inside = at < len(times) and mark.start < times[at].end and mark.end > times[at].start
        if not inside:
            kept.append(mark)
    return sorted(kept, key=lambda item: item.start)


def _clauses(plain: str, times: Sequence[When]) -> Iterator[tuple[int, int, bool]]:
    """Between commas, stops and line breaks, but for those in brackets and inside a time."""
    brackets = list(_brackets(plain))
    closed = [(when.start, _closed(plain, when.end)) for when in times] + brackets
    closed.sort()
    at = start = 0
    opens = True
    for cut in _CUT.finditer(plain):
        while at < len(closed) and closed[at][1] <= cut.start():
            at += 1
        near = closed[max(at - 1, 0) : at + 3]
        blank = not cut.group().strip(" ")  # 7时 在…: a space behind a time ends nothing
        if any(first < cut.start() < last + blank for first, last in near):
            continue
        if plain[start : cut.start()].strip():
            yield start, cut.start(), opens
            opens = False
        opens = opens or bool(_HARD.match(cut.group()))
        start = cut.end()
    if plain[start:].strip():
        yield start, len(plain), opens


def _closed(plain: str, end: int) -> int:
    """…to 8 p.m. Her room-mate: the stop of a time may be that of its sentence."""
    return end - 1 if _STOPS.match(plain, end - 1) else end


def _brackets(plain: str) -> Iterator[tuple[int, int]]:
    opened = -1
    for found in re.finditer(r"[()\n]", plain):
        if found.group() == _OPEN:
            opened = found.start()
        elif found.group() == _CLOSE and opened >= 0 and found.start() - opened <= _LONGEST_BRACKET:
            yield opened, found.end()
            opened = -1
        else:
            opened = -1


def _with_names(plain: str, start: int, end: int, items: Sequence[Item]) -> Iterator[Item]:
    last, way, carried, beside = start, "", False, ""
    for item in [*items, None]:
        stop = end if item is None else item.start
        if stop > last:
            onward = isinstance(item, Mark) and item.name == "to" and not way
            onward = onward and (carried or _BARE.fullmatch(plain, last, stop) is not None)
            whom = isinstance(item, Mark) and item.name == "relation"
            of_people = whom and beside == "with" and not way
            found = [] if of_people else names_in(plain, last, stop, "from" if onward else way)
            yield from _before_a_home(found, item)
            if found or plain[last:stop].strip():
                way = ""
        if item is None:
            return
        last = item.end
        beside = item.name if isinstance(item, Mark) else ""
        if isinstance(item, When) and item.route is not None:
            yield from _stations(plain, item.route)
        carried = carried or (isinstance(item, Mark) and item.name in {"service", "means"})
        if isinstance(item, Mark) and item.name == "home":
            yield Name(plain[item.start : item.end], "home", item.start, item.end, way)
            way = ""
            continue
        yield item
        if isinstance(item, Mark) and item.name in _WAYS:
            way = item.name
        elif isinstance(item, Mark) and item.name in {"arrives", "transfer"}:
            way = "to"
        elif isinstance(item, Mark) and item.name == "leaves" and _CAPITAL.match(plain, item.end):
            way = "from"
        elif not isinstance(item, When):
            way = way if isinstance(item, Mark) and item.name in {"every", "with"} else ""


def _before_a_home(found: Sequence[Name], item: Item | None) -> Sequence[Name]:
    """在白杨镇母亲家中: the town is where the home is."""
    if not isinstance(item, Mark) or item.name != "home" or not found:
        return found
    near = found[-1].kind is None and found[-1].end == item.start
    return found[:-1] if near else found


def _stations(plain: str, route: Mark) -> Iterator[Name]:
    """Both ends of a route, where the words before its first one are cut off."""
    origin = re.split(r"[从由自]|列车|航班|车次|次(?=.)", route.parts["origin"])[-1]
    for name, way in ((origin, "from"), (route.parts["goal"], "to")):
        kind = "station" if name.endswith("站") else "airport" if name.endswith("机场") else None
        at = plain.find(name, route.start, route.end)
        yield Name(name, kind, at, at + len(name), way)


def _split(plain: str, clause: Piece) -> Iterator[Piece]:
    """Where another act begins without a comma."""
    current = Piece(clause.start, clause.end, [], clause.opens)
    for item in clause.items:
        full = len(current.items) >= _MOST_ITEMS
        if full or (current.items and _begins(plain, clause, item, current)):
            cut = item.start
            yield Piece(current.start, cut, current.items, current.opens)
            current = Piece(cut, clause.end)
        current.items.append(item)
    yield current


def _begins(plain: str, clause: Piece, item: Item, current: Piece) -> bool:
    """Whether another act begins with this item."""
    opened = plain.count(_OPEN, current.start, item.start)
    if opened > plain.count(_CLOSE, current.start, item.start) or isinstance(item, Name):
        return False
    if isinstance(item, When):
        return _begins_with_time(plain, clause, item, current)
    riding = current.has("means", "service")
    tested = current.has("test", "result")
    begins = {
        "changes": _acted(current) or current.has("arrives"),
        "then": _told(current),
        "service": current.has("service"),
        "means": _stayed(current) and not current.has("means", "transfer"),
        "transfer": _stayed(current) and not current.has("means", "transfer"),
        "to": _stayed(current) or (_arrived(current) and (riding or current.has("activity"))),
        "in": _arrived(current) and riding and not current.has("activity"),
        "arrives": current.has("leaves")
        and current.when is not None
        and current.when.windows != (),
        "test": current.has("test") or (current.has("activity") and current.names != []),
        "isolation": tested,
        "diagnosis": tested,
        "onset": tested,
    }
    return begins.get(item.name, False)


def _begins_with_time(plain: str, clause: Piece, item: When, current: Piece) -> bool:
    """A time that only adds to the one before it begins nothing: the hours after a day."""
    when = current.when
    bracket = plain[max(item.start - 2, 0) : item.start].rstrip().endswith(_OPEN)
    if when is None or not _told(current) or bracket or (item.until and when.windows):
        return False
    adds = bool(item.windows) and not when.windows and not item.days
    vague = not any(one.start for one in item.windows)
    return not (adds and (vague or plain[clause.start : clause.end].isascii()))


def _acted(piece: Piece) -> bool:
    """A bare name is where somebody changes: 临江站换乘G1次."""
    return piece.has(*_ACTS, "service", "means") or any(name.way for name in piece.names)


def _told(piece: Piece) -> bool:
    return piece.has(*_ACTS, "service", "means") or bool(piece.names)


def _stayed(piece: Piece) -> bool:
    return piece.has("activity", "at_home") and bool(piece.names or piece.has("at_home"))


def _arrived(piece: Piece) -> bool:
    return any(name.way == "to" for name in piece.names)


def without_time(piece: Piece) -> Piece:
    """The same piece without its time, which belongs to the movement before it."""
    items: list[Item] = [item for item in piece.items if not isinstance(item, When)]
    return Piece(piece.start, piece.end, items)
