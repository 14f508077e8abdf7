"""Pages that the navigation leads to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.urls import resolve, reverse

from ringfence.errors import Text
from ringfence_server.access import Acting, need_of
from ringfence_server.shell.parts import said

_FIRST = "inbox"


@dataclass(frozen=True)
class Page:
    """`name`: of its address. `sign`: of its picture in static/signs.svg, shown on a phone.
    `about`: what it is for, in a few words.
    """

    name: str
    text: Text
    sign: str
    about: Text

    @property
    def url(self) -> str:
        return reverse(self.name)

    @property
    def right(self) -> str | None:
        """As its view says: no second list of rights could ever differ."""
        need = need_of(resolve(self.url).func)
        if need is None:
            raise ValueError(f"the page {self.name} names no need")
        return need.right


@cache
def _pages() -> tuple[Page, ...]:
    """The inbox first, then as the parts stand."""
    pages: tuple[Page, ...] = said("PAGES")
    return tuple(sorted(pages, key=lambda page: page.name != _FIRST))


def pages_for(acting: Acting) -> list[Page]:
    """Those that open for this account."""
    return [page for page in _pages() if page.right is None or acting.may(page.right)]
