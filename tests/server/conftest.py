"""What the server's tests stand on: a private PostgreSQL for each of pytest's processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import connections

from ringfence_server.running import cluster

_IN_A_HURRY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@pytest.fixture(scope="session")
def database_cluster() -> Iterator[cluster.Cluster]:
    assert cluster.missing() is None, cluster.missing()
    with cluster.passing(_IN_A_HURRY) as made:
        yield made
        connections.close_all()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(database_cluster: cluster.Cluster) -> None:
    settings.DATABASES["default"]["HOST"] = str(database_cluster.folder)
    connections["default"].settings_dict["HOST"] = str(database_cluster.folder)


@pytest.fixture(autouse=True)
def no_jobs_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """The tables of background work are the library's: Django does not empty them after a test
    that commits.
    """
    marker = request.node.get_closest_marker("django_db")
    commits = bool(marker and marker.kwargs.get("transaction"))
    commits = commits or bool({"transactional_db", "live_server"} & set(request.fixturenames))
    if commits:
        request.getfixturevalue("transactional_db")
    yield
    if commits:
        with connections["default"].cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
