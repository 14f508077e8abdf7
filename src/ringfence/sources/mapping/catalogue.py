"""Which mappings there are: those of this release, and a home's own in HOME/mappings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import ringfence
from ringfence.errors import DataError, NotFound, StorageError, UserError
from ringfence.protocols.faults import offered
from ringfence.sources.mapping.model import Channel
from ringfence.sources.mapping.reading import MappingError, read_mapping, refuse_other_name

FILE = "mapping.yaml"
_VERSION = re.compile(r"v([1-9][0-9]{0,3})")


@dataclass(frozen=True)
class Entry:
    """A mapping by its name and version; its file is read only when it is used."""

    name: str
    version: int
    file: Path

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"

    @property
    def folder(self) -> Path:
        return self.file.parent

    def read(self) -> Channel:
        channel = _read(self.file)
        refuse_other_name(channel, self.name, self.version, self.file)
        return channel


@dataclass(frozen=True)
class Listed:
    """A mapping as it is read, or why it cannot be."""

    entry: Entry
    channel: Channel | None
    fault: UserError | None = None


def _read(file: Path) -> Channel:
    """Every mapping's file has the same name: messages tell its path."""
    try:
        return read_mapping(file)
    except MappingError as error:
        raise MappingError(str(file), error.faults) from None


def shipped_folder() -> Path:
    """The mappings of this release: inside the installed package, or in the checkout."""
    package = Path(ringfence.__file__).resolve().parent
    places = (package / "shipped" / "mappings", package.parents[1] / "mappings")
    for place in places:
        if place.is_dir():
            return place
    raise StorageError(
        "the mappings that come with ringfence are missing; install it again",
        "缺少随软件提供的映射；请重新安装",
    )


def own_folder(home: Path) -> Path:
    return home / "mappings"


def entries(home: Path | None) -> tuple[Entry, ...]:
    """All mappings by name and version. A home cannot put its own in place of a shipped one."""
    found, replacing = _found(home)
    if replacing:
        raise _comes_already(replacing[0])
    return found


def listed(home: Path | None) -> tuple[Listed, ...]:
    """As `entries`; one that cannot be used hides no other."""
    found, replacing = _found(home)
    told = [*map(_listed, found), *(Listed(e, None, _comes_already(e)) for e in replacing)]
    return tuple(sorted(told, key=lambda one: (one.entry.name, one.entry.version)))


def _listed(entry: Entry) -> Listed:
    try:
        return Listed(entry, entry.read())
    except UserError as fault:
        return Listed(entry, None, fault)


def _found(home: Path | None) -> tuple[tuple[Entry, ...], list[Entry]]:
    """Mappings that may be used, and those of the home that would stand for a shipped one."""
    found = {(e.name, e.version): e for e in _entries(shipped_folder())}
    replacing = []
    for entry in _entries(own_folder(home)) if home is not None else ():
        shipped = found.get((entry.name, entry.version))
        if shipped is not None and _bytes(shipped.file) != _bytes(entry.file):
            replacing.append(entry)
        found.setdefault((entry.name, entry.version), entry)
    return tuple(found[key] for key in sorted(found)), replacing


def _comes_already(entry: Entry) -> DataError:
    return DataError(
        f"{entry.file}: {entry.label} comes with ringfence already; "
        "give yours another version or name",
        f"{entry.file}：{entry.label} 已随软件提供；请改用其他版本号或名称",
    )


def _entries(folder: Path) -> list[Entry]:
    found = []
    for file in sorted(folder.glob(f"*/*/{FILE}")):
        version = _VERSION.fullmatch(file.parent.name)
        if version is not None:
            found.append(Entry(file.parent.parent.name, int(version[1]), file))
    return found


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def named(name: str, home: Path | None) -> Entry:
    """The mapping NAME (its latest version) or NAME@VERSION, or the one in a file or folder."""
    if "/" in name or name.endswith((".yaml", ".yml")):
        return _at(Path(name))
    known = entries(home)
    wanted, at, version = name.partition("@")
    of_name = [entry for entry in known if entry.name == wanted]
    chosen = [e for e in of_name if not at or str(e.version) == version.removeprefix("v")]
    if chosen:
        return max(chosen, key=lambda entry: entry.version)
    if of_name:
        _refuse_version(wanted, of_name)
    exist = offered(wanted, sorted({entry.name for entry in known}))
    raise NotFound(
        f"there is no mapping of that name; there are: {exist.en}",
        f"没有该名称的映射；现有：{exist.zh}",
    )


def _refuse_version(name: str, of_name: Sequence[Entry]) -> None:
    versions = ", ".join(entry.label for entry in of_name)
    raise NotFound(
        f"the mapping {name} has no such version; there are: {versions}",
        f"映射 {name} 没有这个版本；现有：{versions}",
    )


def _at(path: Path) -> Entry:
    """A mapping outside the usual places; its name and version are what the file says."""
    file = path / FILE if path.is_dir() else path
    channel = _read(file)
    return Entry(channel.name, channel.version, file)
