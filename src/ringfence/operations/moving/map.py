"""Where episodes were, drawn without tiles: one map for each region, with its scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import cos, log10, radians

from ringfence.errors import Text
from ringfence.movements.model import Episode, Where
from ringfence.movements.sites import EARTH_M, Site, Sites, metres, site
from ringfence.operations.moving import words

REGION_M = 40_000
"""Places no farther from each other are drawn on one map."""
WIDTH, HEIGHT, EDGE = 560, 400, 46
_LEAST_SPAN_M = 800


@dataclass(frozen=True)
class Pin:
    """`number`: as in the list beside the map."""

    where: Where
    site: Site
    number: int
    minutes: float


def numbered(episodes: Sequence[Episode], sites: Sites) -> dict[str, Pin]:
    """The places of which the position is known, and positions, in the order of first arrival."""
    found: dict[str, Pin] = {}
    for one in episodes:
        there = site(sites, one.where)
        if there is not None and there.lat is not None:
            before = found.get(there.key)
            number = len(found) + 1 if before is None else before.number
            minutes = (one.end - one.start) / 60 + (0 if before is None else before.minutes)
            found[there.key] = Pin(one.where, there, number, minutes)
    return found


def maps(
    said: words.Said, episodes: Sequence[Episode], pins: Mapping[str, Pin], language: str
) -> Iterator[str]:
    regions = _regions(list(pins.values()))
    for at, region in enumerate(regions, 1):
        title = Text(f"Map {at} of {len(regions)}", f"图 {at}（共 {len(regions)} 幅）").to(language)
        drawn = _drawn(said, region, episodes, title)
        yield f"<figure>{drawn}<figcaption>{title}</figcaption></figure>"


def _regions(pins: Sequence[Pin]) -> list[list[Pin]]:
    """Places that are near to one another, by chains of near ones."""
    regions: list[list[Pin]] = []
    for pin in pins:
        near = [
            region
            for region in regions
            if any((metres(pin.site, other.site) or 0) <= REGION_M for other in region)
        ]
        joined = [one for region in near for one in region]
        regions = [region for region in regions if region not in near] + [[*joined, pin]]
    return sorted(regions, key=lambda region: min(pin.number for pin in region))


def _drawn(said: words.Said, region: Sequence[Pin], episodes: Sequence[Episode], title: str) -> str:
    spots, pixel_m = _projected(region)
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" role="img"><title>{title}</title>'
    ]
    parts += _ways(spots, episodes)
    for pin in region:
        x, y = spots[pin.site.key]
        name = words.place(said, pin.where)
        radius = 5 + min(7.0, (pin.minutes / 60) ** 0.5)
        if pin.site.radius:
            around = pin.site.radius / pixel_m
            parts.append(f'<circle class="around" cx="{x:.0f}" cy="{y:.0f}" r="{around:.1f}"/>')
        parts.append(
            f'<circle class="spot" cx="{x:.0f}" cy="{y:.0f}" r="{radius:.1f}"/>'
            f'<text x="{x + radius + 3:.0f}" y="{y + 4:.0f}">{pin.number}'
            f"<title>{escape(name)}</title></text>"
        )
    parts.append(_scale(pixel_m))
    return "".join([*parts, "</svg>"])


def _projected(region: Sequence[Pin]) -> tuple[dict[str, tuple[float, float]], float]:
    """Pixels of each place, and how many metres a pixel is."""
    lats = [pin.site.lat or 0.0 for pin in region]
    lons = [pin.site.lon or 0.0 for pin in region]
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    metre = EARTH_M * radians(1)
    flat = {
        pin.site.key: (
            ((pin.site.lon or 0.0) - lon) * metre * cos(radians(lat)),
            ((pin.site.lat or 0.0) - lat) * metre,
        )
        for pin in region
    }
    around = {pin.site.key: pin.site.radius for pin in region}
    wide = max(_LEAST_SPAN_M, *((abs(x) + around[key]) * 2 for key, (x, _) in flat.items()))
    high = max(_LEAST_SPAN_M, *((abs(y) + around[key]) * 2 for key, (_, y) in flat.items()))
    pixel_m = max(wide / (WIDTH - 2 * EDGE), high / (HEIGHT - 2 * EDGE))
    spots = {
        key: (WIDTH / 2 + x / pixel_m, HEIGHT / 2 - y / pixel_m) for key, (x, y) in flat.items()
    }
    return spots, pixel_m


def _ways(spots: Mapping[str, tuple[float, float]], episodes: Sequence[Episode]) -> Iterator[str]:
    """Lines between places that follow each other, each once."""
    visited = [one.where.key for one in episodes if one.where.key in spots]
    for here, there in sorted(
        {(a, b) if a < b else (b, a) for a, b in pairwise(visited) if a != b}
    ):
        (x1, y1), (x2, y2) = spots[here], spots[there]
        yield f'<path class="way" d="M{x1:.0f} {y1:.0f}L{x2:.0f} {y2:.0f}"/>'


def _scale(pixel_m: float) -> str:
    """A bar of a round length, about a fifth of the map; north is up."""
    about = WIDTH / 5 * pixel_m
    unit = 10 ** int(log10(about))
    length = max(step * unit for step in (1, 2, 5) if step * unit <= about)
    pixels = length / pixel_m
    told = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    y = HEIGHT - 14
    return (
        f'<path class="scale" d="M12 {y - 5}V{y}H{12 + pixels:.0f}V{y - 5}"/>'
        f'<text class="soft" x="{18 + pixels:.0f}" y="{y}">{told}</text>'
        f'<text class="soft" x="{WIDTH - 26}" y="22">N ↑</text>'
    )
