"""The channels that deliver every day, and their deliveries for one part of the people."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ringfence_city.observe import carriers, door_to_door, instants_seen, venue_scans
from ringfence_city.observe.delivering import Delivered, Post
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.rows import Columns, chosen, count, joined, table
from ringfence_city.observe.scene import Channel, Scene
from ringfence_city.truth.city import DAY, Int32

CHANNELS: tuple[Channel, ...] = (
    venue_scans.CHANNEL,
    instants_seen.PAYMENTS,
    instants_seen.GATES,
    door_to_door.CHANNEL,
    carriers.CHANNEL,
)

Held = Mapping[tuple[str, str], Columns]
"""Late rows by channel and table: they come with the delivery of the next day."""


def see(post: Post, scene: Scene, number: int, held: Held) -> tuple[list[Delivered], Held]:
    """Deliver what each channel saw; what is late is given back. `number` is of the part."""
    delivered: list[Delivered] = []
    keeps: dict[tuple[str, str], Columns] = {}
    for channel in CHANNELS:
        disguise = post.disguise(channel.name, channel.noise)
        for seen in channel.see(scene, disguise):
            key = (channel.name, seen.table)
            if seen.late.any():
                keeps[key] = chosen(seen.columns, seen.late)
            now = chosen(seen.columns, ~seen.late)
            if key in held:
                now = joined([now, held[key]])
            delivered += _send(post, disguise, seen.table, now, day=scene.day, part=number)
    return delivered, keeps


def aliases(post: Post, persons: Int32) -> Int32:
    """Those whom some channel knows by another key as well."""
    known = np.zeros(len(persons), dtype=bool)
    for channel in CHANNELS:
        disguise = post.disguise(channel.name, channel.noise)
        known |= disguise.other_key(persons)
    return persons[known & (not post.city.asked.full)]


def flush(post: Post, number: int, held: Held) -> list[Delivered]:
    """After the last day, what was still held back."""
    delivered: list[Delivered] = []
    for channel in CHANNELS:
        disguise = post.disguise(channel.name, channel.noise)
        for (name, of), rows in held.items():
            if name == channel.name:
                delivered += _send(post, disguise, of, rows, day=post.city.asked.days, part=number)
    return delivered


def _send(
    post: Post, disguise: Disguise, of: str, rows: Columns, *, day: int, part: int
) -> list[Delivered]:
    if not count(rows):
        return []
    received = (day + disguise.lag(day, part)) * DAY + disguise.hour(part)
    made = table(post.city, rows)
    return post.send(disguise.channel, of, made, number=day * 1000 + part, received=received)
