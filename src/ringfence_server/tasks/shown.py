"""What the pages around a page show of tasks."""

from ringfence.errors import Text
from ringfence_server.shell import Page
from ringfence_server.tasks.following import before_a_withdrawal
from ringfence_server.tasks.waiting import work

PAGES = (
    Page(
        name="my_tasks",
        text=Text("My tasks", "我的任务"),
        sign="person",
        about=Text("what you have in hand, and what you may take", "手上的任务与可接的任务"),
    ),
    Page(
        name="tasks",
        text=Text("Tasks", "任务"),
        sign="people",
        about=Text("work of your units, the most urgent first", "辖区任务，最紧急的在前"),
    ),
    Page(
        name="approvals",
        text=Text("Lists", "名单审核"),
        sign="cases",
        about=Text("contact lists that wait for approval", "待审核的接触者名单"),
    ),
)
WORK = (work,)
BEFORE_A_WITHDRAWAL = (before_a_withdrawal,)
