"""Forms that mappings name: those of strptime, and counts of days or seconds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringfence.sources.normalise.written_times import is_form

from .settings import SHANGHAI, one


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d.%m.%y %H:%M", "serial", "epoch_ms", "%Y年%m月"])
def test_forms(form: str) -> None:
    assert is_form(form)


@pytest.mark.parametrize("form", ["", "%q", "%", "%Y%Y", "%H:%M %Z", "%Y-%m-%d %", "%i"])
def test_what_is_no_form_fits_nothing(form: str) -> None:
    assert not is_form(form)
    for kind in ("date", "datetime", "time", "moment"):
        value, reason = one(kind, "19.09.2022 8h", replace(SHANGHAI, forms=(form,)))
        assert value is None
        assert reason


def test_days_of_a_mac_spreadsheet() -> None:
    assert one("date", "43361", replace(SHANGHAI, forms=("serial1904",))) == ("2022-09-19", "")


def test_a_written_z_is_no_letter_of_a_local_time() -> None:
    """A form that ends in a bare Z looks like UTC to whoever wrote it: it is read as UTC."""
    setting = replace(SHANGHAI, forms=("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S.%fZ"))
    for text in ("2022-09-19T00:30:00Z", "2022-09-19T00:30:00.000Z"):
        assert one("datetime", text, setting) == ("2022-09-19T00:30:00+00:00", "")
    setting = replace(SHANGHAI, forms=("%d/%m/%Y %H:%MZ",))
    assert one("datetime", "19/09/2022 00:30Z", setting) == ("2022-09-19T00:30:00+00:00", "")
