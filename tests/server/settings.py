"""Django's settings in tests; the database's folder is put in when the private cluster runs."""

from pathlib import Path

from ringfence_server.config.settings_of import settings_of
from ringfence_server.deployment.reading import Deployment

globals().update(
    settings_of(
        Deployment(
            home=Path("/nonexistent/home"),
            database="postgresql:///postgres?host=/nonexistent&user=ringfence",
            secret="a secret of the tests, known to everybody",
            hosts=("testserver", "localhost", "127.0.0.1"),
            https=False,
        ),
        "Asia/Shanghai",
    )
)
