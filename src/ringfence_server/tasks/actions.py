"""What may be done with tasks: each act is one transaction with its row of the audit."""

from ringfence_server.tasks.approving import approve, preview
from ringfence_server.tasks.assigning import add, check, close, send
from ringfence_server.tasks.escalating import escalate
from ringfence_server.tasks.reporting import Report, Said, report
from ringfence_server.tasks.retracing import retrace
from ringfence_server.tasks.settling import ask_people
from ringfence_server.tasks.working import step

__all__ = [
    "Report",
    "Said",
    "add",
    "approve",
    "ask_people",
    "check",
    "close",
    "escalate",
    "preview",
    "report",
    "retrace",
    "send",
    "step",
]
