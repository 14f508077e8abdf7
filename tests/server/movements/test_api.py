"""Where a case was, for programs: what the command line tells, in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from tests.server.api.conftest import at_noon
from tests.server.api.programs import Program, token_for
from tests.server.cases.town import Town, settled
from tests.server.homes import NOON
from tests.server.movements.conftest import deliver_movements
from tests.server.tracing.conftest import deliver_outbreak

from ringfence.cli.main import main
from ringfence.lake import Home
from ringfence_server.cases.models import Case
from ringfence_server.outbox.models import AuditRow

__all__ = ["at_noon"]
WORDS = ["trajectory", "C1", "--protocol", "covid-cn-9"]


@pytest.mark.django_db
def test_programs_are_told_what_the_command_line_tells(
    home: Home, moved: Case, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    program = Program.of(town.staff("analyst", "data_analyst", "0001"))
    told = program.get(f"/cases/{moved.pk}/movements")
    assert told["conflicts"] and told["timeline"] and told["questions"]
    for language in ("en", "zh"):
        words = ["trajectory", "C1", "--json", "--lang", language]
        assert main([*words, "--home", str(home.root), "--clock", NOON.isoformat()]) == 0
        own = json.loads(capsys.readouterr().out)
        mine = json.loads(json.dumps(told))
        mine["warnings"] = [warning[language] for warning in mine["warnings"]]
        for one in (*mine["conflicts"], *mine["questions"]):
            one["text"] = one["text"][language]
        assert mine == own
    (row,) = AuditRow.objects.filter(act="movements.asked")
    assert (row.by, row.about) == ("analyst", {"case": "C1"})


@pytest.mark.django_db
def test_it_takes_the_right_to_trace_and_the_case(moved: Case, town: Town) -> None:
    path = f"/cases/{moved.pk}/movements"
    analyst = town.staff("analyst", "data_analyst", "0001")
    neighbour = Program.of(town.staff("next", "data_analyst", "000102"))
    for one, more in ((path, {}), ("/lake/movements", {"case": "C1"})):
        Program.of(analyst, ["case.read"]).get(one, 403, **more)
        neighbour.get(one, 404, **more)
    assert not AuditRow.objects.filter(act="movements.asked").exists()
    Program.of(analyst).get(path, 400, **{"from": "2022-07-06", "to": "2022-07-05"})


def test_the_command_line_goes_through_the_server(  # noqa: PLR0917 - fixtures
    home: Home,
    transactional_db: None,
    live_server: LiveServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same table, JSON, page and release. The case has come with a file, a moment ago."""
    deliver_outbreak(home)
    deliver_movements(home, tmp_path)
    token = token_for(settled().staff("analyst", "data_analyst", "0001"))
    page, release = tmp_path / "page.html", tmp_path / "release.html"
    asked = (WORDS, [*WORDS, "--json"], [*WORDS, "--html", str(page), "--release", str(release)])
    told = {}
    for way in ("here", "through"):
        here = ["--home", str(home.root), "--clock", NOON.isoformat()] if way == "here" else []
        if way == "through":
            monkeypatch.setenv("RINGFENCE_API", live_server.url)
            monkeypatch.setenv("RINGFENCE_TOKEN", token)
        for words in asked:
            assert main([*words, *here]) == 0
        told[way] = (capsys.readouterr(), page.read_text("utf-8"), release.read_text("utf-8"))
    assert told["through"] == told["here"]
    for refused in (["--as-of", "3"], ["--engine", "reference"]):
        assert main([*WORDS, *refused]) == 2
        assert "as all is known now" in capsys.readouterr().err
    assert main(["trajectory", "--contact", "p3"]) == 2
    assert main(["trajectory", "C404"]) == 11
