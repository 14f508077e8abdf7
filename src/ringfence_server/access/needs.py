"""What a view needs, written on the view itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ringfence_server.accounts.rights import RIGHTS

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Need:
    """`who`: all, signed_in or right; then `right` is held at some unit. Which rows it is about is
    for the view to ask. `token`: programs only; the view looks at their token, and each of its
    operations names a need of its own.
    """

    who: str
    right: str | None = None


def needs(right: str) -> Callable[[View], View]:
    if right not in RIGHTS:
        raise ValueError(f"no such right: {right}")
    return _marked(Need("right", right))


def signed_in(view: View) -> View:
    """For everybody with an account, whatever their role."""
    return _marked(Need("signed_in"))(view)


def open_to_all(view: View) -> View:
    """Without an account."""
    return _marked(Need("all"))(view)


def for_tokens(view: View) -> View:
    """For a view that lets nobody in without a token, nor to an operation without its need."""
    return _marked(Need("token"))(view)


def need_of(view: object) -> Need | None:
    return getattr(view, "need", None)


def _marked(need: Need) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.need = need  # type: ignore[attr-defined]
        return view

    return mark
