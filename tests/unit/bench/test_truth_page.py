"""The page of the truth report says what its figures rest on."""

from __future__ import annotations

import json

from bench.truth.__main__ import RESULT
from bench.truth.desk import ALWAYS
from bench.truth.page import PAGE, rendered
from bench.truth.plan import MEETING

from ringfence_city.observe.models import NOISE_OF


def test_every_channel_of_a_city_is_varied_or_kept() -> None:
    assert sorted((*MEETING, *ALWAYS)) == sorted({*NOISE_OF, "registers"})


def test_the_page_is_that_of_the_result() -> None:
    told = rendered(json.loads(RESULT.read_text(encoding="utf-8")))
    assert PAGE.read_text(encoding="utf-8") == told
