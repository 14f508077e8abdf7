"""Addresses of tasks: rows by their numbers. No person is named."""

from django.urls import path

from ringfence_server.tasks.pages import approving, desk, door

urlpatterns = [
    path("approvals/", approving.approvals, name="approvals"),
    path("traces/<int:run>/approval/", approving.approval, name="trace_approval"),
    path("traces/<int:run>/ask/", approving.ask, name="trace_ask"),
    path("tasks/", desk.tasks, name="tasks"),
    path("tasks/lost/", desk.lost, name="tasks_lost"),
    path("tasks/clocks/", desk.clocks, name="task_clocks"),
    path("tasks/<int:task>/", desk.one, name="task"),
    path("tasks/<int:task>/send/", desk.send, name="task_send"),
    path("tasks/<int:task>/check/", desk.check, name="task_check"),
    path("tasks/<int:task>/close/", desk.close, name="task_close"),
    path("tasks/<int:task>/more/", desk.more, name="task_more"),
    path("my-tasks/", door.my_tasks, name="my_tasks"),
    path("my-tasks/<int:task>/", door.my_task, name="my_task"),
    path("my-tasks/<int:task>/step/", door.step, name="my_step"),
    path("my-tasks/<int:task>/report/", door.report, name="my_report"),
]
