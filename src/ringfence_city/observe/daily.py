"""The channels that deliver every day, and their deliveries for one part of the people."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ringfence_city.observe import (
    carriers,
    door_to_door,
    hotel_register,
    instants_seen,
    venue_scans,
)
from ringfence_city.observe.delivering import Delivered, Post
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.raw.forms import FORMS
from ringfence_city.observe.rows import Columns, chosen, count, joined, table
from ringfence_city.observe.scene import Channel, Scene
from ringfence_city.truth.city import DAY, Int32

CHANNELS: tuple[Channel, ...] = (
    venue_scans.CHANNEL,
    instants_seen.PAYMENTS,
    instants_seen.GATES,
    door_to_door.CHANNEL,
    carriers.CHANNEL,
    hotel_register.CHANNEL,
)

Held = Mapping[tuple[str, str], Columns]
"""Late rows by channel and table: they come with the delivery of the next day."""


def see(post: Post, scene: Scene, number: int, held: Held) -> tuple[list[Delivered], Held]:
    """Deliver what each channel saw; what is late is given back. `number` is of the part."""
    delivered: list[Delivered] = []
    keeps: dict[tuple[str, str], Columns] = {}
    for channel in CHANNELS:
        disguise = post.disguise(channel.name, channel.noise)
        tables: dict[str, Columns] = {}
        for seen in channel.see(scene, disguise):
            key = (channel.name, seen.table)
            if seen.late.any():
                keeps[key] = chosen(seen.columns, seen.late)
            now = chosen(seen.columns, ~seen.late)
            if key in held:
                now = joined([now, held[key]])
            tables[seen.table] = now
        delivered += _send(post, disguise, tables, day=scene.day, part=number)
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
        kept = {of: rows for (name, of), rows in held.items() if name == channel.name}
        delivered += _send(post, disguise, kept, day=post.city.asked.days, part=number)
    return delivered


def _send(
    post: Post, disguise: Disguise, tables: Mapping[str, Columns], *, day: int, part: int
) -> list[Delivered]:
    """In the agency's own form where there is one and it is asked for."""
    delivered: list[Delivered] = []
    number = day * 1000 + part
    received = (day + disguise.lag(day, part)) * DAY + disguise.hour(part)
    if post.raw and disguise.channel in FORMS:
        sheets, tables = FORMS[disguise.channel](post.clerk(disguise, number), tables)
        delivered += post.send_raw(sheets, number=number, received=received)
    for of, rows in tables.items():
        if count(rows):
            made = table(post.city, rows)
            delivered += post.send(disguise.channel, of, made, number=number, received=received)
    return delivered
