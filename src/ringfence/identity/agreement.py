"""Whether statements that share a number speak of one person, or somebody has to look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from ringfence.identity.current import last_words, vouched_for
from ringfence.sources.normalise import IdentityFacts, identity_facts
from ringfence.sources.normalise.lookup import forms_sought, lookup_forms
from ringfence.sources.normalise.names import is_chinese
from ringfence.vault.model import Told

OF_ONE = ("birth_date", "sex", "name", "numbers")
"""What sources may contradict each other in of a single subject."""

_ALIKE = 85
_SEXES = frozenset({"female", "male"})


def disputes(
    identifier: str, told: Mapping[str, Sequence[Told]], borne: Iterable[Iterable[str]]
) -> tuple[str, ...]:
    """What speaks against one person: birth_date, sex, name, numbers, unchecked; none: he is one.

    `told`: what is said of each subject that bears the number; `borne`: all identifiers of each.
    A number without a check character is enough only where names agree.
    """
    checked = vouched_for(identifier)
    facts = identity_facts(identifier) if checked else IdentityFacts()
    every = [list(of) for of in told.values()]
    births = _said(every, "birth_date") | (
        {facts.birth_date.isoformat()} if facts.birth_date else set()
    )
    sexes = (_said(every, "sex") & _SEXES) | ({facts.sex} if facts.sex else set())
    names = [{word.value for word in last_words(of, "name")} for of in every]
    found = []
    if len(births) > 1:
        found.append("birth_date")
    if len(sexes) > 1:
        found.append("sex")
    if any(not alike(*pair) for pair in combinations(sorted(set().union(*names)), 2)):
        found.append("name")
    if any(sum(map(vouched_for, of)) > 1 for of in borne):
        found.append("numbers")
    if not checked and not all(names):
        found.append("unchecked")
    return tuple(found)


def _said(every: Iterable[Sequence[Told]], field: str) -> set[str]:
    return {word.value for told in every for word in last_words(told, field)}


def alike(one: str, other: str) -> bool:
    """Whether two names may be one person's, as different desks write it.

    Chinese: read alike, or one sign of three or more differs. Chinese and Latin: by the pinyin, in
    any order. Latin: the same words, some left out or mistyped.
    """
    if one.casefold() == other.casefold():
        return True
    chinese = [is_chinese(name) for name in (one, other)]
    if all(chinese):
        if lookup_forms(one).pinyin == lookup_forms(other).pinyin:
            return True
        return min(len(one), len(other)) >= 3 and Levenshtein.distance(one, other) == 1
    if any(chinese):
        han, latin = (one, other) if chinese[0] else (other, one)
        read = lookup_forms(han).pinyin
        return any(fuzz.ratio(read, form) >= _ALIKE for form in forms_sought(latin))
    forms = [" ".join(sorted(_words(name))) for name in (one, other)]
    return fuzz.token_set_ratio(*forms) >= _ALIKE or any(
        fuzz.ratio(lookup_forms(one).pinyin, form) >= _ALIKE for form in forms_sought(other)
    )


def _words(name: str) -> list[str]:
    return [word for word in name.casefold().replace("·", " ").replace("-", " ").split() if word]
