"""Passwords that somebody else makes for an account: random, shown once, and good for a week."""

from __future__ import annotations

import secrets
from datetime import timedelta

GOOD_FOR = timedelta(days=7)
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is read as another on paper."""
_GROUPS = 4
_IN_GROUP = 4


def draw() -> str:
    """79 bits, in groups that can be read aloud."""
    return "-".join(
        "".join(secrets.choice(_SIGNS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS)
    )
