"""Django's settings of the deployment that the environment names."""

import os

from ringfence.lake import open_home
from ringfence_server.config.settings_of import settings_of
from ringfence_server.deployment.reading import check_clock, read_deployment

_deployment = read_deployment(os.environ)
_home = open_home(_deployment.home)
check_clock(_deployment, _home)
globals().update(settings_of(_deployment, _home.zone))
