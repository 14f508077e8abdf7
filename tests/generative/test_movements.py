"""What always holds of movements, whatever rows tell: nothing is lost, doubled or invented."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ringfence.movements.fusing import Movements, Person, fused
from ringfence.movements.model import Sphere, Told, Where
from ringfence.movements.reading import Fix, Known
from ringfence.movements.sites import Site, metres
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


@st.composite
def fixes(draw: st.DrawFn) -> tuple[Fix, ...]:
    """Positions about the places, in bursts as telephones tell them."""
    found: list[Fix] = []
    for number in range(draw(st.integers(0, 24))):
        lat, lon = draw(st.sampled_from(((31.57, 120.29), (31.5, 120.3), (32.05, 118.79))))
        radius = draw(st.sampled_from((50.0, 800.0, 3_000.0)))
        goes_on = bool(found) and draw(st.booleans())
        after, until = (found[-1].told.start, 3_600) if goes_on else (0, 6 * DAY)
        at = after + draw(st.integers(0, until))
        key = f"{lat:.4f}, {lon:.4f} ±{radius:.0f} m"
        where = Where(Sphere.POSITION, key)
        told = Told("fix", "t", where, at, at, "assumed", "positions", 100 + number)
        found.append(Fix(told, Site(key, None, "", lat, lon, radius)))
    return tuple(found)


def movements(told: tuple[Told, ...], positions: tuple[Fix, ...] = ()) -> Movements:
    ordered = tuple(sorted(told, key=lambda r: (r.start, r.end, r.table, r.batch, r.row)))
    by_time = tuple(sorted(positions, key=lambda one: (one.told.start, one.told.row)))
    person = Person("p", None, 0, 8 * DAY, (2 * DAY, 4 * DAY))
    return fused(Known(ordered, (), (), {}, by_time), PLACES, person, ZONE)


@given(rows(), fixes())
def test_every_row_is_told_once_in_the_timeline_or_set_aside(
    told: tuple[Told, ...], positions: tuple[Fix, ...]
) -> None:
    found = movements(told, positions)
    seen = Counter(row.row for one in (*found.episodes, *found.set_aside) for row in one.told)
    every = [*told, *(one.told for one in positions)]
    assert seen == Counter(row.row for row in every if not row.denied)
    aside = {row.row for one in found.set_aside for row in one.told}
    against = {row.row for one in found.conflicts for row in one.unlikelier}
    assert aside <= against, "nothing is set aside without a conflict that says why"


@given(rows(), fixes())
def test_no_position_moves_a_stay_and_none_lies_where_a_stay_agrees(
    told: tuple[Told, ...], positions: tuple[Fix, ...]
) -> None:
    """What is read of a telephone adds and never takes: places and times are those without it."""
    without, found = movements(told), movements(told, positions)
    placed = [one for one in found.episodes if one.where.sphere is not Sphere.POSITION]
    times = [(one.where, one.start, one.end, one.earliest, one.latest) for one in placed]
    assert times == [
        (one.where, one.start, one.end, one.earliest, one.latest) for one in without.episodes
    ]
    kinds = {row.row: one.kind for one in found.conflicts for row in one.unlikelier}
    for fix in positions:
        for stay in without.episodes:
            spot = PLACES.get(stay.where.key)
            if stay.start <= fix.told.start < stay.end and spot is not None:
                apart = metres(spot, fix.site)
                if apart is not None and apart <= fix.site.radius:
                    assert fix.told.row not in kinds


@given(rows(), fixes())
def test_no_episode_is_where_or_when_nothing_tells(
    told: tuple[Told, ...], positions: tuple[Fix, ...]
) -> None:
    for one in movements(told, positions).episodes:
        assert one.earliest <= one.start <= one.end <= one.latest
        assert {row.where for row in one.told} == {one.where}
        assert one.earliest == min(row.start for row in one.told)
        assert one.latest == max(row.end for row in one.told)


@given(rows(), fixes(), st.randoms(use_true_random=False))
def test_the_order_of_delivery_does_not_matter(
    told: tuple[Told, ...], positions: tuple[Fix, ...], chance: object
) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    again = tuple(replace(r) for r in shuffled)
    assert _shape(movements(told, positions)) == _shape(movements(again, positions[::-1]))


@given(rows(), fixes())
def test_gaps_and_episodes_do_not_overlap_and_all_can_be_said(
    told: tuple[Told, ...], positions: tuple[Fix, ...]
) -> None:
    found = movements(told, positions)
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
