"""What follows from an act on an account, told on a page of its own before it is done."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ringfence.errors import Text
from ringfence_server.accounts.first_passwords import GOOD_FOR
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.accounts.roles import roles


@dataclass(frozen=True)
class Question:
    """`word`: on the button. `follows`: a sentence for each thing that will be so."""

    title: Text
    word: Text
    follows: tuple[Text, ...]
    danger: bool = False


_SESSIONS = Text(
    "All its sessions end at once; what is being written in them is lost.",
    "其所有会话立即结束，正在填写的内容将丢失。",
)
_AUDIT = Text("The audit keeps that it was you.", "审计记录将注明由您操作。")
ASKED: dict[str, Question] = {
    "deactivate": Question(
        Text("Deactivate the account", "停用账户"),
        Text("Deactivate", "停用"),
        (
            _SESSIONS,
            Text("Nobody can sign in with it any more.", "该账户将无法登录。"),
            Text(
                "Its cases and tasks stay its own: a supervisor gives them to somebody else.",
                "其名下病例和任务不会自动转出：由主管另行分派。",
            ),
            Text(
                "Nothing that it did is deleted; it can be activated again.",
                "其操作记录不会删除；账户可重新启用。",
            ),
            _AUDIT,
        ),
        danger=True,
    ),
    "reactivate": Question(
        Text("Activate the account again", "重新启用账户"),
        Text("Activate again", "重新启用"),
        (
            Text(
                "It can sign in with the password, the second factor and the roles that it had.",
                "该账户可用原密码、原第二重验证和原有角色登录。",
            ),
            _AUDIT,
        ),
    ),
    "second-factor": Question(
        Text("Reset the second factor", "重置第二重验证"),
        Text("Reset", "重置"),
        (
            _SESSIONS,
            Text(
                "The telephone and the codes on paper that it has are good no more. Whoever signs"
                " in next with the password begins a new one: be sure whom you talk to.",
                "现有手机和恢复码失效。下一个用密码登录的人将重新设置：请先核实对方身份。",
            ),
            _AUDIT,
        ),
        danger=True,
    ),
    "lock": Question(
        Text("Lift the lock", "解除锁定"),
        Text("Lift the lock", "解除锁定"),
        (
            Text(
                "Its wrong tries are forgotten, and it may try again at once.",
                "其错误尝试次数清零，可立即重试。",
            ),
            _AUDIT,
        ),
    ),
    "password": Question(
        Text("New first password", "重置密码"),
        Text("Make a new first password", "重置密码"),
        (
            _SESSIONS,
            Text("The password that it has is good no more.", "原密码失效。"),
            Text(
                f"The new one is shown once, on the next page; it is good for {GOOD_FOR.days} days"
                " and is changed at the first signing in.",
                f"新密码仅在下一页显示一次，{GOOD_FOR.days} 天内有效，首次登录时须修改。",
            ),
            _AUDIT,
        ),
        danger=True,
    ),
}


def ending(appointment: Appointment) -> Question:
    """Of a role."""
    known = roles().get(appointment.role)
    role = known.name if known else Text(appointment.role, appointment.role)
    unit = appointment.unit
    return Question(
        Text(f"End the role: {role.en}", f"终止角色：{role.zh}"),
        Text("End the role", "终止角色"),
        (
            Text(
                f"With its next click the account may no longer do what a {role.en} may at"
                f" {unit.name('en')}.",
                f"该账户下一次操作起不再拥有{unit.name('zh')}{role.zh}的权限。",
            ),
            Text(
                "Cases assigned to it stay assigned, and are not shown to it without the role.",
                "已分派的病例保持分派，但无该角色时不再显示。",
            ),
            Text(
                "The role can be given again; the time between stays visible.",
                "角色可再次授予；中断的时间会保留。",
            ),
            _AUDIT,
        ),
        danger=True,
    )


def asked(request: HttpRequest, account: User, question: Question) -> HttpResponse:
    return render(request, "administration/confirm.html", {"account": account, **vars(question)})
