"""Importing a file through a server: sent in parts, taken up where a link was cut, followed.

The file is named by its digest: sent again while it is under way, it is the same import, and once
it is done the lake knows its batch.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, BinaryIO

from ringfence.cli.api import failing
from ringfence.cli.api.asking import Asked, Server, posted, told
from ringfence.cli.api.failing import Conflict
from ringfence.cli.api.reading import number_of, object_of, text_of
from ringfence.errors import (
    DataError,
    NotAllowed,
    NotFound,
    StorageError,
    Text,
    UsageError,
    UserError,
)
from ringfence.lake import ImportReceipt, Receipt
from ringfence.lake.import_receipt import import_receipt_from_json
from ringfence.lake.receipt import receipt_from_json

Progress = Callable[[Text, int, int], None]
"""Told what is done, how far, and of how many bytes."""

_PIECE = 1 << 20
_LARGEST_PART = 8 << 20
_CONFLICTS = 20
_PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0)
_RAW = "application/octet-stream"
_UNDER_WAY = ("waiting", "running")
_ERRORS: dict[int, type[UserError]] = {
    one.exit_code: one for one in (UsageError, DataError, NotFound, NotAllowed, StorageError)
}
_CHECKING = Text("reading the file", "读取文件")
_SENDING = Text("sending", "上传")
_WAITING = Text("waiting for its turn", "排队等待")


@dataclass(frozen=True)
class Wanted:
    """As the command line has it: `table` or `mapping`."""

    table: str | None
    mapping: str | None
    source: str | None
    dry_run: bool


def import_through(
    server: Server, file: str, wanted: Wanted, progress: Progress
) -> tuple[Receipt | ImportReceipt, int]:
    """The receipt, and how many of its subjects wait to be linked."""
    content = {
        "table": wanted.table,
        "mapping": wanted.mapping,
        "source": wanted.source,
        "dry_run": wanted.dry_run,
    }
    found = sent_through(server, file, "/lake/imports", content, progress)
    return _receipt(server, found), number_of(server.address, found, "unlinked_subjects")


def sent_through(
    server: Server, file: str, address: str, content: Mapping[str, Any], progress: Progress
) -> Any:
    """The import once it is done. `content`: what is said of the file where it is begun."""
    with opened_file(file) as opened:
        size, digest = _digest(opened, progress)
        whole = {"file": file_name(file), "size": size, "digest": digest, **content}
        found = told(server, posted(address, whole, secrets.token_hex(16)))
        found = _sent(server, found, opened, size, progress)
    return _followed(server, found, size, progress)


def opened_file(file: str) -> BinaryIO:
    if file == "-" or file.startswith(("postgresql://", "postgres://")):
        raise UsageError(
            "a server is sent a file: write what comes from elsewhere into one first",
            "通过服务器只能导入文件：请先将其他来源的内容写入文件",
        )
    path = Path(file)
    try:
        if path.exists() and not path.is_file():
            raise UsageError(
                f"{path} is no plain file: a server is sent one file",
                f"{path} 不是普通文件：通过服务器只能导入文件",
            )
        return path.open("rb")
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", f"找不到文件 {path}") from None
    except (OSError, ValueError):
        raise DataError(f"{path} cannot be opened", f"无法打开 {path}") from None


def _digest(file: BinaryIO, progress: Progress) -> tuple[int, str]:
    size = file.seek(0, 2)
    file.seek(0)
    digest, read = hashlib.sha256(), 0
    while piece := file.read(_PIECE):
        digest.update(piece)
        read += len(piece)
        progress(_CHECKING, read, size)
    return read, digest.hexdigest()


def file_name(file: str) -> str:
    """For receipts; names from other systems may be no UTF-8."""
    return Path(file).name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _sent(server: Server, found: Any, file: BinaryIO, size: int, progress: Progress) -> Any:
    """From where the server has it on; another sender of the same file may be ahead of us."""
    conflicts = 0
    while text_of(server.address, found, "state") == "receiving":
        at = number_of(server.address, found, "received")
        number = number_of(server.address, found, "id")
        most = min(number_of(server.address, found, "part_bytes"), _LARGEST_PART)
        progress(_SENDING, at, size)
        file.seek(at)
        piece = file.read(most)
        if not piece:
            raise DataError(
                "the file became shorter while it was sent: send it again",
                "文件在上传过程中变短：请重新上传",
            )
        try:
            path = f"/lake/imports/{number}/content?at={at}"
            found = told(server, Asked("PUT", path, piece, _RAW))
        except Conflict:
            conflicts += 1
            if conflicts > _CONFLICTS:
                raise
            found = told(server, Asked("GET", f"/lake/imports/{number}"))
    progress(_SENDING, size, size)
    return found


def _followed(server: Server, found: Any, size: int, progress: Progress) -> Any:
    """Until it is done. Who stops here stops nothing: it goes on, and is there when asked again."""
    tries = 0
    while (state := text_of(server.address, found, "state")) in _UNDER_WAY:
        rows = number_of(server.address, found, "rows")
        text = Text(f"importing: {rows:,} rows", f"导入：{rows:,} 行")
        progress(
            _WAITING if state == "waiting" else text,
            number_of(server.address, found, "read"),
            size,
        )
        Event().wait(_PAUSES[min(tries, len(_PAUSES) - 1)])
        tries += 1
        number = number_of(server.address, found, "id")
        found = told(server, Asked("GET", f"/lake/imports/{number}"))
    if state == "failed":
        fault = object_of(server.address, found, "fault")
        kind = _ERRORS.get(number_of(server.address, fault, "exit_code"), DataError)
        raise kind(_lines(server, fault, "en"), _lines(server, fault, "zh"))
    if state != "done":
        raise failing.no_server(server.address)
    return found


def _lines(server: Server, fault: Any, name: str) -> str:
    words = fault.get(name)
    if not isinstance(words, str):
        raise failing.no_server(server.address)
    return words


def _receipt(server: Server, found: Any) -> Receipt | ImportReceipt:
    content = dict(object_of(server.address, found, "receipt"))
    try:
        if "mapping" in content:
            return import_receipt_from_json(content)
        return receipt_from_json(content)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise failing.no_server(server.address) from None
