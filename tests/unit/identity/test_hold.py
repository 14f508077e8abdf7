"""A purge holds the records of every subject of a person under orders or with an open case."""

from __future__ import annotations

from tests.unit.identity.homes import BY, at, delivered

from ringfence.engines.sql import SqlEngine
from ringfence.identity import merge, snapshot
from ringfence.lake import Home
from ringfence.trace.open_cases import held_evidence


def test_every_subject_is_held(home: Home) -> None:
    delivered(home, "measure", "subject,kind,start,end\ncard,facility,2022-07-01,2022-09-01\n", 30)
    head = "case,subject,disease,classification,symptomatic\n"
    delivered(home, "case", f"{head}C1,tube,covid-19,confirmed,yes\n", 30)
    merge(home, ["card", "ticket"], reason="r", by=BY, now=at(31))
    merge(home, ["tube", "p1"], reason="r", by=BY, now=at(31))
    taken = snapshot(home, at(32))
    hold = held_evidence(taken, SqlEngine(taken), [])
    assert hold.subjects == {"card", "ticket", "tube", "p1"}
