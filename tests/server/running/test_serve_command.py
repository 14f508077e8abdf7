"""What the command refuses, and in which words."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from tests.server.running.deployed import Deployed, deployed, migrated, run
from tests.server.tasks.kinds_of_a_city import PAGE as KINDS_PAGE
from tests.server.tasks.kinds_of_a_city import put, shown

from ringfence.lake.home import create_home
from ringfence_server.deployment.reading import deployment_of
from ringfence_server.running.cluster import Cluster


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, database_cluster: Cluster) -> Deployed:
    return deployed(tmp_path_factory.mktemp("made"), database_cluster, "refusing")


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory, database_cluster: Cluster) -> Deployed:
    return migrated(deployed(tmp_path_factory.mktemp("ready"), database_cluster, "ready"))


def variant(made: Deployed, **fields: str) -> Path:
    """The deployment with other fields."""
    file = made.folder / "variant.toml"
    told = {
        name: json.dumps(value)
        for name, value in tomllib.loads(made.file.read_text(encoding="utf-8")).items()
    } | fields
    file.write_text("".join(f"{name} = {value}\n" for name, value in told.items()), "utf-8")
    return file


def refused(code: int, said: str, *words: str | Path, lang: str = "en") -> None:
    done = run(*words, "--lang", lang)
    assert done.returncode == code, done.stderr
    assert done.stderr.startswith("ringfence: ")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


PARTS = [
    ((), "older than", "en"),
    (("web",), "低于本程序", "zh"),
    (("worker",), "older than", "en"),
]


@pytest.mark.parametrize(("part", "said", "lang"), PARTS)
def test_a_database_without_tables_is_older(
    made: Deployed, part: tuple[str, ...], said: str, lang: str
) -> None:
    refused(10, said, "serve", *part, "--deployment", made.file, lang=lang)


def test_a_database_of_a_newer_program(ready: Deployed) -> None:
    with psycopg.connect(ready.database) as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied)"
            " VALUES ('accounts', '9999_to_come', now())"
        )
    refused(10, "accounts.9999_to_come", "serve", "web", "--deployment", ready.file)
    refused(10, "高于本程序", "serve", "migrate", "--deployment", ready.file, lang="zh")
    with psycopg.connect(ready.database) as connection:
        connection.execute("DELETE FROM django_migrations WHERE name = '9999_to_come'")


WRONG = """\
kinds:
  own_a:
    en: a
    zh: 甲
    hours: 12
    source: {en: b, zh: 乙}
    order: true
    ends:
      done: {en: done, zh: 完成, settled: true}
