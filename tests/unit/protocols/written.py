"""A small valid protocol as text, with a place in it for what a test wants to say."""

from __future__ import annotations

from pathlib import Path

from ringfence.protocols.reading import ProtocolFile, read

SMALL = """\
format: 1
id: test-rules
version: 1
title: {en: Test rules, zh: 测试规则}
disease: test
jurisdiction: NZ
valid: [2020-01-01, null]
anchors:
  - {kind: onset, start: -2d, end: {event: isolated}}
rules:
  - id: near
    class: close
    priority: 1
"""


def read_text(text: str) -> ProtocolFile:
    return read(text.encode(), Path("test.yaml"))


def with_line(old: str, new: str) -> str:
    """The small protocol with one line replaced."""
    assert old in SMALL
    return SMALL.replace(old, new)


def with_rule(*lines: str) -> str:
    """The small protocol whose one rule has further fields; they begin at line 14."""
    return SMALL + "".join(f"    {line}\n" for line in lines)


def with_top(*lines: str) -> str:
    """The small protocol with further fields of the file; they begin at line 14."""
    return SMALL + "".join(f"{line}\n" for line in lines)
