"""When a focus and another person were together, and all that is known of that time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ringfence.engines.question import Focus
from ringfence.engines.reference.reading import Row
from ringfence.engines.reference.world import KnownStay, World, seconds
from ringfence.protocols.model import Rule
from ringfence.records.vocabularies import (
    CERTAINTIES,
    Setting,
    place_setting,
    relation_setting,
)

STRONGEST_FIRST = tuple(CERTAINTIES)


@dataclass(frozen=True)
class Overlap:
    """One focus row and one row of the other person (for a pair's row: twice the same one).

    Facts that this kind of record does not tell are None: not known.
    """

    focus: Focus
    other: str
    kind: str
    start: int
    end: int
    certainty: str
    setting: str | None
    other_batch: str
    other_row: int
    case_role: str | None
    contact_role: str | None
    focus_batch: str | None = None
    focus_row: int | None = None
    place: str | None = None
    zone: str | None = None
    other_zone: str | None = None
    stay_start: int | None = None
    case_stay_denied: bool = False
    contact_stay_denied: bool = False
    ventilation: str | None = None
    distance_m: float | None = None
    physical: bool | None = None
    indoor: bool | None = None
    case_mask: bool | None = None
    contact_mask: bool | None = None
    ppe: bool | None = None


def overlaps(
    world: World, stays: Iterable[KnownStay], focus: Focus, rule: Rule
) -> Iterator[Overlap]:
    """All overlaps of the focus with everybody else, of the kinds of evidence that the rule reads.

    Rides are judged for all engines alike, by ringfence.rides: here a rule of rides finds nobody.
    """
    if rule.ride is not None:
        return
    found = (
        *_by_place(world, stays, focus, rule),
        *_by_encounter(world, focus),
        *_by_link(world, focus, rule),
    )
    yield from (overlap for overlap in found if overlap.kind in rule.evidence)


def _by_place(
    world: World, stays: Iterable[KnownStay], focus: Focus, rule: Rule
) -> Iterator[Overlap]:
    for own in stays:
        start, left = max(own.start, focus.start), min(own.end, focus.end)
        if own.subject != focus.subject or start >= left:
            continue
        air_clears = left + rule.lag_minutes * 60
        for other in stays:
            since, until = max(start, other.start), min(air_clears, other.end)
            same_place = other.place == own.place and other.subject != focus.subject
            if same_place and since < until:
                yield _together(world, focus, own, other, (since, until))


def _together(
    world: World, focus: Focus, own: KnownStay, other: KnownStay, span: tuple[int, int]
) -> Overlap:
    place = world.place(own.place)
    return Overlap(
        focus=focus,
        other=other.subject,
        kind="event" if "event" in (own.kind, other.kind) else "presence",
        start=span[0],
        end=span[1],
        certainty=max(own.certainty, other.certainty, key=STRONGEST_FIRST.index),
        setting=place_setting(place.kind),
        other_batch=other.batch,
        other_row=other.row,
        case_role=own.role or world.role(own.subject),
        contact_role=other.role or world.role(other.subject),
        focus_batch=own.batch,
        focus_row=own.row,
        place=own.place,
        zone=own.zone,
        other_zone=other.zone,
        stay_start=own.start,
        case_stay_denied=own.denied,
        contact_stay_denied=other.denied,
        ventilation=place.ventilation,
        case_mask=own.mask,
        contact_mask=other.mask,
    )


def _by_encounter(world: World, focus: Focus) -> Iterator[Overlap]:
    for row, own, other in _pairs(world.encounters, focus):
        start = max(seconds(row["start"]), focus.start)
        end = min(world.until(row["end"]), focus.end)
        if start < end:
            yield Overlap(
                focus=focus,
                other=row[f"subject_{other}"],
                kind="encounter",
                start=start,
                end=end,
                certainty="measured",
                setting=Setting.ENCOUNTER,
                other_batch=row["batch"],
                other_row=row["source_row"],
                case_role=world.role(focus.subject),
                contact_role=world.role(row[f"subject_{other}"]),
                distance_m=row["distance_m"],
                physical=row["physical"],
                indoor=row["indoor"],
                case_mask=row[f"mask_{own}"],
                contact_mask=row[f"mask_{other}"],
            )


def _by_link(world: World, focus: Focus, rule: Rule) -> Iterator[Overlap]:
    for row, _, other in _pairs(world.links, focus):
        if rule.relations and row["relation"] not in rule.relations:
            continue
        began = focus.start if row["start"] is None else seconds(row["start"])
        start, end = max(began, focus.start), min(world.until(row["end"]), focus.end)
        if start < end:
            yield Overlap(
                focus=focus,
                other=row[f"subject_{other}"],
                kind="link",
                start=start,
                end=end,
                certainty="declared",
                setting=relation_setting(row["relation"]),
                other_batch=row["batch"],
                other_row=row["source_row"],
                case_role=world.role(focus.subject),
                contact_role=world.role(row[f"subject_{other}"]),
                ppe=row["ppe"],
            )


def _pairs(rows: Iterable[Row], focus: Focus) -> Iterator[tuple[Row, str, str]]:
    """Rows that name the focus and somebody else, with the side (a or b) of each."""
    for row in rows:
        for own, other in (("a", "b"), ("b", "a")):
            is_pair = row["subject_a"] != row["subject_b"]
            if is_pair and row[f"subject_{own}"] == focus.subject:
                yield row, own, other
