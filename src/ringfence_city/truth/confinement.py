"""Days of people who may not or cannot go out."""

from __future__ import annotations

import numpy as np

from ringfence_city.truth.city import DAY, IN_HOSPITAL, ISOLATED, ROLE_OF, City, Int8
from ringfence_city.truth.plan import FIRST, Plan, Visit
from ringfence_city.truth.venue_kinds import ROW_OF


def confine(city: City, plan: Plan, confined: Int8) -> None:
    """Those confined have no outings but, if not at home, one that lasts all day."""
    held = np.asarray(confined) > 0
    for outing in range(plan.start.shape[1]):
        plan.drop(outing, held)
    plan.away[held] = False
    person = plan.person
    grid = city.people.grid[person].astype(np.int64)
    ward = ROW_OF["hospital"]
    hospital = city.venues.first[ward, grid] + person % np.maximum(city.venues.count[ward, grid], 1)
    zone = person // 7 % np.maximum(city.places.zones[hospital], 1)
    sick = (np.asarray(confined) == IN_HOSPITAL) & ~plan.absent
    plan.put(FIRST, sick, Visit(hospital, zone, 0, DAY, ROLE_OF["patient"], 0))
    row = ROW_OF["isolation_site"]
    sites, first = int(city.venues.count[row, 0]), int(city.venues.first[row, 0])
    alone = (np.asarray(confined) == ISOLATED) & ~plan.absent
    room = np.minimum(person // sites, 32_000)
    plan.put(FIRST, alone, Visit(first + person % sites, room, 0, DAY, ROLE_OF["other"], 0))
