"""Payments and gates: an instant within a stay, told by a till or a turnstile."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ringfence.records.vocabularies import Setting
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Noise
from ringfence_city.observe.rows import EVENT_OF, Columns
from ringfence_city.observe.scene import Channel, Scene, Seen
from ringfence_city.truth.city import ROLE_OF, SETTING_OF, SETTING_OF_KIND, Int32

PAYMENT_NOISE = Noise(
    coverage=500_000,
    lag_days=(1, 2),
    late=10_000,
    skew_minutes=1,
    alias=50_000,
    borrowed=40_000,
    wrong_digit=200,
    rounded=300,
)
GATE_NOISE = Noise(
    coverage=700_000, lag_days=(1,), late=5_000, skew_minutes=6, duplicates=20_000, borrowed=5_000
)


def _with(*settings: Setting) -> NDArray[np.bool_]:
    return np.isin(SETTING_OF_KIND, [SETTING_OF[setting.value] for setting in settings])


_TILLS = _with(
    Setting.DINING, Setting.RETAIL, Setting.ENTERTAINMENT, Setting.LODGING, Setting.SERVICE
)
_GATES = _with(Setting.SCHOOL, Setting.HEALTHCARE, Setting.TRANSPORT_HUB)


def _payments(scene: Scene, disguise: Disguise) -> list[Seen]:
    """Customers pay once, at a moment of their stay."""
    stays = scene.stays
    buys = _TILLS[scene.city.places.kind[stays.place]] & (stays.role == ROLE_OF["customer"])
    rows = np.flatnonzero(buys)
    length = np.maximum(stays.end[rows] - stays.start[rows], 1)
    moment = disguise.chance("moment").below(length, stays.person[rows], stays.start[rows])
    return [_instants(scene, disguise, "payment", rows, (stays.start[rows] + moment))]


def _gates(scene: Scene, disguise: Disguise) -> list[Seen]:
    """A gate opens when somebody comes in."""
    stays = scene.stays
    rows = np.flatnonzero(_GATES[scene.city.places.kind[stays.place]])
    return [_instants(scene, disguise, "gate", rows, stays.start[rows])]


def _instants(
    scene: Scene, disguise: Disguise, kind: str, rows: NDArray[np.int64], at: Int32
) -> Seen:
    stays = scene.stays
    seen = disguise.seen(stays.person[rows], stays.start[rows])
    rows, at = rows[seen], at[seen]
    again = disguise.repeated(stays.person[rows], stays.start[rows])
    rows, at = rows[again], at[again]
    person, place, start = stays.person[rows], stays.place[rows], stays.start[rows]
    columns: Columns = {
        "subject": disguise.marked_codes(person, start),
        "place": place,
        "at": at + disguise.skew(place),
        "kind": np.full(len(rows), EVENT_OF[kind], np.int8),
    }
    return Seen("event", columns, disguise.late(person, start))


PAYMENTS = Channel("payments", PAYMENT_NOISE, _payments)
GATES = Channel("gates", GATE_NOISE, _gates)
