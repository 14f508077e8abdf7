"""The page about running a server: its database, its deployment and its services are as it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import psycopg
from tests.faults import ROOT
from tests.server.homes import new_home
from tests.server.running.deployed import run

from ringfence_server.deployment.reading import deployment_of
from ringfence_server.running.cluster import Cluster

PAGE = (ROOT / "docs" / "how-to" / "run-the-server.md").read_text(encoding="utf-8")


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
    (migrate,) = [
        line for block in blocks("sh") for line in block.splitlines() if "migrate" in line
    ]
    words = shlex.split(migrate)
    told = words[words.index("serve") :]
    told[told.index("/etc/ringfence/deployment.toml")] = str(file)
    done = run(*told)
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
