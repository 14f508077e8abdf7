"""A kind that a city wrote down lives as a shipped one does: from a click to the end, no code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from tests.server.api.programs import Program
from tests.server.cases.town import DAY, Town
from tests.server.homes import NOON, told_of
from tests.server.tasks.kinds_of_a_city import changed, put, shown
from tests.server.tasks.loop import approved, client_of, task
from tests.server.tasks.test_at_the_desk import seen_on

from ringfence.errors import DataError, UsageError
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.actions import withdraw
from ringfence_server.deployment.here import deployment, now
from ringfence_server.outbox import auditing
from ringfence_server.tasks import clocks, queries
from ringfence_server.tasks.assigning import add, check, close, last_state
from ringfence_server.tasks.escalating import Escalated, escalate
from ringfence_server.tasks.gone_kinds import check_kinds
from ringfence_server.tasks.models import Feedback, Task
from ringfence_server.tasks.reporting import Report, report
from ringfence_server.tasks.working import step
from ringfence_server.tracing.models import Run

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
OWN = "own_disinfect"


Files = Callable[[bytes | str | None], Path | None]


@pytest.fixture
def begun_with(home: Home, tmp_path: Path, settings: LazySettings) -> Files:
    """As if the server had begun with this file of kinds, or with none."""
    numbers = count()

    def begun(content: bytes | str | None) -> Path | None:
        file = None if content is None else put(tmp_path, content, f"{next(numbers)}.yaml")
        settings.RINGFENCE = replace(deployment(), kinds=file)
        return file

    # A clock that shows the noon of the tests.
    settings.RINGFENCE = replace(deployment(), ahead=NOON - now())
    return begun


@pytest.fixture
def team(town: Town) -> Acting:
    """Somebody of the district's disinfection team."""
    return town.staff("team", "grid_worker", "000101")


@pytest.fixture
def first(home: Home, run: Run, chief: Acting, begun_with: Files) -> Task:
    """Of somebody's open work, with the file of the page."""
    begun_with(shown())
    approved(home, run, chief)
    return task("p2", "notify")


def states(one: Task) -> list[str]:
    return list(one.states.order_by("pk").values_list("state", flat=True))


def test_from_the_click_that_adds_it_to_the_end(
    home: Home, first: Task, chief: Acting, team: Acting
) -> None:
    desk, door = client_of(chief), client_of(team)
    page = desk.get(f"/tasks/{first.pk}/").content.decode()
    assert '<option value="own_disinfect">disinfect the home · disinfection team</option>' in page
    assert desk.post(f"/tasks/{first.pk}/more/", {"kind": OWN}).status_code == 302
    one = task("p2", OWN)
    assert (one.state, one.origin, one.due_at - one.made_at) == ("dispatched", "hand", 12 * HOUR)
    assert '"own_disinfect"' not in desk.get(f"/tasks/{one.pk}/").content.decode()
    at = f"/tasks/{one.pk}/"
    page = desk.get(at).content.decode()
    for said in ("disinfect the home", "disinfection team", "notice 12 of the city", "team (0)"):
        assert said in page
    listed = desk.get(f"/tasks/?kind={OWN}").content.decode()
    assert f'href="{at}"' in listed and f'href="/tasks/{first.pk}/"' not in listed

    sent = {"seen": seen_on(page), "unit": one.unit_id, "account": "team", "reason": ""}
    assert desk.post(f"{at}send/", sent).status_code == 302
    mine = f"/my-tasks/{one.pk}/"
    assert "disinfect the home" in door.get("/my-tasks/").content.decode()
    assert "王小明" not in door.get(mine).content.decode()
    assert door.post(f"{mine}step/", {"to": "accepted"}).status_code == 302
    assert "王小明" in door.get(mine).content.decode()
    assert door.post(f"{mine}step/", {"to": "on_the_way"}).status_code == 302

    form = door.get(f"{mine}report/").content.decode()
    assert [word in form for word in ("in part, to be done again", "reached and told")] == [
        True,
        False,
    ]
    assert "data-draft" in form
    told = {"token": seen_on(form, "token"), "outcome": "reached"}
    assert door.post(f"{mine}report/", told).status_code == 400
    told["outcome"] = "in_part"
    for _ in range(2):
        assert door.post(f"{mine}report/", told).status_code == 302
    assert Feedback.objects.filter(task=one).count() == 1
    page = desk.get(at).content.decode()
    assert "in part, to be done again" in page
    assert "The report is sound" not in page
    assert desk.post(f"{at}check/", {"seen": seen_on(page)}).status_code == 403
    assert desk.post(f"{at}send/", {**sent, "seen": seen_on(page)}).status_code == 302

    door.post(f"{mine}step/", {"to": "accepted"})
    form = door.get(f"{mine}report/").content.decode()
    door.post(f"{mine}report/", {"token": seen_on(form, "token"), "outcome": "done"})
    page = desk.get(at).content.decode()
    assert desk.post(f"{at}check/", {"seen": seen_on(page)}).status_code == 302
    page = desk.get(at).content.decode()
    assert desk.post(f"{at}close/", {"seen": seen_on(page)}).status_code == 302
    assert states(one) == [
        "dispatched",
        "dispatched",
        "accepted",
        "on_the_way",
        "feedback",
        "dispatched",
        "accepted",
        "feedback",
        "verified",
        "closed",
    ]
    auditing.drain(home)
    (added,) = told_of(home, "task.added")
    assert (added.by, added.about["kind"]) == (chief.user.username, OWN)
    assert {entry.about["purpose"] for entry in told_of(home, "task.reveal")} == {f"task: {OWN}"}


