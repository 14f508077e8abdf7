"""The page on a city's own channel: its modules write what the tutorial's mapping reads."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import numpy as np
from scripts.console_pages import ROOT

from ringfence import lake
from ringfence.sources import import_mapped
from ringfence.sources.mapping.catalogue import named
from ringfence_city.observe.disguise import Disguise
from ringfence_city.observe.noise import MILLION, Noise
from ringfence_city.observe.raw.documents import Documents
from ringfence_city.observe.raw.sheet import Clerk
from ringfence_city.observe.scene import Scene
from ringfence_city.parameters import Parameters
from ringfence_city.truth import build, days

_BLOCK = re.compile(r"```\w+ (\S+)\n(.*?)```", re.DOTALL)


def blocks(page: str) -> dict[str, str]:
    return dict(_BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8")))


def module(name: str, text: str) -> ModuleType:
    made = ModuleType(name)
    exec(compile(text, name, "exec"), made.__dict__)
    return made


def test_a_channel_written_by_the_page_comes_in_through_the_tutorials_mapping(
    tmp_path: Path,
) -> None:
    code = blocks("how-to/city-channel.md")
    gyms, raw = module("gyms", code["gyms.py"]), module("raw_gyms", code["raw_gyms.py"])
    city = build.city(Parameters(3_000, 1, 9))
    persons = np.arange(city.people.count, dtype=np.int32)
    scene = Scene(city, 0, days.lived(city, persons, 0))
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(blocks("tutorials/new-channel.md")["mapping.yaml"], encoding="utf-8")
    home = lake.create_home(
        tmp_path / "home",
        synthetic=True,
        jurisdiction="CN",
        zone="Asia/Shanghai",
        now=datetime(2022, 9, 19, tzinfo=UTC),
    )
    for noise, refused in ((Noise(), "none"), (Noise(wrong_digit=MILLION), "all")):
        disguise = Disguise(city, gyms.CHANNEL.name, noise)
        (seen,) = gyms.see(scene, disguise)
        sheet = raw.write(Clerk(city, Documents(city), disguise, 7), seen.columns)
        file = tmp_path / f"{refused}.csv"
        file.write_bytes(sheet.content)
        receipt = import_mapped(
            home,
            file,
            channel=named(str(mapping), None).read(),
            now=datetime(2022, 9, 21, tzinfo=UTC),
        )
        assert receipt.rows_in == sheet.rows > 10
        assert receipt.quarantined == (sheet.rows if refused == "all" else 0)
