"""Generated pages are up to date, links lead somewhere, and registers in pages are complete."""

from __future__ import annotations

import re
import tomllib

from scripts import check_links, records_reference
from scripts.console_pages import ROOT


def test_links_lead_somewhere() -> None:
    assert [fault for page in check_links.pages() for fault in check_links.broken(page)] == []


def test_records_reference_is_up_to_date() -> None:
    assert records_reference.PAGE.read_text(encoding="utf-8") == records_reference.page()


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = list(project["project"]["dependencies"])
    for group in project["dependency-groups"].values():
        asked += group
    page = (ROOT / "docs" / "adr" / "0002-dependencies.md").read_text(encoding="utf-8")
    names = {re.split(r"[<>=\[ ]", line)[0] for line in asked}
    types = {name for name in names if name.startswith("types-")}
    assert {name for name in names - types if name not in page} == set()


def test_locks_hold_hashes_and_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "//" not in text
        for package in re.split(r"\n(?=\S)", text.strip()):
            assert "--hash=sha256:" in package, f"{lock.name}: {package.splitlines()[0]}"


def test_decisions_are_numbered_without_gap() -> None:
    numbers = sorted(int(page.name[:4]) for page in (ROOT / "docs" / "adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
