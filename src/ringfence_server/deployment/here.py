"""The home that this process serves, and its clock."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings

from ringfence.lake import Home, open_home
from ringfence_server.deployment.reading import Deployment


def deployment() -> Deployment:
    told = settings.RINGFENCE  # type: ignore[misc]
    if not isinstance(told, Deployment):
        raise TypeError("settings.RINGFENCE is the deployment")
    return told


def home() -> Home:
    return open_home(deployment().home)


def now() -> datetime:
    """This instant, UTC. A synthetic home may live at another time; the clock runs there too."""
    return datetime.now(UTC) + deployment().ahead
