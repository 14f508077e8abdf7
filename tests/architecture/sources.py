"""The files of the project and what they import, as the architecture tests see them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "ringfence"

_FOLDERS = (
    ".ci",
    "bench",
    "docs",
    "examples",
    "layouts",
    "mappings",
    "protocols",
    "requirements",
    "scripts",
)
_CODE = ("src", "tests")
_BINARY = frozenset({".parquet", ".png", ".pyc", ".gz", ".zip", ".woff2"})


def modules(*folders: str) -> list[Path]:
    """Python modules of the folders, all of the project's by default."""
    return sorted(
        path
        for folder in folders or ("src", "tests", "scripts", "bench")
        for path in (ROOT / folder).rglob("*.py")
        if "__pycache__" not in path.parts
    )


def texts() -> list[Path]:
    """Every text file that the project ships."""
    found = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in _FOLDERS + _CODE:
        found += [
            path
            for path in (ROOT / folder).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts and "data" not in path.parts
        ]
    return sorted(path for path in found if path.suffix not in _BINARY)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> Iterator[str]:
    """Dotted names that a module imports, inside functions too."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def of_each(paths: Iterable[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """One test of a rule for all of these files: thousands of tests would be told apart for longer
    than they take. It names each file that breaks the rule.
    """

    def made(check: Callable[[Path], None]) -> Callable[[], None]:
        def holds() -> None:
            broken = [said for path in paths if (said := _broken(check, path))]
            assert not broken, "\n".join(broken)

        holds.__doc__ = check.__doc__
        return holds

    return made


def _broken(check: Callable[[Path], None], path: Path) -> str:
    try:
        check(path)
    except AssertionError as fault:
        return f"{path.relative_to(ROOT)}: {fault}"
    return ""
