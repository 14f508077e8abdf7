"""Who acts: on the command line of a local home, the account that the machine knows."""

from __future__ import annotations

import os
import pwd


def acting() -> str:
    """Asked of the system, not of the environment, which anybody can set."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return f"uid {os.getuid()}"
