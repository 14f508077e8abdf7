"""What came of a row of a file, through a server: of cases and contacts within reach."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringfence.cli.api import failing
from ringfence.cli.api.asking import Server, posted, told
from ringfence.errors import Text
from ringfence.lake import Reject
from ringfence.lake.lineage import source_row
from ringfence.lake.saying import Said


@dataclass(frozen=True)
class Came:
    """`file`: with its part, as a spreadsheet names it. `document`: as `where --json` has it."""

    file: str
    row: int
    source: str
    read_as: str
    batch: str
    received_at: datetime
    found: list[Said]
    refused: list[Reject]
    document: Mapping[str, Any]


def where_through(server: Server, batch: str, row: str) -> Came:
    content = {"batch": batch, "row": row}
    found = told(server, posted("/lake/rows", content, secrets.token_hex(16)))
    try:
        return _came(found, server.language)
    except (KeyError, TypeError, ValueError):
        raise failing.no_server(server.address) from None


def _came(told: Any, language: str) -> Came:
    refused = [
        Reject(told["row"], str(one["field"]), Text(one["reason"]["en"], one["reason"]["zh"]))
        for one in told["refused"]
    ]
    reasons = [{"field": one.field, "reason": one.reason.to(language)} for one in refused]
    part = told["part"]
    return Came(
        f"{told['file']}/{part}" if part else str(told["file"]),
        int(told["row"]),
        str(told["source"]),
        str(told["read_as"]),
        str(told["batch"]),
        datetime.fromisoformat(told["received_at"]),
        [_said(one) for one in told["records"]],
        refused,
        {**told, "refused": reasons},
    )


def _said(one: Any) -> Said:
    return Said(
        batch=str(one["batch"]),
        read_as=str(one["read_as"]),
        table=str(one["table"]),
        source=str(one["source"]),
        file=str(one["file"]),
        received_at=datetime.fromisoformat(one["received_at"]),
        withdrawn=bool(one["withdrawn"]),
        parts={0: str(one["part"])} if one["part"] else {},
        row=source_row(0, int(one["row"])),
        subjects=tuple(map(str, one["subjects"])),
    )
