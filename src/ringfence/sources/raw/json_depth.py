"""How deep JSON is nested, before a parser sees it: parsers pay for depth with memory."""

from __future__ import annotations

import re

import numpy as np

DEEPEST = 64

_ESCAPED = re.compile(rb"\\.", re.DOTALL)
_QUOTE = ord('"')
_STEP = np.zeros(256, np.int8)
_STEP[[ord("["), ord("{")]] = 1
_STEP[[ord("]"), ord("}")]] = -1


class Depth:
    """Counts brackets outside of strings, piece after piece."""

    def __init__(self) -> None:
        self._level = 0
        self._odd = np.uint8(0)
        self._escaped = False

    def after(self, piece: bytes) -> int:
        """The greatest depth within the piece."""
        if self._escaped and piece:
            piece = b"_" + piece[1:]
            self._escaped = False
        if b"\\" in piece:
            trailing = len(piece) - len(piece.rstrip(b"\\"))
            self._escaped = trailing % 2 == 1
            piece = _ESCAPED.sub(b"__", piece)
        if not piece:
            return self._level
        signs = np.frombuffer(piece, np.uint8)
        # Only whether a number of quotes is odd matters: it may wrap around.
        inside = (np.cumsum(signs == _QUOTE, dtype=np.uint8) + self._odd) & 1
        steps = _STEP[signs]
        steps[inside.view(bool)] = 0
        levels = np.cumsum(steps, dtype=np.int32)
        highest = self._level + int(levels.max())
        self._odd = inside[-1]
        self._level += int(levels[-1])
        return highest
