"""Who the person of a task is: for whoever has it in hand, and told to the audit before."""

from __future__ import annotations

from datetime import datetime

from ringfence.errors import NotAllowed
from ringfence.lake import Home
from ringfence.vault import has_vault, open_vault
from ringfence_server.access import Acting
from ringfence_server.outbox import auditing
from ringfence_server.tasks.models import Link, Task
from ringfence_server.tasks.words import IN_HAND

SHOWN = ("name", "phone", "address")


def person_of(home: Home, task: Task, *, by: Acting, at: datetime) -> dict[str, str]:
    """What is needed at a door, as far as any source tells of it.

    NotAllowed: the task is not in this account's hand. StorageError: it could not be audited, and
    nothing is shown.
    """
    if task.state not in IN_HAND or task.account_id != by.user.pk:
        raise NotAllowed(
            "a person is named to whoever has the task in hand", "仅向已接单人员显示身份信息"
        )
    rests = Link.objects.filter(follow_up=task.follow_up_id, until__isnull=True)
    named = rests.order_by("case__number", "received").values_list("case__number", "received")
    cases = [number or f"hand-over {received}" for number, received in named]
    about = {
        "case": ", ".join(cases),
        "subject": task.follow_up.person,
        "task": str(task.pk),
        "purpose": f"task: {task.kind}",
    }
    auditing.shown(home, "task.reveal", by=by.user.username, at=at, about=about)
    if not has_vault(home):
        return {}
    with open_vault(home) as vault:
        told = vault.statements(task.follow_up.subjects)
    found: dict[str, str] = {}
    for subject in task.follow_up.subjects:
        for one in told.get(subject, ()):
            found |= {name: one.fields[name] for name in SHOWN if one.fields.get(name)}
    return found
