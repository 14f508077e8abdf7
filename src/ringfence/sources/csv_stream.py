"""The bytes of a CSV file on their way to Arrow: named, checked, and marked at the end."""

from __future__ import annotations

import codecs
import secrets
import threading
from collections.abc import Callable
from typing import Protocol, runtime_checkable

Feed = Callable[[bytes], None]

_SHOWN_TO_GUESS = 4096
_PATIENCE = 0.5
"""Seconds; a thread that waits for nothing takes no notice of the end."""


class Source(Protocol):
    """Where the bytes come from, beginning with the first row."""

    def read(self, size: int, /) -> bytes: ...


@runtime_checkable
class EndsEarly(Source, Protocol):
    """A source that ends where it meets what is not in its encoding."""

    @property
    def bad(self) -> bytes | None: ...


class CheckedStream:
    """What Arrow reads from: checks UTF-8 on the way and puts a mark after the last row.

    A mark that does not come back as a row of its own was swallowed by an open quotation mark.
    At a byte that is not UTF-8 the stream ends, so that the last row read is the faulty one.
    """

    closed = False

    def __init__(self, source: Source, columns: int, feed: Feed, delimiter: str = ",") -> None:
        self._source = source
        self._feed = feed
        self._begun = b""
        self._ready = b""
        self._ended = False
        self._last = b"\n"
        self.mark = secrets.token_hex(16)
        self._mark_row = delimiter.join([self.mark] * columns).encode() + b"\n"
        self.bad_byte: bytes | None = None
        self.has_quotes = False
        self._at_end = threading.Event()

    def read(self, size: int) -> bytes:
        """`size` bytes, fewer only at the end: a short block could hold no end of a row."""
        while len(self._ready) < size and not self._ended:
            read = self._source.read(size)
            self._feed(read)
            self._ready += self._whole_characters(read) if read else self._end()
        given, self._ready = self._ready[:size], self._ready[size:]
        self.has_quotes = self.has_quotes or b'"' in given
        if not given:
            self._at_end.set()
        return given

    def stop(self) -> None:
        """End early, and see a thread of Arrow that reads ahead to its end: one that is still in
        here as the program ends would break it.
        """
        self._ended, self._ready = True, b""
        self._at_end.wait(_PATIENCE)

    def _whole_characters(self, read: bytes) -> bytes:
        read, self._begun = self._begun + read, b""
        self._last = read[-1:]
        if read.isascii():
            return read
        try:
            _, whole = codecs.utf_8_decode(read, "strict", False)
        except UnicodeDecodeError as fault:
            return self._break_off(read, fault.start)
        self._begun = read[whole:]
        return read[:whole]

    def _break_off(self, read: bytes, bad: int) -> bytes:
        self._ended = True
        self.bad_byte = read[bad : bad + _SHOWN_TO_GUESS]
        return read[:bad] + b"?"

    def _end(self) -> bytes:
        if isinstance(self._source, EndsEarly) and self._source.bad is not None:
            self._ended = True
            self.bad_byte = self._source.bad
            return b"?"
        if self._begun:
            return self._break_off(self._begun, 0)
        self._ended = True
        return (b"" if self._last == b"\n" else b"\n") + self._mark_row

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def close(self) -> None:
        self.closed = True
