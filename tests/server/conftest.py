"""What the server's tests stand on: a private PostgreSQL for each of pytest's processes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from ringfence_server.running import cluster

_IN_A_HURRY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@pytest.fixture(scope="session")
def database_cluster() -> Iterator[cluster.Cluster]:
    assert cluster.missing() is None, cluster.missing()
    with tempfile.TemporaryDirectory(prefix="rf-pg-", ignore_cleanup_errors=True) as folder:
        made = cluster.make(Path(folder), lasting=False)
        cluster.start(made, _IN_A_HURRY)
        yield made
        connections.close_all()
        cluster.stop(made, at_once=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_cluster: cluster.Cluster) -> None:
    settings.DATABASES["default"]["HOST"] = str(database_cluster.folder)
    connections["default"].settings_dict["HOST"] = str(database_cluster.folder)
