"""Hotels: every guest by name, from coming in to going out."""

from __future__ import annotations

import numpy as np

from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Noise
from ringfence_city.observe.rows import Columns
from ringfence_city.observe.scene import Channel, Scene, Seen
from ringfence_city.truth.city import KIND_OF, ROLE_OF

NOISE = Noise(coverage=950_000, late=20_000, duplicates=10_000, wrong_digit=3_000, respelled=20_000)


def see(scene: Scene, disguise: Disguise) -> list[Seen]:
    stays = scene.stays
    lodged = scene.city.places.kind[stays.place] == KIND_OF["hotel"]
    rows = np.flatnonzero(lodged & (stays.role != ROLE_OF["staff"]))
    rows = rows[disguise.seen(stays.person[rows], stays.start[rows])]
    rows = rows[disguise.repeated(stays.person[rows], stays.start[rows])]
    person, start = stays.person[rows], stays.start[rows]
    columns: Columns = {
        "subject": disguise.marked_codes(person, start),
        "place": stays.place[rows],
        "start": start,
        "end": stays.end[rows],
        "zone": stays.zone[rows],
    }
    return [Seen("presence", columns, disguise.late(person, start))]


CHANNEL = Channel("hotel-register", NOISE, see)
