"""Bars on standard error: while many cases are worked through, while a file goes to a server."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from ringfence.cli.options import Context
from ringfence.errors import Text

_FEW = 20
_SOON = 1.0  # seconds


@contextmanager
def cases_progress(context: Context) -> Iterator[Callable[[int, int], None]]:
    """Takes how many cases are done, of how many.

    Shown on a terminal, from the second on in which there are more than a few; never where the
    output is read by a program.
    """
    if not sys.stderr.isatty() or context.as_json:
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    word = context.say(Text("cases", "病例"))
    bar = Progress(
        MofNCompleteColumn(),
        TextColumn(word),
        BarColumn(),
        TimeLeft(),
        console=Console(stderr=True),
        transient=True,
    )
    task = bar.add_task("", total=None)
    begun = time.monotonic()
    with ExitStack() as shown:

        def tell(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)
            if of > _FEW and time.monotonic() - begun > _SOON and not bar.live.is_started:
                shown.enter_context(bar)

        yield tell


@contextmanager
def bytes_progress(context: Context) -> Iterator[Callable[[Text, int, int], None]]:
    """Takes what is done, how many bytes of it, of how many. Shown on a terminal only."""
    if not sys.stderr.isatty() or context.as_json:
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeLeft(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=None)
        yield lambda doing, done, of: bar.update(
            task, description=context.say(doing), completed=done, total=of
        )
