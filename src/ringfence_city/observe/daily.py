"""The channels that deliver every day, and their deliveries for one part of the people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ringfence_city.observe import door_to_door, instants_seen, venue_scans
from ringfence_city.observe.delivering import Delivered, deliver
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Agencies
from ringfence_city.observe.rows import Columns, chosen, count, joined, table
from ringfence_city.observe.scene import Channel, Scene
from ringfence_city.truth.city import DAY, City

CHANNELS: tuple[Channel, ...] = (
    venue_scans.CHANNEL,
    instants_seen.PAYMENTS,
    instants_seen.GATES,
    door_to_door.CHANNEL,
)

Held = Mapping[tuple[str, str], Columns]
"""Late rows by channel and table: they come with the delivery of the next day."""


def see(
    root: Path, scene: Scene, agencies: Agencies, number: int, held: Held
) -> tuple[list[Delivered], Held]:
    """Deliver what each channel saw; what is late is given back. `number` is of the part."""
    delivered: list[Delivered] = []
    keeps: dict[tuple[str, str], Columns] = {}
    for channel in CHANNELS:
        disguise = _disguise(scene.city, channel, agencies)
        for seen in channel.see(scene, disguise):
            key = (channel.name, seen.table)
            if seen.late.any():
                keeps[key] = chosen(seen.columns, seen.late)
            now = chosen(seen.columns, ~seen.late)
            if key in held:
                now = joined([now, held[key]])
            delivered += _send(root, scene.city, disguise, key, scene.day, number, now)
    return delivered, keeps


def flush(root: Path, city: City, agencies: Agencies, number: int, held: Held) -> list[Delivered]:
    """After the last day, what was still held back."""
    delivered: list[Delivered] = []
    for channel in CHANNELS:
        disguise = _disguise(city, channel, agencies)
        for key, rows in held.items():
            if key[0] == channel.name:
                delivered += _send(root, city, disguise, key, city.asked.days, number, rows)
    return delivered


def _disguise(city: City, channel: Channel, agencies: Agencies) -> Disguise:
    noise = agencies.noise_of(channel.name, channel.noise)
    return Disguise(city, channel.name, noise)


def _send(
    root: Path,
    city: City,
    disguise: Disguise,
    key: tuple[str, str],
    day: int,
    number: int,
    rows: Columns,
) -> list[Delivered]:
    if not count(rows):
        return []
    channel, name = key
    received = (day + disguise.lag(day, number)) * DAY + disguise.hour(number)
    parts = day * 1000 + number
    return deliver(root, city.asked, channel, name, parts, received, table(city, rows))
