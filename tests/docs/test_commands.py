"""What the pages tell a user to type works, and prints what they show."""

from __future__ import annotations

from pathlib import Path

import pytest
from scripts.console_pages import EDITING, ROOT, agrees, commands, pages, prepare, run


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_commands_of_a_page_work_as_shown(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    prepare(tmp_path, text)
    for command in commands(text):
        if not command.runs:
            continue
        known = ("ringfence", *EDITING)
        assert command.words[0] in known, f"{page.name} tells to run {command.words[0]}"
        done = run(command, tmp_path)
        assert done.returncode == 0, f"{command.written}\n{done.stderr}"
        if command.shown:
            assert agrees(command.shown, done.stdout), f"{command.written}\n{done.stdout}"


def test_the_readme_has_only_two_commands_to_set_up_and_one_for_each_story() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    made = {command.written for command in commands(readme) if command.words[0] == "make"}
    assert made == {"make demo", "make test", "make story-train", "make story-case"}
