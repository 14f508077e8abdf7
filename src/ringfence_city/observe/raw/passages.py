"""Vehicles at checkpoints: the answer of the camera system's interface."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ringfence_city.observe.raw import lines
from ringfence_city.observe.raw.sheet import Clerk, Sheet
from ringfence_city.observe.rows import Columns, Numbers, count, places
from ringfence_city.truth.city import City
from ringfence_city.truth.fleet import fleet


def plates(city: City, vehicles: Numbers) -> pa.StringArray:
    """Number plates of a place that has none (青Z): taxis run on electricity, lorries do not."""
    taxis = fleet(city.residents).taxis
    number = np.asarray(vehicles, dtype=np.int64)
    lorry = number >= taxis
    letters = pa.array(["青ZD", "青Z"]).take(pa.array(lorry).cast(pa.int8()))
    return lines.joined(letters, lines.texts(np.where(lorry, number - taxis, number), 5))


def write(clerk: Clerk, sightings: Columns) -> Sheet | None:
    rows = count(sightings)
    if not rows:
        return None
    body = lines.joined(
        '{"recordId":"K',
        clerk.serials(rows),
        '","plateNo":',
        lines.quoted(plates(clerk.city, np.asarray(sightings["vehicle"]))),
        ',"plateColor":"蓝","gateCode":',
        lines.quoted(places(clerk.city, np.asarray(sightings["place"]))),
        ',"direction":"进城","passTime":',
        lines.quoted(lines.times(clerk.asked, np.asarray(sightings["at"]), "%Y-%m-%d %H:%M:00")),
        ',"driverName":null,"driverIdNo":null,"driverPhone":null},\n',
    )
    listed = lines.content(body).removesuffix(b",\n")
    begin = f'{{"code":0,"message":"success","data":{{"total":{rows},"list":[\n'.encode()
    return Sheet("vehicle-gates", "json", ("sighting",), begin + listed + b"\n]}}\n", rows)
