"""What a row of a source says of a person's identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

IDENTITY_FIELDS = ("name", "sex", "birth_date", "id_kind", "id_number", "phone", "address", "plate")


@dataclass(frozen=True)
class Statement:
    """`row`: the source row (see `lake.lineage`). `fields`: values by name, in normal form."""

    subject: str
    row: int
    fields: Mapping[str, str]


@dataclass(frozen=True)
class Told:
    """A statement with where it comes from."""

    subject: str
    source: str
    batch: str
    row: int
    fields: Mapping[str, str]
