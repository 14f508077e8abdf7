"""`ringfence mappings draft`: a first mapping of a file that nobody has seen before."""

from __future__ import annotations

import typer


def register(_: typer.Typer) -> None:
    """To come."""
