"""Setting up this process for a deployment: before anything of Django's is used."""

from __future__ import annotations

import os
from pathlib import Path

import django

from ringfence_server.deployment import logs
from ringfence_server.deployment.reading import VARIABLE, Deployment, read_deployment
from ringfence_server.running import cluster

_SETTINGS = "DJANGO_SETTINGS_MODULE"


def prepare(file: Path | None) -> Deployment:
    """The deployment of the file, else of the environment; processes started from here serve it
    too, and its private database runs. UserError: it cannot be followed, its home is missing, its
    clock may not be set, or its private database does not start.
    """
    if file is not None:
        os.environ[VARIABLE] = str(file.resolve())
    deployment = read_deployment(os.environ)
    os.environ.setdefault(_SETTINGS, "ringfence_server.config.settings")
    logs.begin()
    django.setup()
    if deployment.cluster is not None:
        cluster.start(cluster.Cluster(deployment.cluster))
    return deployment
