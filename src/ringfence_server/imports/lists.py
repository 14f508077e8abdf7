"""A list of persons handed down, as a file on its way: what is said of it, and taking it in."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ringfence.lake import Home
from ringfence.operations.checks import check_keys, check_words
from ringfence.operations.lists import ListForm, check_list, receive
from ringfence.operations.lists.form import read_form_text
from ringfence.sources.delivered import Delivered
from ringfence_server.imports.models import Import

_FORM = "list form"


@dataclass(frozen=True)
class Listed:
    """`form`: its YAML; empty: the canonical columns."""

    agency: str
    basis: str
    case: str
    form: str = ""

    @property
    def key(self) -> str:
        """The same bytes of another agency, or read otherwise, are another list."""
        return hashlib.sha256(json.dumps(vars(self), sort_keys=True).encode()).hexdigest()


def check_listed(listed: Listed) -> None:
    """UserError: nothing of it can be a list."""
    check_keys("agency", "机构", [listed.agency])
    check_words("legal basis", "法律依据", listed.basis)
    _form(listed)


def take_in(home: Home, one: Import, delivered: Delivered, at: datetime) -> dict[str, Any]:
    """The receipt, with the figures of the list once its persons are compared. Done again, it is
    the same list.
    """
    assert one.listed is not None
    listed = Listed(**one.listed)
    by = one.by.username
    done = receive(
        home,
        delivered,
        agency=listed.agency,
        basis=listed.basis,
        case=listed.case,
        form=_form(listed),
        by=by,
        now=at,
    )
    figures = check_list(home, done.list.name, by=by, now=at)
    return {
        **done.list.as_json(),
        "quarantined": figures.refused,
        "replayed": done.replayed,
        "unread": list(done.unread),
        "open_end": done.open_end,
    }


def _form(listed: Listed) -> ListForm | None:
    return read_form_text(listed.form.encode(), _FORM) if listed.form else None
