"""Django's settings of the deployment that the environment names."""

import os

from ringfence.lake import open_home
from ringfence_server.config.settings_of import settings_of
from ringfence_server.deployment.reading import read_deployment

_deployment = read_deployment(os.environ)
globals().update(settings_of(_deployment, open_home(_deployment.home).zone))