def test_in_chinese(home: Home, first: Task, chief: Acting, team: Acting) -> None:
    one = add(home=home, number=first.pk, kind=OWN, by=chief, at=NOON)
    step(number=one.pk, to="accepted", by=team, at=NOON)
    desk, door = client_of(chief, "zh-hans"), client_of(team, "zh-hans")
    assert "消毒组" in desk.get(f"/tasks/{one.pk}/").content.decode()
    assert "住所消毒 · 消毒组" not in desk.get(f"/tasks/{first.pk}/").content.decode()
    assert "心理疏导 · 心理疏导组" in desk.get(f"/tasks/{first.pk}/").content.decode()
    assert "部分完成，须再次消毒" in door.get(f"/my-tasks/{one.pk}/report/").content.decode()


def test_by_a_program(first: Task, chief: Acting, team: Acting, home: Home) -> None:
    desk, door = Program.of(chief), Program.of(team)
    listed = {one["word"]: one for one in desk.get("/kinds")["items"]}
    assert list(listed)[-2:] == ["own_disinfect", "own_listen"]
    own = listed[OWN]
    assert (own["hours"], own["order"], own["by_hand"], own["own"]) == (12, False, True, True)
    assert own["group"] == {"en": "disinfection team", "zh": "消毒组"}
    assert {end["word"]: end["settled"] for end in own["ends"]} == {
        "done": True,
        "in_part": False,
        "nobody_in": False,
    }
    assert (listed["bring"]["order"], listed["bring"]["own"], listed["bring"]["group"]) == (
        True,
        False,
        None,
    )
    assert not listed["release"]["by_hand"]

    made = desk.post(f"/tasks/{first.pk}/more", {"kind": OWN}, 201)
    assert (made["kind"]["word"], made["kind"]["zh"]) == (OWN, "住所消毒")
    assert desk.post(f"/tasks/{first.pk}/more", {"kind": OWN}, 201)["id"] == made["id"]
    for wrong in ("arrest", "follow", "", "a\0b", "own_none"):
        desk.post(f"/tasks/{first.pk}/more", {"kind": wrong}, 400)
    desk.post(f"/tasks/{10**9}/more", {"kind": OWN}, 404)
    door.post(f"/tasks/{first.pk}/more", {"kind": OWN}, 403)
    path = f"/my-tasks/{made['id']}"
    taken = door.post(f"{path}/steps", {"to": "accepted"})
    assert [end["word"] for end in taken["outcomes"]] == ["done", "in_part", "nobody_in"]
    door.post(f"{path}/report", {"outcome": "reached"}, 400)
    door.post(f"{path}/report", {"outcome": "done"}, 201)
    seen = desk.get(f"/tasks/{made['id']}")
    assert (seen["outcome"]["en"], seen["settled"]) == ("disinfected", True)
    checked = desk.post(f"/tasks/{made['id']}/verification", {"seen": seen["seen"]})
    closed = desk.post(f"/tasks/{made['id']}/closing", {"seen": checked["seen"]})
    assert closed["state"]["word"] == "closed"


