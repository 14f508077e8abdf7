"""Modules stay small, names say what is inside, and no file holds what has no place in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.sources import modules, of_each, texts, tree

MOST_LINES = 400
GRAVITY_WELLS = frozenset(
    {"base", "common", "core", "helper", "helpers", "manager", "managers", "misc", "stuff"}
    | {"tools", "util", "utils"}
)
# Put together here so that this file does not hold what it looks for.
UNFINISHED = re.compile("|".join(rf"\b{a}{b}\b" for a, b in (("TO", "DO"), ("FIX", "ME"))))
REGISTRIES = re.compile(
    "|".join(
        re.escape(f"{name}.{end}")
        for name, end in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("yarnpkg", "com"),
            ("deb.debian", "org"),
            ("crates", "io"),
            ("anaconda", "org"),
        )
    )
)
ISSUE_NUMBER = re.compile(r"\bissues? #?\d+|\b(?:closes|fixes|refs|see) #\d+", re.IGNORECASE)

CODE = modules()
# Django writes them, from the models; nobody reads one to learn how the server works.
WRITTEN_BY_HAND = [path for path in CODE if path.parent.name != "migrations"]
TEXTS = texts()


def lines_with(path: Path, pattern: re.Pattern[str]) -> list[int]:
    text = path.read_text(encoding="utf-8", errors="replace")  # samples come in other encodings
    return [number for number, line in enumerate(text.splitlines(), 1) if pattern.search(line)]


@of_each(WRITTEN_BY_HAND)
def test_module_is_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@of_each(CODE)
def test_name_says_what_is_inside(path: Path) -> None:
    assert path.stem not in GRAVITY_WELLS
    assert path.parent.name not in GRAVITY_WELLS


@of_each(TEXTS)
def test_nothing_is_left_unfinished(path: Path) -> None:
    assert lines_with(path, UNFINISHED) == []


@of_each(TEXTS)
def test_no_file_names_a_registry_or_an_issue(path: Path) -> None:
    assert lines_with(path, REGISTRIES) == []
    assert lines_with(path, ISSUE_NUMBER) == []


@of_each(modules("src"))
def test_no_stub(path: Path) -> None:
    raised = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Name) and node.id == "NotImplementedError"
    ]
    assert raised == []


@of_each(modules("tests"))
def test_tests_neither_sleep_nor_mock(path: Path) -> None:
    used = [
        node.lineno
        for node in ast.walk(tree(path))
        if (isinstance(node, ast.Attribute) and node.attr == "sleep")
        or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("unittest"))
    ]
    assert used == []
