"""Portable expressions as SQL: each is built and compiled once for its arguments, and kept.

Building takes ten times longer than running, so the text is kept in the home too, under a name
that holds everything it depends on: a kept text is never stale, and any of them can be deleted.
"""

from __future__ import annotations

import hashlib
import importlib
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from uuid import uuid4

_EXPRESSIONS = Path(__file__).parent / "expressions"
_ROOT = Path(__file__).parents[2]
_DEPENDED_ON = (
    *sorted(_EXPRESSIONS.glob("*.py")),
    Path(__file__).parent / "columns.py",
    Path(__file__).parent / "rules.py",
    _ROOT / "protocols" / "model.py",
    *sorted((_ROOT / "records").glob("*.py")),
)

Argument = str | int | bool | tuple[str, ...]


class Compiler:
    """Compiles `module.function` of the expressions. `folder`: where texts outlive the process."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def sql(self, expression: str, *arguments: Argument) -> str:
        key = _key(expression, arguments)
        if key not in _TEXTS:
            _TEXTS[key] = self._kept(key) or self._keep(key, _compile(expression, arguments))
        return _TEXTS[key]

    def _kept(self, key: str) -> str | None:
        if self._folder is None:
            return None
        try:
            return (self._folder / f"{key}.sql").read_text(encoding="utf-8")
        except OSError:
            return None

    def _keep(self, key: str, text: str) -> str:
        """Keeping is a convenience: a full or read-only disk does not stop a trace."""
        if self._folder is not None:
            with suppress(OSError):
                self._folder.mkdir(parents=True, exist_ok=True)
                written = self._folder / f".{key}.{uuid4().hex}"
                written.write_text(text, encoding="utf-8")
                written.replace(self._folder / f"{key}.sql")
        return text


_TEXTS: dict[str, str] = {}


def _compile(expression: str, arguments: tuple[Argument, ...]) -> str:
    import ibis  # slow to import, and not needed where the text is kept

    module, function = expression.split(".")
    build = getattr(
        importlib.import_module(f"ringfence.engines.sql.expressions.{module}"), function
    )
    return str(ibis.to_sql(build(*arguments), dialect="duckdb"))


def _key(expression: str, arguments: tuple[Argument, ...]) -> str:
    text = "\x1f".join((_dependencies(), expression, *map(repr, arguments)))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def _dependencies() -> str:
    """Everything but the arguments that a compiled text depends on."""
    digest = hashlib.sha256(f"{version('ibis-framework')} {version('sqlglot')}".encode())
    for path in _DEPENDED_ON:
        digest.update(path.read_bytes())
    return digest.hexdigest()