def test_a_report_that_closes_by_itself(
    home: Home, first: Task, chief: Acting, team: Acting
) -> None:
    one = add(home=home, number=first.pk, kind="own_listen", by=chief, at=NOON)
    step(number=one.pk, to="accepted", by=team, at=NOON)
    done = report(home=home, number=one.pk, told=Report("talked"), token="t", by=team, at=NOON)
    assert (done.state, states(one)[-3:]) == ("closed", ["feedback", "verified", "closed"])


def test_late_it_is_told_to_each_level_above(home: Home, first: Task, chief: Acting) -> None:
    one = add(home=home, number=first.pk, kind=OWN, by=chief, at=NOON)
    Task.objects.exclude(pk=one.pk).update(next_at=None)
    assert escalate(at=NOON + 5 * HOUR) == Escalated(0, 0)
    assert escalate(at=NOON + 6 * HOUR) == Escalated(1, 0)
    assert escalate(at=NOON + 12 * HOUR) == Escalated(0, 1)
    assert task("p2", OWN).told_to_id == "000101001001"
    assert escalate(at=NOON + 18 * HOUR) == Escalated(0, 1)


def test_its_settling_reports_count_in_the_clocks_and_no_other_kinds_words_do(
    home: Home, first: Task, chief: Acting, team: Acting, begun_with: Files
) -> None:
    """A word is of its kind: `not_reached` settles one, and leaves another open."""
    content = changed(
        "kinds",
        OWN,
        "ends",
        "not_reached",
        to={"en": "left a note", "zh": "已留条", "settled": True},
    )
    begun_with(content)

    def reached(outcome: str, one: Task) -> float | None:
        step(number=one.pk, to="accepted", by=team, at=NOON)
        report(home=home, number=one.pk, told=Report(outcome), token=f"t{one.pk}", by=team, at=NOON)
        (case,) = clocks.clocks(chief).cases
        return case.minutes[clocks.STAGES.index("reached")]

    assert reached("not_reached", first) is None
    own = add(home=home, number=first.pk, kind=OWN, by=chief, at=NOON)
    assert reached("not_reached", own) == 36 * 60  # from 6 July 00:00 to 7 July 12:00 local


def test_it_may_be_added_where_no_order_may(home: Home, first: Task, chief: Acting) -> None:
    first.follow_up.links.update(provisional=True)
    assert add(home=home, number=first.pk, kind=OWN, by=chief, at=NOON).kind == OWN


def test_of_a_kind_that_ends_nobody_adds_more_and_what_is_open_is_done(
    home: Home, first: Task, chief: Acting, team: Acting, begun_with: Files
) -> None:
    one = add(home=home, number=first.pk, kind=OWN, by=chief, at=NOON)
    content = changed("kinds", OWN, "by_hand", to=False)
    begun_with(content)
    check_kinds()
    with pytest.raises(UsageError):
        add(home=home, number=first.pk, kind=OWN, by=chief, at=NOON)
    page = client_of(chief).get(f"/tasks/{first.pk}/").content.decode()
    assert 'value="own_disinfect"' not in page
    step(number=one.pk, to="accepted", by=team, at=NOON)
    report(home=home, number=one.pk, told=Report("done"), token="t", by=team, at=NOON)
    check(number=one.pk, seen=last_state(one), by=chief, at=NOON)
    assert close(number=one.pk, seen=last_state(one), by=chief, at=NOON).state == "closed"


