"""The small outbreak, traced, with its work."""

from tests.server.tasks.conftest import chief, home, outbreak, run, town, worker

__all__ = ["chief", "home", "outbreak", "run", "town", "worker"]
