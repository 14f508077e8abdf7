"""What the views here do alike: what an action refused stands beside its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.forms import Form

from ringfence.errors import DataError, NotAllowed, NotFound, Text
from ringfence_server.accounts.wording import said_text

Done = TypeVar("Done")


def tried(form: Form, act: Callable[[], Done]) -> Done | None:
    """None: it was refused, and the form says why."""
    if not form.is_valid():
        return None
    try:
        return act()
    except (DataError, NotAllowed, NotFound) as error:
        form.add_error(None, str(said_text(error.text)))
        return None


def in_words(text: Text) -> str:
    return str(said_text(text))