WITHOUT = changed("kinds", OWN, without=True)


def test_a_kind_does_not_go_while_tasks_of_it_are_open(
    home: Home, first: Task, chief: Acting, begun_with: Files
) -> None:
    check_kinds()
    one = add(home=home, number=first.pk, kind=OWN, by=chief, at=NOON)
    add(home=home, number=task("p3", "notify").pk, kind=OWN, by=chief, at=NOON)
    file = begun_with(WITHOUT)
    with pytest.raises(DataError) as refused:
        check_kinds()
    en, zh = refused.value.text
    assert f"{file}: tasks are open" in en
    assert "own_disinfect (2)" in en and "own_disinfect（2 项）" in zh
    begun_with(None)
    with pytest.raises(DataError, match="names no file of kinds"):
        check_kinds()
    Task.objects.filter(kind=OWN).exclude(pk=one.pk).update(state="closed")
    with pytest.raises(DataError, match=r"own_disinfect \(1\)"):
        check_kinds()
    Task.objects.filter(kind=OWN).update(state="withdrawn")
    check_kinds()


def every_page(desk: Client, first: Task, one: Task) -> None:
    run = Run.objects.get()
    for path in (
        "/",
        "/tasks/",
        f"/tasks/{first.pk}/",
        f"/tasks/{one.pk}/",
        "/tasks/clocks/",
        "/releases/",
        f"/traces/{run.pk}/",
        f"/cases/{run.case_id}/",
        f"/hand-overs/of-case/{run.case_id}/",
        "/approvals/",
    ):
        answer = desk.get(path)
        assert answer.status_code == 200, path


def test_what_was_done_of_a_kind_that_is_gone_stays_told(
    home: Home, first: Task, chief: Acting, team: Acting, begun_with: Files
) -> None:
    one = add(home=home, number=first.pk, kind=OWN, by=chief, at=NOON)
    step(number=one.pk, to="accepted", by=team, at=NOON)
    report(home=home, number=one.pk, told=Report("done"), token="t", by=team, at=NOON)
    check(number=one.pk, seen=last_state(one), by=chief, at=NOON)
    close(number=one.pk, seen=last_state(one), by=chief, at=NOON)
    begun_with(WITHOUT)
    check_kinds()
    desk = client_of(chief)
    every_page(desk, first, one)
    page = desk.get(f"/tasks/{one.pk}/").content.decode()
    assert "own_disinfect" in page and "done" in page and "no file tells of this kind" in page
    told = Program.of(chief).get(f"/tasks/{one.pk}")
    assert (told["kind"]["en"], told["outcome"]["word"]) == (OWN, "done")


def test_a_file_that_changes_under_open_tasks_stops_nothing(
    home: Home, first: Task, chief: Acting, team: Acting, begun_with: Files
) -> None:
    """As in the seconds in which one process has begun with the new file and another has not."""
    one = add(home=home, number=first.pk, kind=OWN, by=chief, at=NOON)
    begun_with(WITHOUT)
    every_page(client_of(chief), first, one)
    door = client_of(team)
    step(number=one.pk, to="accepted", by=team, at=NOON)
    for path in ("/my-tasks/", f"/my-tasks/{one.pk}/", f"/my-tasks/{one.pk}/report/"):
        assert door.get(path).status_code == 200
    assert escalate(at=NOON + DAY).told
    form = door.get(f"/my-tasks/{one.pk}/report/").content.decode()
    told = {"token": seen_on(form, "token"), "outcome": "done"}
    assert door.post(f"/my-tasks/{one.pk}/report/", told).status_code == 400
    assert [n.pk for n in queries.mine(team)] == [one.pk]


def test_it_goes_with_the_case_that_it_rests_on(home: Home, first: Task, chief: Acting) -> None:
    one = add(home=home, number=first.pk, kind=OWN, by=chief, at=NOON)
    withdraw(home=home, number="C1", reason="entered twice", by=chief, at=NOON)
    assert Task.objects.get(pk=one.pk).state == "withdrawn"
