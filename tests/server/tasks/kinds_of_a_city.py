"""A city's own kinds of work: the file that the page shows, and others made of it."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

import yaml
from tests.faults import ROOT

PAGE = (ROOT / "docs" / "how-to" / "own-kinds-of-work.md").read_text(encoding="utf-8")


def shown() -> str:
    """The file on the page."""
    found = re.search(r"^```yaml kinds.yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def changed(*path: str, to: Any = None, without: bool = False) -> bytes:
    """The file on the page with another value at this place, or without it."""
    told: Any = deepcopy(yaml.safe_load(shown()))
    at = told
    for name in path[:-1]:
        at = at[name]
    if without:
        del at[path[-1]]
    else:
        at[path[-1]] = to
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=False).encode()


def put(folder: Path, content: bytes | str, name: str = "kinds.yaml") -> Path:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file
