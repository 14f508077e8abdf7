"""Venue codes: people scan when they come, and some of them when they go."""

from __future__ import annotations

import numpy as np

from ringfence.records.vocabularies import Setting
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import Noise
from ringfence_city.observe.rows import EVENT_OF, Columns, chosen
from ringfence_city.observe.scene import Channel, Scene, Seen
from ringfence_city.truth.city import KIND_OF, SETTING_OF, SETTING_OF_KIND

NOISE = Noise(
    coverage=600_000,
    lag_days=(1, 1, 1, 2),
    late=20_000,
    skew_minutes=4,
    missing_end=400_000,
    duplicates=10_000,
    alias=20_000,
    borrowed=10_000,
    wrong_digit=1_000,
)
_WITHOUT_CODE = [
    SETTING_OF[setting.value] for setting in (Setting.HOUSEHOLD, Setting.OUTDOOR, Setting.CAR)
]
HAS_CODE = ~np.isin(SETTING_OF_KIND, _WITHOUT_CODE)
HAS_CODE[KIND_OF["isolation_site"]] = False


def see(scene: Scene, disguise: Disguise) -> list[Seen]:
    stays = scene.stays
    coded = np.flatnonzero(HAS_CODE[scene.city.places.kind[stays.place]])
    coded = coded[disguise.seen(stays.person[coded], stays.start[coded])]
    coded = coded[disguise.repeated(stays.person[coded], stays.start[coded])]
    person, place, start = stays.person[coded], stays.place[coded], stays.start[coded]
    skew = disguise.skew(place)
    rows: Columns = {
        "subject": disguise.marked_codes(person, start),
        "place": place,
        "start": start + skew,
        "end": stays.end[coded] + skew,
    }
    late = disguise.late(person, start)
    open_ended = disguise.chance("end").happens(disguise.noise.missing_end, person, start)
    whole, only_start = chosen(rows, ~open_ended), chosen(rows, open_ended)
    scans: Columns = {
        "subject": only_start["subject"],
        "place": only_start["place"],
        "at": only_start["start"],
        "kind": np.full(int(open_ended.sum()), EVENT_OF["scan"], np.int8),
    }
    return [Seen("presence", whole, late[~open_ended]), Seen("event", scans, late[open_ended])]


CHANNEL = Channel("venue-scans", NOISE, see)
