"""Recorded results: one JSON file per size and run, named by date and commit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.machine import ROOT
from bench.sizes import rows_of

FOLDER = ROOT / "bench" / "results"

FORMAT = 2
"""Results of another format were measured on other data: kept, and not compared."""

Result = dict[str, Any]


def record(result: Result, folder: Path) -> Path:
    """Write `<date>-<commit>-<size>.json`; a later run of that day and commit takes its place."""
    folder.mkdir(parents=True, exist_ok=True)
    commit = result["commit"] + ("-dirty" if result["dirty"] else "")
    path = folder / f"{result['date'][:10]}-{commit}-{result['size']}.json"
    path.write_text(json.dumps(result, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return path


def history(folder: Path) -> dict[str, list[Result]]:
    """All results of each size, oldest first; the smallest size first."""
    found: dict[str, list[Result]] = {}
    for path in sorted(folder.glob("*.json")):
        result: Result = json.loads(path.read_text(encoding="utf-8"))
        if result.get("format") == FORMAT:
            found.setdefault(result["size"], []).append(result)
    return {
        size: sorted(found[size], key=lambda result: result["date"])
        for size in sorted(found, key=rows_of)
    }


def newest(folder: Path) -> dict[str, Result]:
    """The latest result of each size, smallest size first."""
    return {size: results[-1] for size, results in history(folder).items()}
