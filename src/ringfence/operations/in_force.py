"""The protocol that a question about cases is answered by."""

from __future__ import annotations

from collections.abc import Sequence

from ringfence.engines.question import Engine
from ringfence.engines.snapshot import Snapshot
from ringfence.errors import NotFound, Text
from ringfence.lake import Home
from ringfence.protocols.catalogue import load_all, named
from ringfence.protocols.model import Protocol
from ringfence.trace.choosing import protocol_in_force


def protocol_for(
    home: Home, known: Snapshot, engine: Engine, cases: Sequence[str], name: str | None
) -> Protocol:
    """The one named (id, id@version or a file); without a name the one in force for the cases.

    NotFound: none is in force; see `protocol_in_force`.
    """
    if name is not None:
        return named(name, home.protocols).protocol
    protocols = [file.protocol for file in load_all(home.protocols)]
    return protocol_in_force(known, engine, cases, protocols)


def protocol_or_none(
    home: Home,
    known: Snapshot,
    engine: Engine,
    case: str,
    *,
    name: str | None,
    without: Text,
    told: list[Text],
) -> Protocol | None:
    """The same of one case; where none is in force, None, and what the answer is `without` is told.

    NotFound: there is none of this name.
    """
    if name is not None:
        return protocol_for(home, known, engine, [case], name)
    try:
        return protocol_for(home, known, engine, [case], None)
    except NotFound as none:
        told.append(Text(f"{without.en}: {none.text.en}", f"{without.zh}：{none.text.zh}"))
        return None
