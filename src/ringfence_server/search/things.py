"""What a text means that is nobody: cases, clusters, diseases, venues, units, tasks, accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from urllib.parse import urlencode

import yaml
from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from ringfence.errors import Text
from ringfence.lake import Home
from ringfence.protocols.catalogue import load_all
from ringfence_server.access import Acting
from ringfence_server.accounts.managing import RIGHT as MANAGE
from ringfence_server.accounts.managing import managed
from ringfence_server.accounts.models import User
from ringfence_server.canaries import queries as canaries
from ringfence_server.canaries.actions import alarm
from ringfence_server.cases.models import Case
from ringfence_server.cases.queries import SEE, clusters, owned
from ringfence_server.cases.words import STATES
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.outbox import auditing
from ringfence_server.search import units, venues
from ringfence_server.search.readings import folded, means, reading_of
from ringfence_server.search.typed import Typed
from ringfence_server.tasks import queries as tasks
from ringfence_server.tasks.kinds import kind_of
from ringfence_server.tasks.models import Task
from ringfence_server.tasks.words import STATES as TASK_STATES

MOST = 10
_CLUSTERS = 2_000


@dataclass(frozen=True)
class Row:
    """`url`: empty where the account may open no page of it. `text` in both languages."""

    text: Text
    about: Text
    url: str = ""


@dataclass(frozen=True)
class Group:
    name: Text
    rows: tuple[Row, ...]


def found(home: Home, typed: Typed, *, by: Acting, at: datetime) -> list[Group]:
    """Only groups in which something was found."""
    text = typed.text
    told: list[tuple[Text, Callable[[], Iterable[Row]]]] = [
        (Text("Cases", "病例"), lambda: _cases(text, by, at)),
        (Text("Clusters", "聚集性疫情"), lambda: _clusters(text, by)),
        (Text("Diseases", "病种"), lambda: _diseases(home, text, by)),
        (Text("Venues of traces", "追踪涉及场所"), lambda: _venues(text, by)),
        (Text("Tasks", "任务"), lambda: _tasks(typed.number, by)),
        (Text("Units", "单位"), lambda: (_unit(one, by) for one in units.found(by, text))),
        (Text("Accounts", "账户"), lambda: _accounts(text, by)),
    ]
    groups = [Group(name, tuple(rows())) for name, rows in told]
    return [group for group in groups if group.rows]


def _cases(text: str, by: Acting, at: datetime) -> list[Row]:
    if not by.may(SEE):
        return []
    rows = owned(by).filter(number__icontains=text).select_related("unit__parent")
    seen = [
        Row(_same(one.number), _of_case(one), reverse("case", args=[one.pk]))
        for one in rows.order_by("-listed_at", "-pk")[:MOST]
    ]
    return seen or _elsewhere(text, by, at)


def _elsewhere(number: str, by: Acting, at: datetime) -> list[Row]:
    """As at the entry of a case: that it exists, whose it is, and nothing else; and told."""
    there = Case.objects.filter(number=number).select_related("owner").first()
    planted = canaries.of_number(number) if there is None else None
    with transaction.atomic():
        if there is not None:
            about = {"case": there.number, "owner": there.owner_id}
            auditing.told("case.exists", by=by.user.username, at=at, about=about)
        if planted is not None:
            alarm([planted], "number", by=by, at=at)
    owner = there.owner if there else planted.unit if planted else None
    if owner is None:
        return []
    told = Text(
        f"exists; it belongs to {owner.name('en')}", f"该病例已存在，归属单位：{owner.name('zh')}"
    )
    return [Row(_same(number), told)]


def _of_case(case: Case) -> Text:
    state = STATES[case.state]
    return Text(
        f"{case.disease} · {case.unit.name('en')} · {state.en}",
        f"{case.disease} · {case.unit.name('zh')} · {state.zh}",
    )


def _clusters(text: str, by: Acting) -> list[Row]:
    if not by.may(SEE):
        return []
    rows = clusters(by).select_related("unit__parent").order_by("-at")[:_CLUSTERS]
    typed = folded(text)
    return [
        Row(_same(one.name), _named(one.unit), reverse("cluster", args=[one.pk]))
        for one in rows
        if text.casefold() in one.name.casefold() or means(reading_of(one.name), typed)
    ][:MOST]


def _diseases(home: Home, text: str, by: Acting) -> list[Row]:
    """Leads to the line list of it."""
    typed = folded(text)
    if not by.may(SEE) or len(typed) < 2:
        return []
    shown: dict[str, Row] = {}
    for file in load_all(home.protocols):
        disease = file.protocol.disease
        names = (disease, *_names().get(disease, ()))
        if any(typed in folded(name) or means(reading_of(name), typed) for name in names):
            url = f"{reverse('cases')}?{urlencode({'disease': disease})}"
            about = Text("cases of this disease", "该病种的病例")
            shown.setdefault(disease, Row(_same(disease), about, url))
    return list(shown.values())


@cache
def _names() -> dict[str, list[str]]:
    text = files("ringfence_server.search").joinpath("diseases.yaml").read_text(encoding="utf-8")
    told: dict[str, list[str]] = yaml.safe_load(text)
    return told


def _venues(text: str, by: Acting) -> list[Row]:
    if not by.may(SEE):
        return []
    return [
        Row(
            _same(one.label),
            Text(f"case {one.case.number}", f"病例 {one.case.number}"),
            reverse("trace", args=[one.run_id]),
        )
        for one in venues.found(by, text)
    ]


def _tasks(number: int, by: Acting) -> list[Row]:
    if not number:
        return []
    shown = []
    if by.may(tasks.DISPATCH) and (one := tasks.of_desk(by).filter(pk=number).first()):
        shown.append(_task(one, "task"))
    elif by.may(tasks.WORK):
        free = Q(account__isnull=True) | Q(account=by.user)
        mine = tasks.of_worker(by).filter(free, pk=number).first()
        shown += [_task(mine, "my_task")] if mine else []
    return shown


def _task(task: Task, page: str) -> Row:
    kind, state = kind_of(task.kind).text, TASK_STATES[task.state]
    unit = task.unit
    return Row(
        Text(f"{task.pk} {kind.en}", f"{task.pk} {kind.zh}"),
        Text(f"{unit.name('en')} · {state.en}", f"{unit.name('zh')} · {state.zh}"),
        reverse(page, args=[task.pk]),
    )


def _unit(unit: Unit, by: Acting) -> Row:
    url = ""
    if by.may("unit.manage", unit):
        url = f"{reverse('units')}?{urlencode({'at': unit.code})}"
    elif by.may(tasks.DISPATCH, unit):
        url = f"{reverse('tasks')}?{urlencode({'unit': unit.code})}"
    return Row(_named(unit), _same(unit.code), url)


def _accounts(text: str, by: Acting) -> list[Row]:
    if not by.may(MANAGE):
        return []
    return [
        Row(_same(name), _same(username), reverse("account", args=[key]))
        for key, username, name in staff(managed(by), text)
    ]


def staff(rows: QuerySet[User], text: str) -> list[tuple[int, str, str]]:
    """Row, user name and name of accounts that are meant; names in pinyin too."""
    typed = folded(text)
    if not typed:
        return []
    named = rows.order_by("username").values_list("pk", "username", "name")
    return [
        one
        for one in named
        if typed in folded(one[1]) or text in one[2] or means(reading_of(one[2]), typed)
    ][:MOST]


def _named(unit: Unit) -> Text:
    return Text(unit.name("en"), unit.name("zh"))


def _same(text: str) -> Text:
    return Text(text, text)
