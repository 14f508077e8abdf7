"""All addresses of the server."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from ringfence_server.access import need_of


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _patterns(one)
        else:
            yield one


ADDRESSES = list(_patterns(get_resolver()))
FOR_PROGRAMS = [one for one in ADDRESSES if (need := need_of(one.callback)) and need.who == "token"]
"""Those of the API: a token opens them, and each method has its own need."""
PAGES = [one for one in ADDRESSES if one not in FOR_PROGRAMS]
