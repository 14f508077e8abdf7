"""Imports in processes forked from one that has loaded the program: short of something, or many.

`forks.py files|memory HOME FILE`: one import after the other with more and more of it, until one
succeeds. Told for each: its exit code, and what is known afterwards of the file.
`forks.py at-once HOME FILES…`: one process for each file, all at once.
"""

from __future__ import annotations

import gc
import os
import resource
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

from ringfence.errors import UserError
from ringfence.lake import open_home
from ringfence.sources.normalise.lookup import lookup_forms

from .inns import deliver, known

BROKEN = 70
OPEN_FILES = (4, 7, 9, 10, 12, 14, 16, 20, 24, 32, 64, 128)
MEGABYTES = (1, 8, 24, 48, 64, 96, 128, 200, 300, 500, 1000, 2000)


def fork(act: Callable[[], int]) -> int:
    child = os.fork()
    if child:
        return child
    try:
        os._exit(act())
    except BaseException:
        traceback.print_exc()
        os._exit(BROKEN)


def ended(child: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def imported(home: Path, file: str) -> int:
    try:
        deliver(open_home(home), file)
    except UserError as error:
        sys.stderr.write(f"{error.text.en}\n")
        return error.exit_code
    return 0


def few_files(more: int) -> None:
    taken = len(list(Path("/proc/self/fd").iterdir())) - 1
    resource.setrlimit(resource.RLIMIT_NOFILE, (taken + more, taken + more))


def little_memory(more: int) -> None:
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + (more << 20), taken + (more << 20)))


def one_after_the_other(what: str, home: Path, file: str) -> None:
    limit, amounts = {"files": (few_files, OPEN_FILES), "memory": (little_memory, MEGABYTES)}[what]

    def limited(amount: int) -> int:
        limit(amount)
        return imported(home, file)

    for amount in amounts:
        code = ended(fork(partial(limited, amount)))
        nights = ended(fork(lambda: known(open_home(home)).total()))
        sys.stdout.write(f"{amount} {code} {nights}\n")
        sys.stdout.flush()
        if code == 0:
            return


def all_at_once(home: Path, files: list[str]) -> None:
    children = [fork(partial(imported, home, file)) for file in files]
    sys.stdout.write(" ".join(str(ended(child)) for child in children))


def main() -> None:
    what, home, *files = sys.argv[1:]
    lookup_forms("王")  # its tables take longer to load than the import does
    gc.freeze()
    if what == "at-once":
        all_at_once(Path(home), files)
    else:
        one_after_the_other(what, Path(home), *files)


if __name__ == "__main__":
    main()
