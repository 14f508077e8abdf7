"""A deployment's settings with views and a job of the tests beside its own."""

from ringfence_server.config.settings import *  # noqa: F403
from ringfence_server.config.settings import INSTALLED_APPS  # type: ignore[attr-defined]

ROOT_URLCONF = "tests.server.running.probes"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.server.running"]
