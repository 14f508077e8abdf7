"""The funnel against a plain model, whatever is done in whatever order."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfence.errors import StorageError, UserError
from ringfence.operations import lists
from ringfence.operations.lists.funnel import STAGES, Funnel, checked
from ringfence.operations.lists.model import OUTCOMES

from .homes import BEGIN, new_home, receive
from .people import sheet, wang

PERSONS = 4
_PERSON = st.integers(1, PERSONS + 1)
_ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("send"), _PERSON, st.sampled_from(["north", "south"])),
        st.tuples(st.just("by hand"), _PERSON, st.sampled_from(["north", "south"])),
        st.tuples(st.just("record"), _PERSON, st.sampled_from([*OUTCOMES])),
    ),
    max_size=12,
)


@dataclass
class Model:
    """What must be true, said as plainly as possible."""

    located: set[int] = field(default_factory=set)
    waiting: dict[int, bool] = field(default_factory=dict)
    answers: dict[int, list[str]] = field(default_factory=dict)

    def send(self, person: int, by_hand: bool) -> bool:
        if person > PERSONS or (person not in self.located and not by_hand):
            return False
        self.located.add(person)
        last = self.answers.get(person, [""])[-1]
        if person not in self.waiting or (not self.waiting[person] and last == "elsewhere"):
            self.waiting[person] = True
        return True

    def record(self, person: int, outcome: str) -> bool:
        if person > PERSONS or person not in self.waiting:
            return False
        self.waiting[person] = False
        self.answers.setdefault(person, []).append(outcome)
        return True

    def sets(self) -> dict[str, set[int]]:
        tests = {
            person: [told for told in answers if told.startswith("tested_")]
            for person, answers in self.answers.items()
        }
        return {
            "located": self.located,
            "sent": set(self.waiting),
            "answered": set(self.answers),
            "positive": {p for p, told in tests.items() if told[-1:] == ["tested_positive"]},
        }


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(_ACTS)
def test_figures_are_those_of_a_plain_model(acts: list[tuple[str, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = new_home(Path(folder))
        receive(home, sheet(*(wang(serial) for serial in range(PERSONS))))
        model = Model()
        for act, person, word in acts:
            try:
                if act == "record":
                    lists.record(home, "L1", {person: word}, by="o", now=BEGIN)
                else:
                    division = "a" if act == "by hand" else None
                    lists.send(
                        home, "L1", word, division=division, persons=[person], by="o", now=BEGIN
                    )
                done = True
            except UserError:
                done = False
            told = (
                model.record(person, word)
                if act == "record"
                else model.send(person, act == "by hand")
            )
            assert done == told
        found = lists.funnel(home, lists.the_list(home, "L1"))
        assert {stage: set(found.at[stage]) for stage in model.sets()} == model.sets()
        try:
            pending = lists.sign_off(home, "L1", interim=True, by="o", now=BEGIN)
        finally:
            assert pending == PERSONS - sum(not waits for waits in model.waiting.values())


@given(st.fixed_dictionaries(dict.fromkeys(STAGES, st.frozensets(st.integers(1, 3)))))
def test_only_sets_that_lie_within_each_other_are_figures(at: dict[str, frozenset[int]]) -> None:
    persons = len(at["persons"])
    given_figures = Funnel("L1", persons + 3, 2, persons + 1, 1, at)
    good = (
        at["earlier"] | at["known"] | at["located"] <= at["persons"]
        and at["sent"] <= at["located"]
        and at["positive"] <= at["answered"] <= at["sent"]
    )
    if good:
        assert checked(given_figures) is given_figures
    else:
        with pytest.raises(StorageError, match="do not agree"):
            checked(given_figures)
