"""What always holds of movements, whatever rows tell: nothing is lost, doubled or invented."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ringfence.movements.fusing import Movements, Person, fused
from ringfence.movements.model import Sphere, Told, Where
from ringfence.movements.reading import Known
from ringfence.movements.sites import Site
from ringfence.operations.moving import words

ZONE = "Asia/Shanghai"
DAY = 86_400
PLACES = {
    "home": Site("home", "home", "Willow Court", 31.57, 120.29),
    "shop": Site("shop", "shop", "Corner", 31.56, 120.31),
    "shop-2": Site("shop-2", "shop", "corner", 31.5601, 120.31),
    "far": Site("far", "hotel", "River", 32.05, 118.79),
    "street": Site("street", "street", "", 31.5, 120.3),
    "bus": Site("bus", "bus", "Line 1"),
    "unknown": Site("unknown"),
}
WHERES = [
    *(Where(Sphere.PLACE, key) for key in PLACES),
    Where(Sphere.RUN, "train-G1"),
    Where(Sphere.VEHICLE, "taxi"),
]
GRADES = ("measured", "recorded", "declared", "assumed", "denied")


@st.composite
def rows(draw: st.DrawFn) -> tuple[Told, ...]:
    found = []
    for number in range(draw(st.integers(0, 24))):
        where = draw(st.sampled_from(WHERES))
        start = draw(st.integers(0, 5 * DAY))
        instant = where.sphere is Sphere.PLACE and draw(st.booleans())
        table = (
            "event"
            if instant
            else {"run": "ride", "vehicle": "occupancy"}.get(where.sphere.value, "presence")
        )
        found.append(
            Told(
                table,
                draw(st.sampled_from("abcd")),
                where,
                start,
                start if instant else start + draw(st.integers(1, 2 * DAY)),
                "recorded" if instant else draw(st.sampled_from(GRADES)),
                "batch",
                number,
                draw(st.sampled_from(("payment", "scan", "gate"))) if instant else None,
            )
        )
    return tuple(found)


def movements(told: tuple[Told, ...]) -> Movements:
    ordered = tuple(sorted(told, key=lambda r: (r.start, r.end, r.table, r.batch, r.row)))
    person = Person("p", None, 0, 8 * DAY, (2 * DAY, 4 * DAY))
    return fused(Known(ordered, (), (), {}), PLACES, person, ZONE)


@given(rows())
def test_every_row_is_told_once_in_the_timeline_or_set_aside(told: tuple[Told, ...]) -> None:
    found = movements(told)
    seen = Counter(row.row for one in (*found.episodes, *found.set_aside) for row in one.told)
    assert seen == Counter(row.row for row in told if not row.denied)
    aside = {row.row for one in found.set_aside for row in one.told}
    against = {row.row for one in found.conflicts for row in one.unlikelier}
    assert aside <= against, "nothing is set aside without a conflict that says why"


@given(rows())
def test_no_episode_is_where_or_when_nothing_tells(told: tuple[Told, ...]) -> None:
    for one in movements(told).episodes:
        assert one.earliest <= one.start <= one.end <= one.latest
        assert {row.where for row in one.told} == {one.where}
        assert one.earliest == min(row.start for row in one.told)
        assert one.latest == max(row.end for row in one.told)


@given(rows(), st.randoms(use_true_random=False))
def test_the_order_of_delivery_does_not_matter(told: tuple[Told, ...], chance: object) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _shape(movements(told)) == _shape(movements(tuple(replace(r) for r in shuffled)))


@given(rows())
def test_gaps_and_episodes_do_not_overlap_and_all_can_be_said(told: tuple[Told, ...]) -> None:
    found = movements(told)
    for gap in found.gaps:
        assert gap.start < gap.end
        assert 0 <= gap.infectious <= gap.waking <= gap.minutes
        for one in found.episodes:
            assert one.latest <= gap.start or one.earliest >= gap.end
    said = words.Said(found, ZONE)
    sentences = [words.conflict(said, one) for one in found.conflicts]
    sentences += [words.likelier(one) for one in found.conflicts]
    sentences += [words.question(said, one) for one in found.questions]
    assert all(text.en and text.zh for text in sentences)
    assert all(one.these and one.those for one in found.conflicts)


def _shape(found: Movements) -> object:
    return (
        [(one.where, one.start, one.end, one.confidence) for one in found.episodes],
        [
            (
                one.kind,
                one.likelier,
                sorted(r.row for r in one.these),
                sorted(r.row for r in one.those),
            )
            for one in found.conflicts
        ],
        found.gaps,
    )
