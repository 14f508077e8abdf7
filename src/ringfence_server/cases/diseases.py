"""Diseases for which there is a protocol: a case of another could never be traced."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ringfence.errors import Text
from ringfence.lake import Home
from ringfence.protocols.catalogue import load_all, shipped_folder
from ringfence_server.cases.refusals import FieldErrors

_NAMES = {
    "covid-19": Text("COVID-19", "新冠病毒感染"),
    "measles": Text("measles", "麻疹"),
}


def disease_named(disease: str) -> Text:
    """What a city's own protocol calls its disease is shown as it is written there."""
    return _NAMES.get(disease, Text(disease, disease))


def diseases(home: Home) -> list[str]:
    """Read anew only when a protocol was added, changed or taken away: each page asks."""
    folders = (shipped_folder(), home.protocols)
    files = sorted(file for folder in folders for file in folder.rglob("*.y*ml"))
    state = tuple((str(file), file.stat().st_mtime_ns) for file in files)
    return list(_diseases(home.protocols, state))


@lru_cache(maxsize=4)
def _diseases(own: Path, state: tuple[tuple[str, int], ...]) -> tuple[str, ...]:  # noqa: ARG001
    return tuple(sorted({file.protocol.disease for file in load_all(own)}))


def check_disease(home: Home, disease: str) -> None:
    known = diseases(home)
    if disease not in known:
        reason = Text(
            f"there is no protocol for it; there are: {', '.join(known)}",
            f"没有该病种的防控方案；可选：{'、'.join(known)}",
        )
        raise FieldErrors({"disease": reason})
