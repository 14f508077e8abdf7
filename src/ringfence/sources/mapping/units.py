"""The administrative units in which the addresses of a channel lie, as far as that is sure."""

from __future__ import annotations

from functools import lru_cache

import pyarrow as pa

from ringfence.sources.normalise.divisions import Divisions
from ringfence.sources.normalise.locating import locate_line

_KEPT = 1 << 18
"""Addresses of which the unit is remembered: so many are a city's, and some 50 MB."""


class Units:
    """Codes of units by address, each address followed once.

    `home`: the unit in which addresses lie that begin below a city, where the mapping says so. A
    country says nothing of where in it they lie.
    """

    def __init__(self, divisions: Divisions, home: str) -> None:
        self._divisions = divisions
        unit = divisions.units.get(home)
        self._home = home if unit is not None and unit.level != "country" else None
        self._code = lru_cache(_KEPT)(self._followed)

    def codes(self, addresses: pa.StringArray, *, within_home: bool) -> pa.StringArray:
        """Null where nothing is sure; of several units of one name, the one that holds them all."""
        encoded = addresses.dictionary_encode()
        found = [self._code(address, within_home) for address in encoded.dictionary.to_pylist()]
        return pa.array(found, pa.string()).take(encoded.indices)

    def _followed(self, address: str, within_home: bool) -> str | None:
        if within_home and self._home is not None:
            code = locate_line(address, self._divisions, within=self._home).code
            if code is not None and self._home in self._divisions.chain(code):
                return code
        return locate_line(address, self._divisions).code
