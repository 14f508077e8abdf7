"""One act on a home in a process of its own, so that it can be killed or its disk can fail.

Exit code: 0, or that of the error; nothing is printed, since printing is writing too.
"""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

from ringfence import lake
from ringfence.errors import UserError
from ringfence.lake.expiry import Hold

from .delivering import BEGIN, deliver

FIRST = """
subject place start       end
ann     cafe  06-01T10:00 06-01T11:00
bob     cafe  06-02T10:30 06-02T12:00
"""
SECOND = """
subject place start       end
ann     cafe  06-01T10:00 06-01T11:30
cat     bar   06-02T10:30 -
"""
PURGED_AT = BEGIN + timedelta(hours=1)
"""28 days after 3 June 01:00: all that ended by then goes."""


def act(name: str, home: lake.Home) -> None:
    if name == "deliver":
        deliver(home, "presence", "a", SECOND, faulty=[3])
    elif name == "compact":
        lake.compact(home)
    elif name == "withdraw":
        batch = lake.status(home).batches[0].batch
        lake.withdraw(home, batch, "test", BEGIN)
    elif name == "purge":
        lake.purge(home, PURGED_AT, retention_days={"presence": 28}, hold=Hold())
    else:
        raise ValueError(name)


def main() -> int:
    try:
        act(sys.argv[2], lake.open_home(Path(sys.argv[1])))
    except UserError as error:
        return error.exit_code
    return 0


if __name__ == "__main__":
    os._exit(main())
