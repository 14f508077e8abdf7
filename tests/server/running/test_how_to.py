"""The page about running a server: its database, its deployment and its services are as it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import psycopg
from tests.faults import ROOT
from tests.server.homes import new_home
from tests.server.running.deployed import deployed, migrated, run

from ringfence_server.deployment.reading import deployment_of
from ringfence_server.running.cluster import Cluster

PAGE = (ROOT / "docs" / "how-to" / "run-the-server.md").read_text(encoding="utf-8")


UNITS = "code,parent,level,name_zh,name_en\nCN,,country,中国,China\n320000,CN,province,江苏省,\n"
UNITS += "320100,320000,city,南京市,Nanjing\n"


def told_to_the_server() -> list[list[str]]:
    """The words of each `ringfence` that the page gives as the server's user."""
    given = [shlex.split(line) for block in blocks("sh") for line in block.splitlines()]
    program = "/opt/ringfence/bin/ringfence"
    found = [words[words.index(program) + 1 :] for words in given if program in words]
    assert [words[0] for words in found] == ["serve", "jurisdictions", "accounts"]
    return found


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_deployment_serves_the_database_of_the_page(
    tmp_path: Path, database_cluster: Cluster
) -> None:
    (sql,) = blocks("sql")
    # The role of the private cluster has this name already.
    statements = sql.replace("ROLE ringfence", "ROLE served").replace(
        "OWNER ringfence", "OWNER served"
    )
    with psycopg.connect(database_cluster.address, autocommit=True) as connection:
        for statement in statements.split(";\n"):
            if statement.strip():
                connection.execute(statement.encode())
    address = f"postgresql:///ringfence?host={database_cluster.folder}&user=served"
    new_home(tmp_path)
    (toml,) = blocks("toml")
    toml = toml.replace("postgresql:///ringfence", address)
    toml = toml.replace("/var/lib/ringfence/home", str(tmp_path / "home"))
    file = tmp_path / "deployment.toml"
    file.write_text(toml, encoding="utf-8")
    secret = tmp_path / "secret"
    secret.write_text("s" * 40, encoding="ascii")
    secret.chmod(0o600)
    assert deployment_of(file).https
    table = tmp_path / "jurisdiction.csv"
    table.write_text(UNITS, encoding="utf-8")
    for words in told_to_the_server():
        given = [str(table) if word == table.name else word for word in words]
        done = run(*(word for word in given if not word.startswith(("--deployment", "/etc/"))),
                   "--deployment", file)  # fmt: skip
        assert done.returncode == 0, done.stderr
    with psycopg.connect(address) as connection:
        shown = connection.execute("SHOW log_min_error_statement").fetchone()
    assert shown == ("panic",)


def test_files_that_it_names_are_there() -> None:
    copied = [
        line for block in blocks("sh") for line in block.splitlines() if line.startswith("cp ")
    ]
    for line in copied:
        for name in shlex.split(line)[1:-1]:
            assert (ROOT / name).is_file()
    assert (ROOT / "requirements" / "run.txt").is_file()


KEEPING = (ROOT / "docs" / "how-to" / "back-up-and-restore.md").read_text(encoding="utf-8")


def of_the_other_page() -> list[list[str]]:
    """The words of each `ringfence serve` of the page about backups, in their order."""
    given = re.findall(r"^ *(ringfence serve .*)$", KEEPING, re.MULTILINE)
    return [shlex.split(line)[1:] for line in given]


def test_the_commands_of_the_page_about_backups(tmp_path: Path, database_cluster: Cluster) -> None:
    made = migrated(deployed(tmp_path, database_cluster, "page_of_backups"))
    with psycopg.connect(database_cluster.address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE restored_by_the_page")
    empty = made.database.replace("page_of_backups", "restored_by_the_page")
    places = {
        "/var/backups/ringfence": tmp_path / "kept",
        "/etc/ringfence/deployment.toml": made.file,
        "/var/lib/ringfence/server": tmp_path / "server",
        "postgresql:///ringfence": empty,
    }
    told = of_the_other_page()
    assert [words[1] for words in told] == ["backup", "backup", "drill", "restore", "rotate-secret"]
    for words in told:
        done = run(*(str(places.get(word, word)) for word in words))
        assert done.returncode == 0, done.stderr
    again = run("serve", "check", "--deployment", tmp_path / "server" / "deployment.toml")
    assert again.returncode == 0, again.stderr
