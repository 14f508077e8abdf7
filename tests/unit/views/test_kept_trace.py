"""A trace that was kept and brought back shows what the trace itself shows."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from rich.console import Console
from tests.unit.views.samples import forty

from ringfence.trace.result import Trace
from ringfence.trace.views import as_json, table
from ringfence.trace.views.kept import document_in, kept, trace_of


def shown(found: Trace, language: str) -> str:
    text = io.StringIO()
    table.show(found, Console(file=text, width=160), language)
    return text.getvalue()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("digest", ["", "another"])
def test_it_shows_the_same(language: str, digest: str) -> None:
    """Also where this program ships another protocol of that name, or none."""
    found = forty()
    if digest:
        found = replace(found, protocol=replace(found.protocol, digest=digest))
    told = json.loads(json.dumps(kept(found)))
    again = trace_of(told)
    assert shown(again, language) == shown(found, language)
    assert as_json.document(again, language) == as_json.document(found, language)
    assert document_in(told, language) == as_json.document(found, language)
