"""The page of the truth report says what its figures rest on, and what they leave out."""

from __future__ import annotations

import json

from bench.truth.__main__ import RESULT
from bench.truth.desk import ALWAYS
from bench.truth.page import PAGE, rendered
from bench.truth.plan import MEETING, UNREAD

from ringfence.trace.changed import NEVER_READ
from ringfence_city.observe.models import NOISE_OF
from ringfence_city.observe.standing import FULL_CHANNELS


def test_every_channel_of_a_city_is_varied_or_kept_or_read_by_no_rule() -> None:
    kinds = (MEETING, ALWAYS, UNREAD)
    assert sorted(name for kind in kinds for name in kind) == sorted({*NOISE_OF, "registers"})


def test_a_channel_is_left_out_only_while_nothing_reads_its_tables() -> None:
    for name in UNREAD:
        tables = {table for table, channel in FULL_CHANNELS.items() if channel == name}
        assert tables
        assert tables <= NEVER_READ


def test_the_page_names_the_channels_that_are_left_out() -> None:
    told = rendered(json.loads(RESULT.read_text(encoding="utf-8")))
    assert all(f"`{name}`" in told for name in UNREAD)
    assert PAGE.read_text(encoding="utf-8") == told
