"""Where a case was, for programs: what the command line tells, in both languages."""

from __future__ import annotations

import json

import pytest
from tests.server.api.conftest import at_noon
from tests.server.api.programs import Program
from tests.server.cases.town import Town
from tests.server.homes import NOON

from ringfence.cli.main import main
from ringfence.lake import Home
from ringfence_server.cases.models import Case
from ringfence_server.outbox.models import AuditRow

__all__ = ["at_noon"]
pytestmark = pytest.mark.django_db


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


def test_it_takes_the_right_to_trace_and_the_case(moved: Case, town: Town) -> None:
    path = f"/cases/{moved.pk}/movements"
    analyst = town.staff("analyst", "data_analyst", "0001")
    Program.of(analyst, ["case.read"]).get(path, 403)
    Program.of(town.staff("next", "data_analyst", "000102")).get(path, 404)
    Program.of(analyst).get(path, 400, **{"from": "2022-07-06", "to": "2022-07-05"})
