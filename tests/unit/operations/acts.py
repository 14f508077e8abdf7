"""One act in a process of its own, so that it can be killed. Exit code: 0, or that of the error."""

from __future__ import annotations

import os
import sys
from datetime import timedelta
from pathlib import Path

from ringfence import lake
from ringfence.errors import UserError
from ringfence.operations import lists
from ringfence.operations.requests import answer_request, withdraw_request
from ringfence.vault import opening

from .homes import BEGIN, ask

PERSONS = range(1, 21)
DIED = 99


def act(home: lake.Home, name: str, *words: str) -> None:
    soon = BEGIN + timedelta(hours=1)
    if name == "ask":
        ask(home)
    elif name == "answer":
        answer_request(home, "R1", words[0], by="officer", now=soon)
    elif name == "withdraw":
        withdraw_request(home, "R1", "found elsewhere", by="officer", now=soon)
    elif name in ("receive", "receive and die"):
        if name != "receive":
            die_after_the_commit()
        lists.receive(home, words[0], agency="carrier", basis="article 40", by="officer", now=soon)
    elif name == "send":
        lists.send(home, "L1", words[0], division="a", persons=PERSONS, by="officer", now=soon)
    elif name == "record":
        outcomes = dict.fromkeys(PERSONS, words[0])
        lists.record(home, "L1", outcomes, by="officer", now=soon)
    else:
        raise ValueError(name)


def die_after_the_commit() -> None:
    """Die when the list is acknowledged and the vault does not know it yet."""
    setattr(opening.Vault, "_sweep_batch", lambda _, __: os._exit(DIED))  # noqa: B010


def main() -> int:
    try:
        act(lake.open_home(Path(sys.argv[1])), *sys.argv[2:])
    except UserError as error:
        return error.exit_code
    return 0


if __name__ == "__main__":
    os._exit(main())
