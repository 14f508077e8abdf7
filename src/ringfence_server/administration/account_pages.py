"""The accounts of one's own unit and below: the list of them, one of them, and acts on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ringfence.errors import NotFound, Text, UserError
from ringfence_server.access import Acting, acting_in, needs
from ringfence_server.accounts import actions, first_passwords, lockout
from ringfence_server.accounts.managing import RIGHT, held, managed
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.accounts.roles import roles
from ringfence_server.administration.asking import in_words, tried
from ringfence_server.administration.confirming import ASKED, asked, ending
from ringfence_server.administration.forms import NewRole, Search
from ringfence_server.deployment.here import now
from ringfence_server.shell.listing import Column, listing

_COLUMNS = (
    Column("username", Text("User name", "用户名"), ("username",)),
    Column("name", Text("Name", "姓名")),
    Column("unit", Text("Unit", "单位")),
    Column("roles", Text("Roles", "角色")),
    Column("state", Text("State", "状态")),
)
_ACTIVE = {"active": True, "inactive": False}
_ACTS: dict[str, tuple[Callable[[User, Acting, datetime], None], Text]] = {
    "deactivate": (
        lambda user, by, at: actions.deactivate(user=user, by=by, at=at),
        Text("Deactivated: all its sessions have ended.", "已停用：其所有会话均已结束。"),
    ),
    "reactivate": (
        lambda user, by, at: actions.reactivate(user=user, by=by, at=at),
        Text("Active again.", "已重新启用。"),
    ),
    "second-factor": (
        lambda user, by, at: actions.reset_second_factor(user=user, by=by, at=at),
        Text(
            "Its second factor was reset: it is begun anew at the next signing in.",
            "第二重验证已重置：下次登录时重新设置。",
        ),
    ),
    "lock": (
        lambda user, by, at: actions.lift_lock(user=user, by=by, at=at),
        Text("The lock was lifted.", "已解除锁定。"),
    ),
}


@needs(RIGHT)
@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    search = Search(request.GET)
    found = _searched(managed(acting_in(request)), search)
    page = listing(found, _COLUMNS, request.GET, first="username")
    at = now()
    told = {"search": search, "listing": page, "lines": _lines(page.rows, at)}
    return render(request, "administration/accounts.html", told)


@needs(RIGHT)
@require_GET
def account(request: HttpRequest, number: int) -> HttpResponse:
    return _account(request, _found(request, number), NewRole())


@needs(RIGHT)
@require_POST
def give_role(request: HttpRequest, number: int) -> HttpResponse:
    user, form = _found(request, number), NewRole(request.POST)
    by = acting_in(request)
    given = tried(form, lambda: actions.appoint(user=user, **form.cleaned_data, by=by, at=now()))
    if given is None:
        return _account(request, user, form, status=400)
    messages.success(request, in_words(Text("The role is given.", "已授予角色。")))
    return redirect("account", number)


@needs(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def end_role(request: HttpRequest, number: int, appointment: int) -> HttpResponse:
    user = _found(request, number)
    held_now = user.appointments.select_related("unit").filter(pk=appointment).first()
    if held_now is None:
        raise NotFound("this role is not held any more", "该角色已终止")
    if request.method != "POST":
        return asked(request, user, ending(held_now))
    actions.end_appointment(appointment=held_now, by=acting_in(request), at=now())
    messages.success(request, in_words(Text("The role has ended.", "角色已终止。")))
    return redirect("account", number)


@needs(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    if act not in _ACTS:
        raise NotFound("there is no such page", "没有此页面")
    done, words = _ACTS[act]
    user = _found(request, number)
    if request.method != "POST":
        return asked(request, user, ASKED[act])
    try:
        done(user, acting_in(request), now())
    except NotFound:
        raise
    except UserError as error:
        messages.error(request, in_words(error.text))
    else:
        messages.success(request, in_words(words))
    return redirect("account", number)


@needs(RIGHT)
@require_http_methods(["GET", "HEAD", "POST"])
def reset_password(request: HttpRequest, number: int) -> HttpResponse:
    user = _found(request, number)
    if request.method != "POST":
        return asked(request, user, ASKED["password"])
    password = actions.reset_password(
        user=user, by=acting_in(request), at=now(), draw=first_passwords.draw
    )
    told = {"shown": [(user, None, password)], "days": first_passwords.GOOD_FOR.days}
    return render(request, "administration/first_passwords.html", told)


def _found(request: HttpRequest, number: int) -> User:
    found = managed(acting_in(request)).select_related("unit").filter(pk=number).first()
    if found is None:
        raise NotFound("there is no such account", "没有该账户")
    return found


def _account(request: HttpRequest, user: User, form: NewRole, status: int = 200) -> HttpResponse:
    at = now()
    known = roles()
    open_now = set(held(user, at).values_list("pk", flat=True))
    told = {
        "account": user,
        "appointments": [
            (one, known[one.role].name if one.role in known else None, one.pk in open_now)
            for one in user.appointments.select_related("unit__parent").order_by("-since", "-pk")
        ],
        "form": form,
        "locked": lockout.locked(user.username, at),
        "own": user.pk == acting_in(request).user.pk,
    }
    return render(request, "administration/account.html", told, status=status)


def _searched(rows: QuerySet[User], search: Search) -> QuerySet[User]:
    """What cannot be meant finds nothing, and is no fault."""
    if not search.is_valid():
        return rows.none()
    find, state = search.cleaned_data["find"].strip(), search.cleaned_data["state"]
    if find:
        rows = rows.filter(Q(username__startswith=find.lower()) | Q(name__contains=find))
    if state:
        rows = rows.filter(is_active=_ACTIVE[state])
    return rows.select_related("unit__parent")


def _lines(users: list[User], at: datetime) -> list[tuple[User, list[tuple[Text, Appointment]]]]:
    """Each with the roles that it holds."""
    known = roles()
    by_user: dict[int, list[tuple[Text, Appointment]]] = {user.pk: [] for user in users}
    open_now = Appointment.objects.filter(Q(until__isnull=True) | Q(until__gt=at), user__in=users)
    for one in open_now.select_related("unit__parent").order_by("pk"):
        if one.role in known:
            by_user[one.user_id].append((known[one.role].name, one))
    return [(user, by_user[user.pk]) for user in users]
