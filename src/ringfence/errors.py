"""What a user can mend, apart from bugs: what is wrong, where, and what would be right.

Messages carry file, row and field, never the value itself: a value may be a person's data.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple


class Text(NamedTuple):
    """One sentence in both languages."""

    en: str
    zh: str

    def to(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class UserError(Exception):
    """Base of all errors that a user can mend. Never raised itself."""

    exit_code: ClassVar[int]

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.text = Text(en, zh)


class UsageError(UserError):
    """The words of the command do not fit together."""

    exit_code = 2


class DataError(UserError):
    """The user's data or protocol is wrong."""

    exit_code = 10


class NotFound(UserError):
    """What was named does not exist, or is not known as of the time asked for."""

    exit_code = 11


class NotAllowed(UserError):
    """Refused by a safety rule."""

    exit_code = 12


class StorageError(UserError):
    """The disk or a stored file is at fault: nothing is acknowledged."""

    exit_code = 13
