"""The protocols of a chapter: what a block leaves out is filled in with a plain header."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ringfence.protocols.catalogue import named
from ringfence.protocols.model import Protocol
from ringfence.protocols.reading import read

from .chapters import Case

_HEADER: dict[str, Any] = {
    "format": 1,
    "id": "spec",
    "version": 1,
    "title": {"en": "Protocol of a specification", "zh": "规范用方案"},
    "disease": "covid-19",
    "jurisdiction": "CN",
    "valid": ["2022-01-01", None],
    "source": {"issuer": "the manual", "number": "1", "date": "2022-01-01"},
}


def protocols_of(case: Case) -> tuple[Protocol, ...]:
    own = [_read(text) for text in case.protocols]
    return (*own, *(_shipped(name) for name in case.shipped))


@cache
def _read(text: str) -> Protocol:
    content = {**_HEADER, **yaml.safe_load(text)}
    for rule in content["rules"]:
        rule.setdefault("priority", 1)
    full = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
    return read(full.encode(), Path("protocol of the case")).protocol


@cache
def _shipped(name: str) -> Protocol:
    return named(name).protocol
