"""Withdrawing a batch and taking it back, told in the audit: an old backup does not know of it."""

from __future__ import annotations

from datetime import datetime

from ringfence.audit import acting
from ringfence.lake import BatchAct, Home, catalog
from ringfence.lake import reinstate as reinstated
from ringfence.lake import withdraw as withdrawn
from ringfence.lake.withdrawal import find_batch

WITHDRAW = "lake.withdraw"
REINSTATE = "lake.reinstate"
_ACTS = {WITHDRAW: withdrawn, REINSTATE: reinstated}


def withdraw(home: Home, batch: str, *, reason: str, by: str, now: datetime) -> BatchAct:
    return _audited(WITHDRAW, home, batch, reason, by=by, now=now)


def reinstate(home: Home, batch: str, *, reason: str, by: str, now: datetime) -> BatchAct:
    return _audited(REINSTATE, home, batch, reason, by=by, now=now)


def _audited(act: str, home: Home, batch: str, reason: str, *, by: str, now: datetime) -> BatchAct:
    """NotFound: no such batch; NotAllowed: the reason names a person. Nothing was done then."""
    with catalog.reading(home.catalog) as connection:
        whole = find_batch(connection, batch).batch
    about = {"batch": whole, "reason": reason}
    with acting(home, act, by=by, at=now, about=about) as told:
        done = _ACTS[act](home, whole, reason, now)
        told["batch"] = whole
    return done
