"""The text and the decisions of a narrative: sealed, opened, and read beside the home."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from ringfence.engines.sql import SqlEngine
from ringfence.errors import Text, UsageError
from ringfence.identity import snapshot
from ringfence.lake import Home
from ringfence.narratives.identities import Named
from ringfence.narratives.telling import MOST_CHARACTERS
from ringfence.operations.narrating.proposing import Proposed, of_person, propose
from ringfence_server.access import Acting
from ringfence_server.cases.changing import held
from ringfence_server.cases.models import Case
from ringfence_server.deployment.here import deployment
from ringfence_server.narratives.models import Narrative
from ringfence_server.outbox import auditing
from ringfence_server.outbox.sealing import seal, unseal

RIGHT = "case.write"
PURPOSE = "narrative"
NO_TEXT = Text("paste the text first", "请先粘贴文本")
ACCEPTED, LEFT, ASKED = "accepted", "left", "asked"


@dataclass(frozen=True)
class Decision:
    """`cells`: as they were when the event was accepted."""

    state: str
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kept:
    """`decisions`: by the number of the event, people after the events."""

    text: str
    written: date | None
    decisions: Mapping[int, Decision]

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "written": None if self.written is None else self.written.isoformat(),
            "decisions": {
                str(number): {"state": one.state, "cells": dict(one.cells)}
                for number, one in self.decisions.items()
            },
        }


def paste(
    *, home: Home, number: str, text: str, written: date | None, by: Acting, at: datetime
) -> Narrative:
    """UsageError: nothing is written there, or more than is read."""
    if not text.strip():
        raise UsageError(*NO_TEXT)
    if len(text) > MOST_CHARACTERS:
        raise UsageError(
            f"this is longer than {MOST_CHARACTERS} characters: paste it in parts",
            f"超过 {MOST_CHARACTERS} 个字符：请分段粘贴",
        )
    with transaction.atomic():
        case = held(by, number, RIGHT, None)
        kept = Kept(text, written, {})
        count = len(lines_of(proposed(home, case, kept, at)))
        made = Narrative.objects.create(case=case, sealed=b"", events=count, by=by.user, at=at)
        made.sealed = sealed(made, kept)
        made.save(update_fields=["sealed"])
        about = {"case": case.number, "narrative": str(made.pk)}
        auditing.told("narrative.pasted", by=by.user.username, at=at, about=about)
    return made


def opened(narrative: Narrative) -> Kept | None:
    """None: its time is over."""
    if not narrative.sealed:
        return None
    told = unseal(deployment().secret, PURPOSE, bound_to(narrative), bytes(narrative.sealed))
    written = told["written"]
    return Kept(
        told["text"],
        None if written is None else date.fromisoformat(written),
        {int(n): Decision(one["state"], one["cells"]) for n, one in told["decisions"].items()},
    )


def sealed(narrative: Narrative, kept: Kept) -> bytes:
    return seal(deployment().secret, PURPOSE, bound_to(narrative), kept.as_json())


def bound_to(narrative: Narrative) -> str:
    return f"{narrative.case_id}/{narrative.pk}"


def proposed(home: Home, case: Case, kept: Kept, at: datetime) -> Proposed:
    engine = SqlEngine(snapshot(home, at))
    of = of_person(home, engine, case.number, case.subject, at)
    return propose(of, kept.text, kept.written)


def lines_of(told: Proposed) -> list[int]:
    """The numbers under which decisions are kept: of the events, then of people with a number."""
    return list(range(len(told.proposals) + len(named_with_number(told))))


def named_with_number(told: Proposed) -> list[Named]:
    return [one for one in told.people if one.id_number or one.phone]
