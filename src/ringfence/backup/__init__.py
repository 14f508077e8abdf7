"""Backups of a home, sealed under a key that is not in them, and what is made of one again."""

from ringfence.backup.checking import BackupCheck, check
from ringfence.backup.manifest import Manifest, Part, Source
from ringfence.backup.restoring import Restored, building, restore, unpack
from ringfence.backup.shelf import Shelf, open_shelf
from ringfence.backup.taking import Beside, Taken, alone, take

__all__ = [
    "BackupCheck",
    "Beside",
    "Manifest",
    "Part",
    "Restored",
    "Shelf",
    "Source",
    "Taken",
    "alone",
    "building",
    "check",
    "open_shelf",
    "restore",
    "take",
    "unpack",
]
