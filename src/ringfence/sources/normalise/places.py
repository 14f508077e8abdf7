"""Names of places brought to one place: sure where names are the same, else a list for people.

Nothing is guessed: likeness only puts a name on the review list. A decision there makes the name an
alias, and from then on it is sure.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from ringfence.sources import keys
from ringfence.sources.normalise import wording
from ringfence.sources.normalise.cleaning import is_blank, tidy
from ringfence.sources.reasons import RefusedError

LEAST_ALIKE = 75.0
"""Of 100: below it two names are called different, at or above it a person decides."""

MOST_CANDIDATES = 5
MOST_COMPARED = 200

OWN = "name:"
"""Begins the key of a place that is known by its name only."""

_OWN_KEY = re.compile(r"name:.+")

_MARKS = re.compile(r"[\s·.,，。、;；:：!！?？\"“”'‘’\-—_/\\|()（）\[\]【】<>《》「」『』#&+*~@]+")
_COMPANY = re.compile(r"(?:股份)?有限(?:责任)?公司|(?:分|总)公司|个体工商户")
_NUMERALS = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True)
class KnownPlace:
    """A place with all names that are known to be its own."""

    key: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Alike:
    """A known place that a name may mean; `score` of 100."""

    key: str
    name: str
    score: int


@dataclass(frozen=True)
class PlaceMatch:
    """`key`: the place that the name surely means. Without one, `review` lists what it may mean;
    an empty list says that the place is new.
    """

    name: str
    key: str | None = None
    review: tuple[Alike, ...] = ()

    @property
    def unsure(self) -> bool:
        return self.key is None and bool(self.review)


@dataclass(frozen=True)
class PlaceBook:
    """Known places, and names of which somebody has said that no known place is meant."""

    places: tuple[KnownPlace, ...]
    new: frozenset[str] = frozenset()

    @cached_property
    def by_fold(self) -> dict[str, dict[str, str]]:
        """Folded name → keys of the places that bear it, with the name as it is written."""
        found: dict[str, dict[str, str]] = {}
        for place in self.places:
            for name in place.names:
                if fold := fold_place(name):
                    found.setdefault(fold, {}).setdefault(place.key, name)
        return found

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(place.key for place in self.places)

    @cached_property
    def by_likeness(self) -> dict[str, list[str]]:
        """What likeness is measured by → folded names."""
        found: dict[str, list[str]] = {}
        for fold in self.by_fold:
            found.setdefault(_arabic(fold), []).append(fold)
        return found

    @cached_property
    def by_pair(self) -> dict[str, list[str]]:
        """Two neighbouring signs → likenesses in which they stand."""
        found: dict[str, list[str]] = {}
        for likeness in self.by_likeness:
            for pair in _pairs(likeness):
                found.setdefault(pair, []).append(likeness)
        return found

    @cached_property
    def folded_new(self) -> frozenset[str]:
        return frozenset(map(fold_place, self.new))


def fold_place(name: str) -> str:
    """What two writings of one name share: width, case, spaces, signs and company forms go."""
    try:
        bare = tidy(name).casefold()
    except RefusedError:
        return ""
    if is_blank(bare):
        return ""
    plain = _MARKS.sub("", bare)
    fold = _COMPANY.sub("", plain) or plain
    return "" if is_blank(fold) else fold


def match_places(names: Sequence[str | None], book: PlaceBook) -> list[PlaceMatch]:
    """One answer for each name, in turn; each distinct name is looked for once."""
    found: dict[str, PlaceMatch] = {}
    for name in names:
        if name is not None and name not in found:
            found[name] = _match(name, book)
    return [PlaceMatch("") if name is None else found[name] for name in names]


def place_key(name: str, book: PlaceBook | None) -> str | None:
    """Key of the place that a name means, of its own making where the place is new.

    A key is given back as it is. Raises RefusedError where a person must decide.
    """
    bare = tidy(name)
    fold = fold_place(bare)
    if not fold:
        return None
    if _OWN_KEY.fullmatch(bare) and fold_place(bare[len(OWN) :]) == bare[len(OWN) :]:
        return bare
    if book is not None:
        if bare in book.keys:
            return bare
        (match,) = match_places([name], book)
        if match.unsure:
            raise RefusedError(wording.WHICH_PLACE)
        if match.key is not None:
            return match.key
    key = OWN + fold
    keys.check_key(key, identity_shapes=False)
    return key


def unsure_first(matches: Iterable[PlaceMatch]) -> list[PlaceMatch]:
    """The review list: each name of which it is not sure what it means, the likest first."""
    unsure = {match.name: match for match in matches if match.unsure}
    return sorted(unsure.values(), key=lambda match: (-match.review[0].score, match.name))


def _match(name: str, book: PlaceBook) -> PlaceMatch:
    fold = fold_place(name)
    if not fold:
        return PlaceMatch(name)
    same = book.by_fold.get(fold, {})
    if len(same) == 1:
        return PlaceMatch(name, next(iter(same)))
    if same:
        return PlaceMatch(name, None, tuple(Alike(key, n, 100) for key, n in same.items()))
    if fold in book.folded_new:
        return PlaceMatch(name)
    return PlaceMatch(name, None, _alike(fold, book))


def _alike(fold: str, book: PlaceBook) -> tuple[Alike, ...]:
    from rapidfuzz import fuzz, process

    near = process.extract(
        _arabic(fold),
        _sharing(_arabic(fold), book),
        scorer=fuzz.WRatio,
        score_cutoff=LEAST_ALIKE,
        limit=MOST_CANDIDATES * 2,
    )
    found: dict[str, Alike] = {}
    for known, score, _ in near:
        for fold_of in book.by_likeness[known]:
            for key, name in book.by_fold[fold_of].items():
                found.setdefault(key, Alike(key, name, min(99, round(score))))
    return tuple(found.values())[:MOST_CANDIDATES]


def _sharing(likeness: str, book: PlaceBook) -> list[str]:
    """Names that share most pairs of signs; only these are compared sign by sign."""
    shared: Counter[str] = Counter()
    for pair in _pairs(likeness):
        shared.update(book.by_pair.get(pair, ()))
    return heapq.nsmallest(MOST_COMPARED, shared, key=lambda other: (-shared[other], other))


def _pairs(likeness: str) -> set[str]:
    return {likeness[at : at + 2] for at in range(max(1, len(likeness) - 1))}


def _arabic(fold: str) -> str:
    """三号楼 and 3号楼 are alike; they are not the same: 一品鲜 is no 1品鲜."""
    return fold.translate(_NUMERALS)
