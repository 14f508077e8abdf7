"""The pages of cases, as everybody may see them: wide and narrow, by day and night, in both
languages.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.server.pages.browsing import DESK
from tests.server.pages.test_every_page import _look

from ringfence_server.access import acting_of
from ringfence_server.accounts.models import User
from ringfence_server.cases import actions
from ringfence_server.cases.actions import Contact, Entry, Form, Named, Stay, When
from ringfence_server.cases.models import Case, Cluster
from ringfence_server.deployment.here import home, now
from ringfence_server.jurisdictions.models import Unit

DAY = timedelta(days=1)
PICTURES = os.environ.get("RINGFENCE_PICTURES")


@pytest.fixture
def outbreak(exercise: None, people: dict[str, User]) -> Case:
    """Three cases of a district, one of them with all that a case can have."""
    at, by = now(), acting_of(people["supervisor"], now())
    unit = Unit.objects.get(code="440103")
    for number in range(3):
        entry = Entry(
            disease="covid-19",
            unit=unit,
            classification="suspected",
            symptomatic=True,
            times={
                "onset": When(at - 3 * DAY, "minute"),
                "reported": When(at - DAY * (number + 1) / 2, "minute"),
            },
        )
        actions.enter(home=home(), entry=entry, token=f"t{number}", by=by, at=at)
    case = Case.objects.order_by("id")[0]
    local = (at - 2 * DAY).strftime("%Y-%m-%d")
    actions.save_form(
        home=home(),
        number=case.number,
        based_on=0,
        form=Form(
            basic={"occupation": "2" * 40},
            history=[Stay("", "12-3", "ktv", f"{local} 10:00", f"{local} 12:00")],
        ),
        named=[Named({"phone": "13900139000"}, Contact("household"))],
        by=by,
        at=at,
    )
    actions.sign(number=case.number, by=by, at=at)
    actions.make_cluster(name="1-2-3 1-2-3", unit=unit, by=by, at=at)
    group = Cluster.objects.get()
    actions.join(cluster=group.pk, number=case.number, by=by, at=at)
    actions.assign(cluster=group.pk, team=unit, by=by, at=at)
    actions.assign(number=case.number, team=unit, by=by, at=at)
    return case


def paths(case: Case) -> list[str]:
    group = Cluster.objects.get()
    return [
        "/",
        "/cases/",
        "/cases/?waiting=signature",
        "/cases/?disease=measles",
        "/cases/new/",
        "/cases/file/",
        "/cases/clusters/",
        f"/cases/clusters/{group.pk}/",
        *(
            f"/cases/{case.pk}/{act}"
            for act in ("", "result/", "reclassify/", "withdraw/", "times/", "assign/", "form/")
        ),
        f"/cases/{case.pk}/form/1/",
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_page_of_cases_is_hard_to_use(
    browsing: Any, people: dict[str, User], outbreak: Case, language: str
) -> None:
    one = browsing(people["supervisor"], language=language)
    found = []
    for number, path in enumerate(paths(outbreak)):
        if PICTURES:
            one.turn(DESK, "light")
            page = one.go(path)
            page.screenshot(path=Path(PICTURES, f"{number:02d}-{language}.png"), full_page=True)
        found += _look(one, path)
    assert not found, "\n".join(found)


def test_a_case_is_entered_by_keyboard_alone(
    browsing: Any, people: dict[str, User], outbreak: Case
) -> None:
    one = browsing(people["supervisor"], language="en")
    page = one.go("/cases/new/")
    page.get_by_label("Onset").fill("yesterday")
    page.keyboard.press("Enter")
    one.expected += 1
    page.wait_for_selector("#id_onset_error")
    day = (now() - 2 * DAY).strftime("%Y-%m-%d")
    page.get_by_label("Onset").first.fill(day)
    page.keyboard.press("Enter")
    page.wait_for_selector(".timeline")
    assert day in page.content()
