"""The program's own command line, on a home of the test's own."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ringfence.cli.main import main


def ringfence(*arguments: str | Path) -> str:
    """What the command prints; started here, since a process of its own costs half a second."""
    printed, told = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with redirect_stdout(printed), redirect_stderr(told):
        code = main([str(argument) for argument in arguments])
    assert code == 0, told.getvalue()
    printed.seek(0)
    return printed.read()


@dataclass(frozen=True)
class Home:
    """A home in a folder of the test's own."""

    root: Path

    @classmethod
    def made(cls, root: Path, jurisdiction: str, zone: str) -> Home:
        ringfence("init", root, "--jurisdiction", jurisdiction, "--zone", zone)
        return cls(root)

    def deliver(self, file: Path, table: str) -> dict[str, Any]:
        """Import a file; the receipt."""
        told = ringfence("import", file, "--as", table, "--home", self.root, "--json")
        receipt: dict[str, Any] = json.loads(told)
        counted = ("created", "updated", "unchanged", "merged", "quarantined", "purged")
        assert receipt["rows_in"] == sum(receipt[name] for name in counted)
        return receipt

    def trace(self, *cases: str, protocol: Path, orders: int) -> dict[str, Any]:
        options = ("--orders", str(orders), "--format", "json", "--home", self.root)
        told = ringfence("trace", *cases, "--protocol", protocol, *options, "--no-crowd-limit")
        answer: dict[str, Any] = json.loads(told)
        return answer
