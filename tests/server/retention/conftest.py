"""The small outbreak, traced, with its work."""

from tests.server.hand_overs.conftest import city, listed
from tests.server.tasks.conftest import chief, home, outbreak, run, town, worker

__all__ = ["chief", "city", "home", "listed", "outbreak", "run", "town", "worker"]
