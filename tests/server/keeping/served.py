"""A deployment of the tests' own database, so that commands in other processes serve it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from django.db import connections
from tests.server.cases.town import SECRET
from tests.server.homes import NOON
from tests.server.running.deployed import run

from ringfence.backup import Taken
from ringfence.lake import Home, open_home
from ringfence_server.deployment.reading import Deployment, deployment_of
from ringfence_server.keeping.taking import back_up
from ringfence_server.running import cluster


@dataclass(frozen=True)
class Served:
    folder: Path
    file: Path
    home: Home

    @property
    def deployment(self) -> Deployment:
        return deployment_of(self.file)

    @property
    def kept(self) -> Path:
        return self.folder / "kept"

    def backed_up(self, **more: Any) -> Taken:
        told = {"by": "machine:root", "now": NOON, **more}
        return back_up(self.deployment, self.file, self.home, self.kept, **told)

    def restored(self, name: str = "again", **more: str) -> Again:
        options = [word for key, told in more.items() for word in (f"--{key}", told)]
        to = self.folder / name
        done = run("serve", "restore", self.kept, "--to", to, "--json", *options)
        assert done.returncode == 0, done.stderr
        return Again(to, json.loads(done.stdout))


@dataclass(frozen=True)
class Again:
    """A restored server. Its private database runs while it is asked."""

    folder: Path
    told: dict[str, Any]

    @property
    def file(self) -> Path:
        return self.folder / "deployment.toml"

    @property
    def home(self) -> Home:
        return open_home(self.folder / "home")

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        own = cluster.Cluster(self.folder / "database")
        cluster.start(own)
        try:
            with psycopg.connect(deployment_of(self.file).database) as connection:
                return list(connection.execute(query.encode()).fetchall())
        finally:
            cluster.stop(own)

    def one(self, query: str) -> Any:
        return self.ask(query)[0][0]


def served(folder: Path, home: Home) -> Served:
    where = connections["default"].settings_dict
    address = f"postgresql:///{where['NAME']}?host={where['HOST']}&user=ringfence"
    secret = folder / "secret"
    secret.write_text(SECRET, encoding="ascii")
    secret.chmod(0o600)
    file = folder / "deployment.toml"
    told = {
        "home": str(home.root),
        "secret_file": "secret",
        "database": address,
        "listen": "127.0.0.1:8470",
    }
    lines = [f"{name} = {json.dumps(value)}\n" for name, value in told.items()]
    clock = "clock = {shows = 2022-07-07T04:00:00Z, at = 2026-11-22T04:00:00Z}\n"
    file.write_text("".join(lines) + "https = false\n" + clock, encoding="utf-8")
    return Served(folder, file, home)
