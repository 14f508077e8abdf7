"""Why an act on a task was refused."""

from __future__ import annotations

from ringfence.errors import DataError


class Overtaken(DataError):
    """Somebody was quicker: what the page showed is no longer so."""

    status = 409


def stale_preview() -> Overtaken:
    return Overtaken(
        "something changed since this preview was made: nothing was sent; look again",
        "预览生成后情况已有变化：本次未派发，请重新查看",
    )


def older_run() -> Overtaken:
    return Overtaken(
        "there is a newer trace of this case: its list is the one to approve",
        "该病例已有更新的追踪：请审核最新名单",
    )


def taken() -> Overtaken:
    return Overtaken("somebody else has this task in hand", "该任务已由他人接单")


def moved_on() -> Overtaken:
    return Overtaken(
        "the task was changed since this page was loaded: nothing was done; look again",
        "页面加载后任务已有变动：本次未执行，请重新查看",
    )


def withdrawn() -> Overtaken:
    return Overtaken(
        "this task was withdrawn: nothing is to be done any more", "该任务已撤回，无需再执行"
    )


def nothing_to_hand_over() -> Overtaken:
    return Overtaken(
        "somebody of this list is being handed over already, or nothing of theirs is open any more:"
        " nothing was done; look again",
        "名单中有人正在移交，或已无未结任务：本次未执行，请重新查看",
    )
