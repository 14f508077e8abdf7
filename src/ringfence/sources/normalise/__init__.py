"""Values of many forms brought to one, or refused with a reason."""

from ringfence.sources.normalise.id_numbers import (
    IdentityFacts,
    identity_facts,
    is_checked,
    kind_of,
)
from ringfence.sources.normalise.model import Normalised, Setting
from ringfence.sources.normalise.normalising import KINDS, normalise
from ringfence.sources.normalise.regions import RegionYears
from ringfence.sources.normalise.seats import Seat, split_seat

__all__ = [
    "KINDS",
    "IdentityFacts",
    "Normalised",
    "RegionYears",
    "Seat",
    "Setting",
    "identity_facts",
    "is_checked",
    "kind_of",
    "normalise",
    "split_seat",
]
