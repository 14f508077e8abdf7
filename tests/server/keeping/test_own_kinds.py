"""A city's own kinds are kept with its server: their open work is workable after the worst day."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.server.cases.town import Town
from tests.server.homes import NOON
from tests.server.keeping.served import Served
from tests.server.running.deployed import run
from tests.server.tasks.kinds_of_a_city import changed, put, shown

from ringfence.errors import NotFound
from ringfence_server.deployment.reading import deployment_of
from ringfence_server.tasks.models import FollowUp, Task

pytestmark = pytest.mark.django_db(transaction=True)
OWN = "own_disinfect"


@pytest.fixture
def kinds(kept: Served) -> Path:
    """Not beside the deployment file, and of another name."""
    folder = kept.folder / "elsewhere"
    folder.mkdir()
    told = kept.file.read_text(encoding="utf-8")
    kept.file.write_text(f'kinds = "elsewhere/work.yaml"\n{told}', encoding="utf-8")
    return put(folder, shown(), "work.yaml")


@pytest.fixture
def one(town: Town) -> Task:
    """Open work of a kind of its own."""
    unit = town.unit("000101")
    person = FollowUp.objects.create(
        person="p", subjects=["p"], disease="covid-19", unit=unit, since=NOON
    )
    return Task.objects.create(
        follow_up=person, unit=unit, kind=OWN, origin="hand", made_at=NOON, due_at=NOON
    )


def checks(file: Path) -> tuple[int, str]:
    done = run("serve", "check", "--deployment", file)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_a_restored_server_has_them(kept: Served, kinds: Path, one: Task) -> None:
    assert checks(kept.file)[0] == 0
    kept.backed_up()
    drilled = run("serve", "drill", kept.kept)
    assert drilled.returncode == 0, drilled.stderr
    kinds.unlink()
    again = kept.restored()
    assert (again.folder / "kinds.yaml").read_text(encoding="utf-8") == shown()
    assert deployment_of(again.file).kinds == again.folder / "kinds.yaml"
    assert checks(again.file)[0] == 0
    (again.folder / "kinds.yaml").write_bytes(changed("kinds", OWN, without=True))
    code, said = checks(again.file)
    assert code == 10 and "own_disinfect (1)" in said
    for part in ("web", "worker"):
        done = run("serve", part, "--deployment", again.file)
        assert (done.returncode, "Traceback" in done.stderr) == (10, False)
        assert "own_disinfect (1)" in done.stderr


def test_a_backup_that_could_not_hold_them_is_none(kept: Served, kinds: Path) -> None:
    kinds.unlink()
    with pytest.raises(NotFound, match="no file of kinds"):
        kept.backed_up()
    done = run("serve", "backup", kept.kept, "--deployment", kept.file)
    assert (done.returncode, "Traceback" in done.stderr) == (11, False)
    assert not any(kept.kept.glob("*")) if kept.kept.exists() else True


def test_a_drill_says_that_open_work_lacks_its_kind(kept: Served, kinds: Path, one: Task) -> None:
    kinds.write_bytes(changed("kinds", OWN, without=True))
    kept.backed_up()
    done = run("serve", "drill", kept.kept)
    assert done.returncode == 10
    assert "own_disinfect (1)" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_cannot_be_used_is_kept_as_it_is_and_nothing_else_is_lost(
    kept: Served, kinds: Path
) -> None:
    kinds.write_text("kinds: [", encoding="utf-8")
    kept.backed_up()
    again = kept.restored()
    assert (again.folder / "kinds.yaml").read_text(encoding="utf-8") == "kinds: ["
    code, said = checks(again.file)
    assert code == 10 and "this is not YAML" in said
