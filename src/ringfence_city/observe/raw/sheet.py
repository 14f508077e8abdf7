"""A file as an agency writes it, and what the one who writes it needs to know."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.raw import lines
from ringfence_city.observe.raw.documents import Copied, Documents, copied
from ringfence_city.observe.rows import Numbers
from ringfence_city.parameters import Parameters
from ringfence_city.truth.city import City


@dataclass(frozen=True)
class Sheet:
    """`mapping` reads it; `tables`: the canonical tables that come of it."""

    mapping: str
    suffix: str
    tables: tuple[str, ...]
    content: bytes
    rows: int


@dataclass(frozen=True)
class Clerk:
    """Writes for one channel. `number` tells this file's rows from those of its other files."""

    city: City
    documents: Documents
    disguise: Disguise
    number: int

    @property
    def asked(self) -> Parameters:
        return self.city.asked

    def copied(self, codes: Numbers) -> Copied:
        return copied(self.documents, self.disguise, codes)

    def serials(self, count: int) -> pa.StringArray:
        """Numbers that the channel gives its rows."""
        return lines.joined(f"{self.number:08d}", lines.texts(range(count), 8))


def office_table(
    above: tuple[str, ...], header: str, rows: pa.StringArray, totals: str, encoding: str
) -> bytes:
    """As an office program saves a sheet: titles, header, rows, a last row of sums if there is one.

    UTF-8 comes with a byte order mark, UTF-16 in small-endian order with one.
    """
    before = "".join(f"{line}\r\n" for line in (*above, header)).encode()
    after = f"{totals}\r\n".encode() if totals else b""
    told = before + lines.content(rows) + after
    if encoding == "utf-8":
        return b"\xef\xbb\xbf" + told
    if encoding == "utf-16":
        return b"\xff\xfe" + told.decode().encode("utf-16-le")
    return told.decode().encode(encoding)
