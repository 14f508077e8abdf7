"""Who rode with a case, for programs and for the command line: one answer, wherever it is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer
from tests.functional.riding import DAY
from tests.server.api.conftest import at_noon
from tests.server.api.programs import Program, token_for
from tests.server.cases.town import Town, settled
from tests.server.homes import NOON
from tests.server.riding.conftest import deliver_rides
from tests.server.tracing.conftest import deliver_outbreak

from ringfence.cli.main import main
from ringfence.lake import Home
from ringfence_server.cases.models import Case
from ringfence_server.outbox.models import AuditRow

__all__ = ["at_noon"]
ASKED: dict[str, Any] = {"service": "D1", "date": DAY}
WORDS = ["passengers", "D1", DAY, "--case", "C1"]


def own(home: Home, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The command line's own answer, in a home of this machine."""
    clock = NOON.isoformat()
    assert main([*WORDS, *words, "--home", str(home.root), "--clock", clock]) == 0
    return capsys.readouterr().out


@pytest.mark.django_db
def test_programs_are_told_what_the_command_line_tells(
    home: Home, rode: Case, town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    program = Program.of(town.staff("analyst", "data_analyst", "0001"))
    told = program.get(f"/cases/{rode.pk}/passengers", **ASKED)
    for language in ("en", "zh"):
        local = json.loads(own(home, capsys, "--json", "--lang", language))
        mine, run = json.loads(json.dumps(told)), local
        for one in (mine, mine["onward"]):
            one["warnings"] = [warning[language] for warning in one["warnings"]]
        assert mine == run
    (row,) = AuditRow.objects.filter(act="passengers.asked")
    assert (row.by, row.about["service"]) == ("analyst", "D1")
    seat = {**ASKED, "from": "1", "to": "2"}
    seated = program.get(f"/cases/{rode.pk}/passengers", **seat)
    assert seated["case_legs"][0]["to"] == "station 2"


@pytest.mark.django_db
def test_it_takes_the_right_to_trace_and_the_case(rode: Case, town: Town) -> None:
    path = f"/cases/{rode.pk}/passengers"
    analyst = town.staff("analyst", "data_analyst", "0001")
    Program.of(analyst, ["case.read"]).get(path, 403, **ASKED)
    neighbour = Program.of(town.staff("next", "data_analyst", "000102"))
    for one, more in ((path, {}), ("/lake/passengers", {"case": "C1"})):
        neighbour.get(one, 404, **ASKED, **more)
    assert not AuditRow.objects.filter(act="passengers.asked").exists()
    program = Program.of(analyst)
    for wrong in ({"service": "D1"}, {**ASKED, "date": "5 July"}, {**ASKED, "seat": "?" * 20}):
        program.get(path, 400, **wrong)
    for file in ("/etc/passwd", "rules.yaml"):
        assert "by their ids" in program.get(path, 400, **ASKED, protocol=file)["detail"]


def test_the_command_line_goes_through_the_server(  # noqa: PLR0917 - fixtures
    home: Home,
    transactional_db: None,
    live_server: LiveServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same table, JSON and seat plan. The case has come with a file, a moment ago."""
    deliver_outbreak(home)
    deliver_rides(home, tmp_path)
    token = token_for(settled().staff("analyst", "data_analyst", "0001"))
    plan = tmp_path / "plan.html"
    local = [own(home, capsys), own(home, capsys, "--json"), own(home, capsys, "--plan", str(plan))]
    drawn = plan.read_text(encoding="utf-8")
    monkeypatch.setenv("RINGFENCE_API", live_server.url)
    monkeypatch.setenv("RINGFENCE_TOKEN", token)
    through = []
    for words in ([], ["--json"], ["--plan", str(plan)]):
        assert main([*WORDS, *words]) == 0
        through.append(capsys.readouterr().out)
    assert through == local
    assert plan.read_text(encoding="utf-8") == drawn
    assert main([*WORDS, "--as-of", "3"]) == 2
    assert "as all is known now" in capsys.readouterr().err
    assert main([*WORDS, "--case", "C404"]) == 11
