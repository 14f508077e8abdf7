"""The way of the data is law: a layer imports only those below it, and few know an engine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import PACKAGE, ROOT, imports, modules, of_each

ENGINES = ("duckdb", "ibis", "sqlglot", "pyspark", "deltalake", "pyarrow.dataset")
MAY_KNOW_AN_ENGINE = ("engines", "lake")
SERVER = ("django", "ninja", "allauth", "granian", "procrastinate", "ringfence_server")
LIBRARY = [path for path in modules("src") if "ringfence_server" not in path.parts]


def knows(path: Path, libraries: tuple[str, ...]) -> list[str]:
    return [
        name
        for name in imports(path)
        for library in libraries
        if name == library or name.startswith(f"{library}.")
    ]


def test_layers_hold() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@of_each(modules("src"))
def test_only_engines_and_lake_know_an_engine(path: Path) -> None:
    if path.is_relative_to(PACKAGE) and path.relative_to(PACKAGE).parts[0] in MAY_KNOW_AN_ENGINE:
        return
    assert knows(path, ENGINES) == []


@of_each(LIBRARY)
def test_the_library_needs_no_server(path: Path) -> None:
    assert knows(path, SERVER) == []


def test_every_package_is_a_layer() -> None:
    layers = {
        "cli",
        "backup",
        "operations",
        "movements",
        "trace",
        "rides",
        "identity",
        "narratives",
        "sources",
        "vault",
        "audit",
        "lake",
    }
    layers |= {"engines", "protocols", "records", "errors"}
    found = {path.stem for path in PACKAGE.iterdir() if not path.name.startswith("_")}
    assert found - {"py"} == layers
