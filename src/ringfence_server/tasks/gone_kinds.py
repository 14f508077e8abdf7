"""Kinds that a file told of once: none of their tasks may be open when the server begins.

A report of such a task could not be taken, and nobody would know by when it is due. What was done
of them stays, told by the kind's key.
"""

from __future__ import annotations

from django.db.models import Count

from ringfence.errors import DataError
from ringfence_server.deployment.here import deployment
from ringfence_server.tasks.kinds import book
from ringfence_server.tasks.models import Task
from ringfence_server.tasks.words import OPEN


def check_kinds() -> None:
    """UserError: the authority's file of kinds cannot be used, or tasks are open of a kind that it
    does not have; each kind is named, with how many.
    """
    known = book().kinds
    rows = Task.objects.filter(state__in=OPEN).exclude(kind__in=list(known)).order_by("kind")
    gone = list(rows.values_list("kind").annotate(n=Count("pk")))
    if not gone:
        return
    file = deployment().kinds
    where_en = str(file) if file is not None else "the deployment names no file of kinds"
    where_zh = str(file) if file is not None else "部署未指定任务类型文件"
    raise DataError(
        f"{where_en}: tasks are open of kinds that are not there:"
        f" {', '.join(f'{kind} ({n})' for kind, n in gone)}. Put them back; with `by_hand: false`"
        " nobody adds more of them. They may go once the last one is closed",
        f"{where_zh}：仍有未结任务属于已不存在的类型："
        f"{'、'.join(f'{kind}（{n} 项）' for kind, n in gone)}。请恢复这些类型；写 by_hand: false"
        " 即不再增派。全部办结后方可删除",
    )
