"""Precision and recall: what was listed and asked, against what is true."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from bench.truth.answers import Pair, Told


@dataclass(frozen=True)
class Found:
    """What a trace of some cases told, case by case. `review`: people whom a question concerns."""

    cases: tuple[str, ...]
    listed: Mapping[Pair, Told]
    review: frozenset[Pair] = frozenset()
    questions: int = 0
    venues: int = 0


@dataclass(frozen=True)
class Score:
    """Counts that can be added up: pairs of a case and a person."""

    cases: int = 0
    listed: int = 0
    true: int = 0
    right: int = 0
    """Listed and true, in whichever ring."""
    reached: int = 0
    """True, and listed in whichever ring."""
    reached_or_asked: int = 0
    asked: int = 0
    """In review and not listed."""
    questions: int = 0
    venues: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(Score)))

    @property
    def precision(self) -> float | None:
        """Share of the listed who are true contacts; None: nobody was listed."""
        return self.right / self.listed if self.listed else None

    @property
    def recall(self) -> float | None:
        return self.reached / self.true if self.true else None

    @property
    def recall_with_review(self) -> float | None:
        return self.reached_or_asked / self.true if self.true else None


@dataclass(frozen=True)
class Judged:
    """A trace beside the truth: in all, by ring, by rule."""

    whole: Score
    rings: Mapping[int, Score] = field(default_factory=dict)
    rules: Mapping[str, Score] = field(default_factory=dict)


def chosen(
    pairs: Mapping[Pair, Told], *, order: int | None = None, rule: str | None = None
) -> dict[Pair, Told]:
    return {
        pair: told
        for pair, told in pairs.items()
        if order in (None, told.order) and (rule is None or rule in told.rules)
    }


def score(
    found: Found, truth: Mapping[Pair, Told], *, order: int | None = None, rule: str | None = None
) -> Score:
    """Of the cases that were traced. With `order` or `rule`: of what was listed by it, the share
    that is true at all; of what is true by it, the share that was listed at all."""
    traced = set(found.cases)
    true_at_all = {pair for pair in truth if pair[0] in traced}
    listed = set(chosen(found.listed, order=order, rule=rule))
    true = {pair for pair in chosen(truth, order=order, rule=rule) if pair[0] in traced}
    everybody = set(found.listed)
    return Score(
        cases=len(traced),
        listed=len(listed),
        true=len(true),
        right=len(listed & true_at_all),
        reached=len(true & everybody),
        reached_or_asked=len(true & (everybody | found.review)),
        asked=len(found.review - everybody),
        questions=found.questions,
        venues=found.venues,
    )


def judged(found: Found, truth: Mapping[Pair, Told]) -> Judged:
    rules = {rule for told in (*found.listed.values(), *truth.values()) for rule in told.rules}
    return Judged(
        score(found, truth),
        {order: score(found, truth, order=order) for order in (1, 2)},
        {rule: score(found, truth, rule=rule) for rule in sorted(rules)},
    )
