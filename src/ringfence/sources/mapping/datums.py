"""Positions that a source gives in another datum, in the datum of the records: WGS-84."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pyarrow as pa

_KEPT = 1 << 16
"""Positions that are remembered: the venues of a city, and some 30 MB."""


def in_wgs84(datum: str, columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """`lat` and `lon` of a record, both decimal degrees as text (null: empty).

    Outside China both datums are WGS-84, and half a position is none: such values stay as they are,
    and so does what lies on no earth. The check of the record judges them.
    """
    pairs = zip(columns["lat"].to_pylist(), columns["lon"].to_pylist(), strict=True)
    moved = [_moved(datum, latitude, longitude) for latitude, longitude in pairs]
    return {
        "lat": pa.array([latitude for latitude, _ in moved], pa.string()),
        "lon": pa.array([longitude for _, longitude in moved], pa.string()),
    }


@lru_cache(_KEPT)
def _moved(
    datum: str, latitude: str | None, longitude: str | None
) -> tuple[str | None, str | None]:
    """To a centimetre, so that one position is one text with every version of the library."""
    import geocoordinates_ffi as library  # takes 0.1 s to load

    if latitude is None or longitude is None:
        return latitude, longitude
    lat, lon = float(latitude), float(longitude)
    if library.out_of_china(lat, lon):
        return latitude, longitude
    if datum == "bd-09":
        found = library.bd09_to_wgs84_refined(library.Bd09(lat=lat, lon=lon))
    else:
        found = library.gcj02_to_wgs84_refined(library.Gcj02(lat=lat, lon=lon))
    return f"{found.lat:.7f}", f"{found.lon:.7f}"
