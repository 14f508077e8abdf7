"""The folder of the backups: sealed objects, each of one content, and manifests that name them.

A backup is there once its manifest has its name; before that its objects belong to nobody, and the
next backup sweeps them. An object is never written again: what did not change since is not copied.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from ringfence.backup import manifest as manifests
from ringfence.backup.chunks import Sealing, opened
from ringfence.backup.manifest import Manifest, Part, Source
from ringfence.errors import NotFound, StorageError, UsageError
from ringfence.lake.durable import (
    discard,
    locked,
    make_folder,
    move_durably,
    storage_faults,
    sync_folder,
)
from ringfence.vault import WrappedKey, opened_key

END = ".backup"
_OBJECT = "object"
_MANIFEST = "manifest"


@dataclass(frozen=True)
class Shelf:
    """The folder, and the key under which one home's backups lie in it."""

    folder: Path
    key: bytes
    wrapped: WrappedKey

    @cached_property
    def _names_key(self) -> bytes:
        return hmac.digest(self.key, b"ringfence backup names", hashlib.sha256)

    def object_of(self, sha256: str) -> str:
        """The name of the object of a content: the same each time, and telling nothing."""
        return hmac.digest(self._names_key, bytes.fromhex(sha256), hashlib.sha256).hex()[:40]

    def path_of(self, name: str) -> Path:
        return self.folder / "objects" / name[:2] / name

    def has(self, name: str) -> bool:
        return self.path_of(name).is_file()

    def put(self, source: Source, name: str | None = None) -> Part:
        """Seal what a source writes, durable on return. `name`: where its content is known."""
        place = name or secrets.token_hex(20)
        unfinished = self.folder / "unfinished" / place
        make_folder(unfinished.parent)
        with storage_faults(unfinished):
            with unfinished.open("wb") as file:
                sealing = Sealing(file, self.key, _OBJECT)
                source.content(sealing)
                digest = sealing.end()
                file.flush()
                os.fsync(file.fileno())
            if name is not None and self.object_of(digest) != name:
                raise StorageError(
                    f"{source.path} is not as it was acknowledged: run `ringfence lake verify`",
                    f"{source.path} 与确认时不一致：请运行 `ringfence lake verify`",
                )
            move_durably(unfinished, self.path_of(place))
        return Part(source.path, place, sealing.size, digest)

    def read(self, part: Part) -> Iterator[bytes]:
        """StorageError: missing, changed or cut short; it names the file."""
        path, digest = self.path_of(part.object), hashlib.sha256()
        name = f"objects/{part.object[:2]}/{part.object} ({part.path})"
        if not path.is_file():
            raise StorageError(f"{name} of the backup is missing", f"备份缺少文件 {name}")
        with storage_faults(path), path.open("rb") as file:
            for content in opened(file, self.key, _OBJECT, name):
                digest.update(content)
                yield content
        if digest.hexdigest() != part.sha256:
            raise StorageError(
                f"{name} of the backup holds something else than it should",
                f"备份文件 {name} 的内容不符",
            )

    def acknowledge(self, made: Manifest) -> Path:
        """From now on it is a backup."""
        path = self.folder / f"{made.name}{END}"
        unfinished = self.folder / "unfinished" / made.name
        make_folder(unfinished.parent)
        with storage_faults(unfinished):
            with unfinished.open("wb") as file:
                file.write(manifests.head_of(self.wrapped))
                sealing = Sealing(file, self.key, _MANIFEST)
                sealing.write(manifests.written(made))
                sealing.end()
                file.flush()
                os.fsync(file.fileno())
            move_durably(unfinished, path)
        return path

    def manifest(self, path: Path) -> Manifest:
        """StorageError, DataError: it was changed, cut short, or is another key's."""
        with storage_faults(path), path.open("rb") as file:
            manifests.read_head(file, path.name)
            content = b"".join(opened(file, self.key, _MANIFEST, path.name))
        found = manifests.read(content)
        if f"{found.name}{END}" != path.name:
            raise StorageError(
                f"{path.name} was renamed: it is {found.name}{END}",
                f"{path.name} 已被改名：原名 {found.name}{END}",
            )
        return found

    def keep(self, most: int | None) -> int:
        """Drop all but the newest, and what no backup holds; how many backups went. Where one
        cannot be read nothing is dropped: it may need what seems to be nobody's.
        """
        paths = listed(self.folder)
        gone = [] if most is None else paths[: max(len(paths) - most, 0)]
        needed = {
            part.object for path in paths if path not in gone for part in self.manifest(path).parts
        }
        for path in gone:
            path.unlink()
        sync_folder(self.folder)
        discard(self.folder / "unfinished")
        for path in (self.folder / "objects").glob("*/*"):
            if path.name not in needed:
                discard(path)
        return len(gone)


def new_name(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def listed(folder: Path) -> list[Path]:
    """Manifests by name, and so by age."""
    return sorted(folder.glob(f"*{END}"))


def chosen(folder: Path, name: str | None) -> Path:
    """The newest, or the one that is named. NotFound: there is none; those that are, are named."""
    paths = listed(folder)
    names: Iterable[str] = (path.name.removesuffix(END) for path in paths)
    if not paths:
        raise NotFound(f"there is no backup in {folder}", f"{folder} 中没有备份")
    if name is None:
        return paths[-1]
    for path in paths:
        if path.name.removesuffix(END) == name.removesuffix(END):
            return path
    raise NotFound(
        f"there is no backup {name}; there are: {', '.join(names)}",
        f"没有备份 {name}；现有：{'、'.join(names)}",
    )


def open_shelf(folder: Path, name: str | None = None) -> tuple[Shelf, Path]:
    """To be read, on whatever machine: the master key alone is needed. The manifest's path too."""
    path = chosen(folder, name)
    with storage_faults(path), path.open("rb") as file:
        told = manifests.read_head(file, path.name)
    return Shelf(folder, opened_key(told), told), path


@contextmanager
def writing(folder: Path, key: bytes, wrapped: WrappedKey) -> Iterator[Shelf]:
    """Alone in the folder."""
    with storage_faults(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(folder / "writing.lock", wait=False) as alone:
        if not alone:
            raise StorageError(
                f"another backup into {folder} is at work", f"{folder} 正在进行另一次备份"
            )
        for path in listed(folder)[-1:]:
            _refuse_of_another(path, wrapped)
        yield Shelf(folder, key, wrapped)


def _refuse_of_another(path: Path, wrapped: WrappedKey) -> None:
    with storage_faults(path), path.open("rb") as file:
        told = manifests.read_head(file, path.name)
    if told.vault != wrapped.vault:
        raise UsageError(
            f"{path.parent} holds backups of another home: each home has a folder of its own",
            f"{path.parent} 中是另一数据目录的备份：每个数据目录应使用单独的文件夹",
        )
