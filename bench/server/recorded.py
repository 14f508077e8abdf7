"""Recorded results of servers, beside the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.server.scales import SCALES

FORMAT = "server 1"
"""Results of another format were measured otherwise: kept, and not compared."""

Result = dict[str, Any]


def record(result: Result, folder: Path) -> Path:
    """Write `<date>-<commit>-server-<scale>.json`; a later run of that day takes its place."""
    folder.mkdir(parents=True, exist_ok=True)
    commit = result["commit"] + ("-dirty" if result["dirty"] else "")
    path = folder / f"{result['date'][:10]}-{commit}-server-{result['scale']}.json"
    path.write_text(json.dumps(result, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return path


def history(folder: Path) -> dict[str, list[Result]]:
    """All results of each scale, oldest first; the largest scale first."""
    found: dict[str, list[Result]] = {}
    for path in sorted(folder.glob("*-server-*.json")):
        result: Result = json.loads(path.read_text(encoding="utf-8"))
        if result.get("format") == FORMAT:
            found.setdefault(result["scale"], []).append(result)
    return {
        name: sorted(found[name], key=lambda result: result["date"])
        for name in SCALES
        if name in found
    }


def newest(folder: Path) -> dict[str, Result]:
    """The latest result of each scale."""
    return {name: results[-1] for name, results in history(folder).items()}
