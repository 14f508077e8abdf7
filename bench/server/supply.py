"""The city of a scale in a home: every channel's files, all identities in the vault, compacted."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.deliveries import Delivery, deliveries, new_home, next_morning, take, told_of
from bench.server.scales import Scale
from bench.supply import make
from ringfence.lake import compact

_LIKE = ("--canonical", "--noise", "0", "--no-presences")
_NOTE = "supplied.json"


def supplied(scale: Scale, seed: int, folder: Path) -> dict[str, Any]:
    """`folder/city` and `folder/home`, made before or now; what they hold, and how long it took."""
    note = folder / _NOTE
    asked = {"people": scale.people, "days": scale.days, "seeds": scale.seeds, "seed": seed}
    if note.exists():
        told: dict[str, Any] = json.loads(note.read_text(encoding="utf-8"))
        if told["asked"] == asked:
            return told
    city = folder / "city"
    made = make(city, scale.people, scale.days, seed, *_LIKE, "--index-cases", str(scale.seeds))
    told = {"asked": asked, **made, **filled(folder), "counts": told_of(city).get("counts", {})}
    note.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return told


def filled(folder: Path) -> dict[str, Any]:
    """The home from the city's deliveries; seconds of each step."""
    os.environ["RINGFENCE_MASTER_KEY"] = str(folder / "master.key")
    given = list(_with_identities(folder / "city"))
    home = new_home(folder / "home", given)
    begun = time.perf_counter()
    for delivery in given:
        take(home, delivery)
    imported = time.perf_counter()
    compact(home)
    return {
        "rows": sum(delivery.rows for delivery in given),
        "import_seconds": imported - begun,
        "compaction_seconds": time.perf_counter() - imported,
    }


def all_received(city: Path) -> datetime:
    return next_morning(deliveries(city))


def _with_identities(city: Path) -> Iterator[Delivery]:
    """In place of the register that names nobody, the one with names, numbers and telephones."""
    for delivery in deliveries(city):
        if delivery.channel == "registers" and delivery.table == "subject":
            for file in sorted((city / "identity" / "subject").glob("*.parquet")):
                yield replace(delivery, path=file)
        else:
            yield delivery
