"""Scans of venue codes: what the back end of the programme writes, an object a line."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from ringfence_city.observe.raw import lines
from ringfence_city.observe.raw.sheet import Clerk, Sheet
from ringfence_city.observe.rows import Columns, Numbers, count, places
from ringfence_city.truth import registers

_AT = "%Y-%m-%d %H:%M:00"


def write(clerk: Clerk, stays: Columns, instants: Columns) -> Sheet | None:
    """`stays`: where people scanned when they went as well."""
    whole, open_ended = count(stays), count(instants)
    if not whole + open_ended:
        return None
    left = lines.times(clerk.asked, _of(stays, "end"), _AT)
    place = np.concatenate([_of(stays, "place"), _of(instants, "place")])
    told = clerk.copied(np.concatenate([_of(stays, "subject"), _of(instants, "subject")]))
    used, venue = np.unique(place, return_inverse=True)
    names = registers.place_names(clerk.city, used.astype(np.int32))
    kind = lines.quoted(pa.array(["01"] * len(place)))
    rows = lines.joined(
        '{"scanId":"S',
        clerk.serials(len(place)),
        '","venueCode":',
        lines.quoted(places(clerk.city, place)),
        ',"venueName":',
        lines.quoted(names.take(pa.array(venue))),
        ',"scanType":',
        pa.array(['"in_out', '"in']).take(pa.array(np.arange(len(place)) >= whole).cast(pa.int8())),
        '","name":',
        lines.quoted(told.name),
        ',"idType":',
        kind,
        ',"idNumber":',
        lines.quoted(told.id_number),
        ',"phone":',
        lines.quoted(told.phone),
        ',"inTime":',
        lines.quoted(
            lines.times(
                clerk.asked, np.concatenate([_of(stays, "start"), _of(instants, "at")]), _AT
            )
        ),
        ',"outTime":',
        lines.quoted(pa.concat_arrays([left, pa.nulls(open_ended, pa.string())])),
        "}\n",
    )
    tables = ("event", "presence", "subject")
    return Sheet("venue-scans", "ndjson", tables, lines.content(rows), len(place))


def _of(rows: Columns, name: str) -> Numbers:
    return np.asarray(rows.get(name, ()), dtype=np.int64)
