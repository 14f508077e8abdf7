"""Two cases with lists as a trace would write them, without a lake to look into."""

from tests.server.cases.conftest import home, town

__all__ = ["home", "town"]
