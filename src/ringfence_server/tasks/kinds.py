"""Kinds of tasks and the rules that make them: the shipped file, and after it the authority's own.

An authority adds kinds, as data. It changes none that is shipped, and no rule: which contacts
become which work is for measures, and what binds a person follows from protocols alone.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from ringfence_server.deployment.here import deployment
from ringfence_server.tasks.kind_model import ASKED, CLASSES, NAMED, Book, End, Kind
from ringfence_server.tasks.kind_reading import read_book
from ringfence_server.tasks.own_kinds import content_of, read_own

__all__ = ["ASKED", "CLASSES", "NAMED", "Book", "End", "Kind", "book", "kind_of"]


def book() -> Book:
    """Of this process: its files are read once. UserError: the authority's file cannot be used."""
    return _book(deployment().kinds)


def kind_of(key: str) -> Kind:
    """Of a task that is there, whatever the files tell by now."""
    return book().kind(key)


@cache
def _book(own: Path | None) -> Book:
    shipped = read_book(files("ringfence_server.tasks").joinpath("kinds.yaml").read_bytes())
    if own is None:
        return shipped
    return read_own(content_of(own), str(own), shipped)
