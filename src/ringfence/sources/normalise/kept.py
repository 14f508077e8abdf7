"""Small JSON that a home keeps beside its lake: read whole, replaced whole, by one at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ringfence.errors import DataError, Text
from ringfence.lake import Home
from ringfence.lake.durable import locked, move_durably, storage_faults, write_durably
from ringfence.lake.leases import workplace

FORMAT = 1
_NONE = Text("", "")
Content = dict[str, Any]


@dataclass(frozen=True)
class Kept:
    """A file in a folder of the home. `remedy`: what helps where its format is not known."""

    folder: str
    name: str
    remedy: Text = _NONE

    def path(self, home: Home) -> Path:
        return home.root / self.folder / self.name

    def read(self, home: Home) -> Content | None:
        """None where nothing was kept yet."""
        path = self.path(home)
        if not path.exists():
            return None
        with storage_faults(path):
            content: Content = json.loads(path.read_text(encoding="utf-8"))
        if content.get("format") != FORMAT:
            raise DataError(
                f"{path} has a format that this program does not know{self.remedy.en}",
                f"{path} 的格式无法识别{self.remedy.zh}",
            )
        return content

    def change(self, home: Home, changed: Callable[[Content | None], Content]) -> Content:
        """Nobody else changes it between what `changed` is given and what it gives back."""
        target = self.path(home)
        lock = home.locks / f"{self.folder}.lock"
        with storage_faults(target), locked(lock), workplace(home) as folder:
            content = {"format": FORMAT, **changed(self.read(home))}
            fresh = folder / target.name
            write_durably(fresh, json.dumps(content, ensure_ascii=False, indent=0).encode())
            move_durably(fresh, target)
        return content
