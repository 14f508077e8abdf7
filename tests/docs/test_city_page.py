"""The page of the city tells the noise models as they are."""

from __future__ import annotations

from tests.architecture.sources import ROOT

from ringfence_city.observe.models import NOISE_OF
from ringfence_city.observe.noise import FAULTS, Noise

PAGE = (ROOT / "docs" / "reference" / "city.md").read_text(encoding="utf-8")


def line(channel: str, noise: Noise) -> str:
    told = [
        f"{fault} {share}" if fault == "skew_minutes" else f"{fault} {share / 10_000:g} %"
        for fault in FAULTS
        if (share := getattr(noise, fault))
    ]
    lags = ", ".join(str(lag) for lag in sorted(set(noise.lag_days)))
    coverage = f"{noise.coverage / 10_000:g} %"
    return f"| `{channel}` | {coverage} | {lags} | {', '.join(told) or 'none'} |"


def test_every_channel_is_told_as_it_is() -> None:
    lines = PAGE.splitlines()
    assert [one for one in map(line, NOISE_OF, NOISE_OF.values()) if one not in lines] == []


def test_every_fault_is_explained() -> None:
    assert [fault for fault in FAULTS if f"| `{fault}` | " not in PAGE] == []
