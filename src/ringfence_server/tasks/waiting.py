"""What of this part waits for somebody."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.shell import Work
from ringfence_server.tasks import queries
from ringfence_server.tasks.counting import fallen

_TO_LOOK_AT = {
    "refused": Text("tasks that came back refused", "被拒接的任务"),
    "feedback": Text("reports to look at", "待核实的反馈"),
    "verified": Text("tasks to close", "待办结的任务"),
}
"""By the state in which a task waits for the desk."""


def work(by: Acting, now: datetime) -> list[Work]:
    found: list[Work] = []
    if by.may(queries.WORK):
        found += _of_worker(by, now)
    if by.may(queries.DISPATCH):
        found += _of_desk(by, now)
    if by.may(queries.APPROVE):
        lists = queries.to_approve(by).count()
        lost = fallen(by)
        found += [
            Work(
                Text("contact lists to approve", "待审核的接触者名单"), reverse("approvals"), lists
            ),
            Work(
                Text("contacts without work and without an end", "无任务且未结束的接触者"),
                reverse("tasks_lost"),
                lost,
                lost,
            ),
        ]
    return found


def _of_worker(by: Acting, now: datetime) -> list[Work]:
    at = reverse("my_tasks")
    return [
        Work(Text("tasks of mine", "我的任务"), at, *queries.counted(queries.mine(by), now)),
        Work(
            Text("tasks of my unit that nobody has", "本单位待接任务"),
            at,
            *queries.counted(queries.free(by), now),
        ),
    ]


def _of_desk(by: Acting, now: datetime) -> list[Work]:
    rows, at = queries.of_desk(by), reverse("tasks")
    late, told = queries.late(rows, now).count(), queries.told_of(by).count()
    standing = queries.by_state(rows)
    ill = queries.with_symptoms(rows).count()
    return [
        Work(
            Text("people with symptoms: reports to look at", "有症状人员：反馈待核实"),
            f"{at}?symptoms=yes",
            ill,
            ill,
            first=True,
        ),
        Work(Text("late tasks", "超期任务"), at, late, late),
        Work(
            Text("tasks that your unit was told are late", "已上报本单位的超期任务"), at, told, told
        ),
        *(
            Work(text, f"{at}?state={state}", standing.get(state, 0))
            for state, text in _TO_LOOK_AT.items()
        ),
    ]
