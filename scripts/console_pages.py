"""Console blocks of the pages: commands with the output that the page shows.

Run as a module, it runs each page's commands in a fresh folder and writes what they print into the
page; `tests/docs` runs them too and compares. A line `...` in a shown output stands for any lines;
such an output is left as it is, and so is a command under which nothing is shown. A block that
opens with a language and a file name is that file.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("examples", "protocols")
SET_UP = ("git", "cd", "make", "export")
EDITING = ("cp", "rm", "sed")
"""What stands on a page for an editor: it is run too."""
ELLIPSIS = "..."

_FILE = re.compile(r"^```[a-z]+ ([\w.-]+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Command:
    """One command as written; `shown` is the output under it on the page."""

    written: str
    shown: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        return shlex.split(self.written.replace("\\\n", " "))

    @property
    def runs(self) -> bool:
        return self.words[0] not in SET_UP


def pages() -> list[Path]:
    """Pages that a user follows; each is one session, from top to bottom."""
    found = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").rglob("*.md")]
    return sorted(page for page in found if list(commands(page.read_text(encoding="utf-8"))))


def commands(text: str) -> Iterator[Command]:
    for block in _BLOCK.findall(text):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            lines = part.rstrip("\n").split("\n")
            length = 1 + next(n for n, line in enumerate(lines) if not line.endswith("\\"))
            shown = "\n".join(lines[length:]).strip("\n")
            yield Command("\n".join(lines[:length]), tuple(shown.split("\n")) if shown else ())


def run(command: Command, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a user at a terminal of 100 columns would give it."""
    inherited = {n: v for n, v in os.environ.items() if not n.startswith(("RINGFENCE_", "LC_"))}
    environment = inherited | {
        "XDG_CONFIG_HOME": str(folder / "keys"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "LANG": "C.UTF-8",
    }
    return subprocess.run(  # noqa: S603 - the commands of our own pages
        command.words, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def prepare(folder: Path, text: str) -> None:
    """What the commands of a page name: folders of the checkout, and files that it shows."""
    for name in FOLDERS:
        (folder / name).symlink_to(ROOT / name)
    for name, content in _FILE.findall(text):
        (folder / name).write_text(content, encoding="utf-8")


def agrees(shown: tuple[str, ...], printed: str) -> bool:
    """Whether the output is as shown."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == ELLIPSIS else re.escape(line.rstrip()) + "\n" for line in shown
    )
    lines = "".join(f"{line}\n" for line in tidy(printed))
    return re.fullmatch(pattern, lines) is not None


def tidy(printed: str) -> list[str]:
    lines = "\n".join(line.rstrip() for line in printed.splitlines()).strip("\n")
    return lines.split("\n") if lines else []


def refreshed(text: str) -> str:
    """The page with every shown output as it is now."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder, text)
        for command in list(commands(text)):
            if not command.runs:
                continue
            done = run(command, folder)
            if done.returncode != 0:
                raise SystemExit(f"$ {command.written}\n{done.stdout}{done.stderr}")
            if command.shown and ELLIPSIS not in command.shown:
                before = "\n".join([f"$ {command.written}", *command.shown])
                text = text.replace(before, "\n".join([f"$ {command.written}", *tidy(done.stdout)]))
    return text


def main() -> None:
    for page in pages():
        text = page.read_text(encoding="utf-8")
        page.write_text(refreshed(text), encoding="utf-8")


if __name__ == "__main__":
    main()
