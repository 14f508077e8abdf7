"""Community workers at the door: who lives there, told once, and who has come to visit."""

from __future__ import annotations

import numpy as np

from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Noise
from ringfence_city.observe.rows import RELATION_OF, Columns
from ringfence_city.observe.scene import Channel, Scene, Seen
from ringfence_city.truth.city import KIND_OF

NAME = "door-to-door"
NOISE = Noise(
    coverage=400_000,
    lag_days=(2,),
    late=30_000,
    wrong_digit=3_000,
    false=2_000,
    respelled=20_000,
    rounded=2_000,
)


def see(scene: Scene, disguise: Disguise) -> list[Seen]:
    """A visitor is linked with the first of the household, who opens the door."""
    stays, people = scene.stays, scene.city.people
    at_home = scene.city.places.kind[stays.place] == KIND_OF["home"]
    visits = np.flatnonzero(at_home & (people.home[stays.person] != stays.place))
    visits = visits[disguise.seen(stays.person[visits], stays.start[visits])]
    person, start = stays.person[visits], stays.start[visits]
    host = scene.city.first_of_home[stays.place[visits]]
    columns: Columns = {
        "subject_a": disguise.marked_codes(person, start),
        "subject_b": host.astype(np.int64),
        "relation": np.full(len(visits), RELATION_OF["visitor"], np.int8),
        "start": start,
        "end": stays.end[visits],
    }
    return [Seen("link", columns, disguise.late(person, start))]


CHANNEL = Channel(NAME, NOISE, see)
