"""Hypothesis strategies: small worlds, protocols that use every rule feature, questions.

What a row or a rule says comes from dice that Hypothesis seeds; which of them there are, it draws
itself. So an example costs little, people do meet, and a failing one shrinks to the rows, rules and
conditions that it takes.
"""

from __future__ import annotations

import hashlib
from datetime import date

from hypothesis import strategies as st

from ringfence.engines.question import Focus, Question, Stay
from ringfence.errors import Text
from ringfence.protocols.model import Protocol, Rule, Source

from . import random_rules
from .random_rows import BASE, DISEASES, PLACES, ROWS, STEP, SUBJECTS, Dice, again, row
from .snapshots import DAY, Row, SmallWorld

ZONES = ("UTC", "Asia/Shanghai", "Atlantic/South_Georgia")
"""Local midnight is at step 8, at none, and at step 16."""

SEEDS = st.integers(0, 2**32 - 1)
MOSTLY = st.sampled_from((False, True, True, True))
FEW = st.sampled_from((0, 1, 1, 2))
SELDOM = st.sampled_from((0, 0, 0, 1, 1, 2))


@st.composite
def worlds(draw: st.DrawFn) -> SmallWorld:
    seed = draw(SEEDS)
    people = SUBJECTS[: draw(st.sampled_from((2, 3, 4, 5, 8)))]
    places = PLACES[: draw(st.sampled_from((1, 1, 2, 4)))]
    tables: dict[str, tuple[Row, ...]] = {}
    for table, (_, most) in ROWS.items():
        rows: list[Row] = []
        for number in range(most):
            dice = Dice(seed, table, number)
            told = row(dice, table, people, places)
            if rows and dice.randint(0, 4) == 0:
                told = again(dice, table, dice.choice(rows), told)
            if draw(MOSTLY):
                rows.append(told)
        tables[table] = tuple(rows)
    return SmallWorld(
        tables,
        as_of=BASE + STEP * draw(st.sampled_from((500, 500, 24, 16, 8))),
        zone=draw(st.sampled_from(ZONES)),
        compacted=draw(st.integers(0, 3)),
        replacing=draw(st.booleans()),
    )


@st.composite
def rules(draw: st.DrawFn, seed: int, number: int, order: int) -> Rule:
    conditions, exemptions, plain = draw(FEW), draw(SELDOM), draw(st.booleans())
    return random_rules.rule(
        Dice(seed, number, conditions, exemptions, plain),
        f"rule{number}",
        order,
        conditions=conditions,
        exemptions=exemptions,
        plain=plain,
    )


@st.composite
def protocols(draw: st.DrawFn, order: int) -> Protocol:
    seed = draw(SEEDS)
    drawn = tuple(draw(rules(seed, number, order)) for number in range(draw(st.integers(1, 14))))
    dwells = random_rules.dwells(Dice(seed, "dwells")) if draw(MOSTLY) else {}
    disease = draw(st.sampled_from(DISEASES))
    return Protocol(
        id="generated",
        version=1,
        title=Text("generated", "生成"),
        disease=disease,
        jurisdiction="CN",
        valid_from=date(2022, 1, 1),
        valid_to=None,
        source=Source(),
        anchors=(),
        rules=drawn,
        digest=hashlib.sha256(repr((drawn, dwells, disease)).encode()).hexdigest(),
        dwells=dwells,
    )


@st.composite
def focuses(draw: st.DrawFn, number: int) -> Focus:
    start = BASE + STEP * draw(st.sampled_from((0, 4, 8, 12))) - draw(st.sampled_from((0, 2 * DAY)))
    return Focus(
        number,
        draw(st.sampled_from(SUBJECTS[:3])),
        start,
        start + STEP * draw(st.sampled_from((400, 400, 200, 12, 4))),
        draw(st.sampled_from((None, True, False))),
    )


@st.composite
def questions(draw: st.DrawFn, world: SmallWorld, protocol: Protocol, order: int) -> Question:
    asked = tuple(draw(focuses(number)) for number in range(draw(st.integers(1, 3))))
    stays = [(row["place"], row["start"]) for row in world.tables["presence"]]
    stays += [
        (row["place"], row["at"] - 60 * dwell.before)
        for row in world.tables["event"]
        for dwell in protocol.dwells.values()
    ]
    closed = tuple(
        Stay(draw(st.integers(0, 2)), *draw(st.sampled_from(stays)))
        for _ in range(draw(SELDOM) if stays else 0)
    )
    return Question(protocol, order, asked, closed)


Trial = tuple[SmallWorld, tuple[Question, ...]]


@st.composite
def _trial(draw: st.DrawFn) -> tuple[Trial, ...]:
    order = draw(st.sampled_from((1, 1, 2)))
    protocol = draw(protocols(order))
    drawn: list[Trial] = []
    for _ in range(draw(st.sampled_from((1, 2, 2)))):
        world = draw(worlds())
        asked = (draw(questions(world, protocol, order)) for _ in range(2))
        drawn.append((world, tuple(asked)))
    return tuple(drawn)


def trials() -> st.SearchStrategy[tuple[Trial, ...]]:
    """Two worlds and two questions about each, all of them by one protocol: it is compiled once.

    Hypothesis follows each example with five that repeat parts of it, except within a collection of
    unique elements; a collection of one therefore gives six times as many different protocols.
    """
    return st.lists(_trial(), min_size=1, max_size=1, unique_by=id).map(lambda trials: trials[0])
