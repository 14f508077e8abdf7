"""A town whose home has an audit."""

from tests.server.cases.conftest import home, town

__all__ = ["home", "town"]