"""


@pytest.mark.parametrize("part", [(), ("web",), ("worker",), ("check",)], ids=str)
def test_a_file_of_kinds_that_cannot_be_used(ready: Deployed, part: tuple[str, ...]) -> None:
    file = variant(ready, kinds='"kinds.yaml"')
    kinds = ready.folder / "kinds.yaml"
    kinds.write_text(WRONG, encoding="utf-8")
    said = f"{kinds}, line 7, kinds.own_a.order: a kind of your own never binds a person"
    refused(10, said, "serve", *part, "--deployment", file)
    refused(10, "自定义任务不得约束个人", "serve", *part, "--deployment", file, lang="zh")
    kinds.unlink()
    refused(11, f"there is no file of kinds {kinds}", "serve", *part, "--deployment", file)


def test_the_files_and_the_command_of_the_page_about_kinds(ready: Deployed) -> None:
    (line,) = re.findall(r"^```toml\n(.*?)^```", KINDS_PAGE, re.MULTILINE | re.DOTALL)
    file = variant(ready, **{name: json.dumps(told) for name, told in tomllib.loads(line).items()})
    put(ready.folder, shown())
    (command,) = re.findall(r"/opt/ringfence/bin/ringfence (.*)", KINDS_PAGE)
    words = [str(file) if "/" in word else word for word in command.split()]
    done = run(*words)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_database_that_does_not_answer(made: Deployed) -> None:
    file = variant(made, database='"postgresql://u:hidden@127.0.0.1:1/none"')
    for lang, said in (("en", "does not answer"), ("zh", "没有响应")):
        done = run("serve", "migrate", "--deployment", file, "--lang", lang)
        assert done.returncode == 13
        assert said in done.stderr
        assert "hidden" not in done.stderr


def test_no_deployment_is_named() -> None:
    refused(2, "RINGFENCE_SERVER", "serve", "web")


def test_a_deployment_file_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "none.toml"
    refused(11, "no deployment file", "serve", "web", "--deployment", file)


def test_a_home_that_is_not_there(made: Deployed) -> None:
    file = variant(made, home='"nowhere"')
    refused(11, "there is no home", "serve", "web", "--deployment", file)


def test_a_private_database_that_is_not_there(made: Deployed) -> None:
    file = variant(made, cluster='"gone"')
    refused(11, "no private database", "serve", "web", "--deployment", file)


def test_a_port_in_use(ready: Deployed) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", ready.port))
        taken.listen()
        refused(2, "in use", "serve", "web", "--deployment", ready.file)


def test_the_clock_of_a_home_with_real_people(made: Deployed, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    create_home(tmp_path / "real", synthetic=False, jurisdiction="CN", zone="UTC", now=now)
    clock = "{shows = 2022-09-01T09:00:00+08:00, at = 2026-11-22T10:00:00Z}"
    file = variant(made, home=f'"{tmp_path / "real"}"', clock=clock)
    refused(12, "synthetic homes only", "serve", "web", "--deployment", file)
    words = ("serve", "init", tmp_path / "new", "--home", tmp_path / "real", "--database", "x=y")
    refused(12, "synthetic", *words, "--clock", "2022-09-01T09:00:00+08:00")
    assert not (tmp_path / "new" / "deployment.toml").exists()


def test_a_new_deployment(tmp_path_factory: pytest.TempPathFactory, made: Deployed) -> None:
    folder = tmp_path_factory.mktemp("new") / "s"
    address = ("--database", made.database, "--home", made.home)
    told = ("--host", "ringfence.city.example", "--clock", "2022-09-01T09:00:00+08:00")
    done = run("serve", "init", folder, *address, *told, "--json")
    assert done.returncode == 0, done.stderr
    assert (folder / "secret").stat().st_mode & 0o777 == 0o600
    assert (folder / "deployment.toml").stat().st_mode & 0o777 == 0o600
    read = deployment_of(Path(json.loads(done.stdout)["deployment"]))
    assert (read.https, read.hosts[0]) == (True, "ringfence.city.example")
    shown = datetime.now(UTC) + read.ahead
    assert abs(shown - datetime(2022, 9, 1, 1, tzinfo=UTC)) < timedelta(minutes=2)
    before = (folder / "secret").read_bytes()
    refused(2, "never overwritten", "serve", "init", folder, *address)
    assert (folder / "secret").read_bytes() == before


def test_two_who_migrate_at_once(tmp_path: Path, database_cluster: Cluster) -> None:
    fresh = deployed(tmp_path, database_cluster, "twice")
    with ThreadPoolExecutor(2) as both:
        words = ("serve", "migrate", "--deployment", fresh.file, "--json")
        done = list(both.map(lambda _: run(*words), range(2)))
    assert [one.returncode for one in done] == [0, 0], [one.stderr for one in done]
    steps = sorted(json.loads(one.stdout)["steps"] for one in done)
    assert steps[0] == 0 < steps[1]


_WITHOUT = """
import sys
sys.modules["granian"] = None
from ringfence.cli.main import main
sys.exit(main(["serve", "web"]))
"""


def test_without_the_servers_parts_it_says_how_to_get_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _WITHOUT], capture_output=True, text=True, check=False
    )
    assert done.returncode == 11
    assert "ringfence[server]" in done.stderr


def test_other_commands_do_not_look_for_it() -> None:
    script = (
        "import sys; from ringfence.cli.main import main; main(['--version']);"
        " sys.exit(any(name.startswith('ringfence_server') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
