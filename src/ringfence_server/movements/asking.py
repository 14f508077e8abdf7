"""Movements of a case, for whoever may trace it; the audit has it before they are looked for."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ringfence.engines.sql import SqlEngine
from ringfence.errors import UsageError
from ringfence.lake import Home
from ringfence.operations.moving.asking import Trajectory, TrajectoryAsked, trajectory_asked
from ringfence.protocols.catalogue import names_a_file
from ringfence_server.access import Acting
from ringfence_server.cases.queries import case_of
from ringfence_server.outbox import auditing
from ringfence_server.tracing.actions import RIGHT, check_traceable


def movements(*, home: Home, asked: TrajectoryAsked, by: Acting, at: datetime) -> Trajectory:
    """NotFound: no such case within reach, or none in the home yet. NotAllowed: without the right
    to trace it, or nothing stands behind the case that a trace needs. UsageError: the protocol is
    named by a file, or the days do not follow each other.
    """
    case = case_of(by, asked.case or "", RIGHT)
    check_traceable(case, at)
    if asked.protocol is not None and names_a_file(asked.protocol):
        raise UsageError(
            "a server knows protocols by their ids: name one, or leave it out",
            "服务器只按编号识别防控方案：请填写编号，或留空",
        )
    with transaction.atomic():
        about = {"case": case.number}
        auditing.told("movements.asked", by=by.user.username, at=at, about=about)
    return trajectory_asked(home, asked, make_engine=SqlEngine, now=at)
