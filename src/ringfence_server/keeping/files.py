"""The deployment file of a restored server: as it was, with the paths of its new place."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from ringfence.errors import DataError

KINDS = "kinds.yaml"
"""The authority's own kinds, beside the deployment file."""


def told_by(content: bytes) -> dict[str, Any]:
    """DataError: it is not TOML."""
    try:
        return tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise DataError(
            "the deployment file in the backup is not TOML", "备份中的部署文件不是 TOML"
        ) from None


def moved(told: Mapping[str, Any], to: Path, address: str, *, private: bool) -> str:
    """Its text, for a server whose files lie in `to`."""
    fields = {name: value for name, value in told.items() if name != "cluster"}
    fields |= {"home": str(to / "home"), "secret_file": "secret", "database": address}
    if "kinds" in fields:
        fields["kinds"] = KINDS
    if private:
        fields["cluster"] = str(to / "database")
    return "".join(f"{name} = {_written(value)}\n" for name, value in fields.items())


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name} = {_written(one)}' for name, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return json.dumps(value, ensure_ascii=False)
