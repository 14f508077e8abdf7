"""The sheet of first passwords: a file that only its maker reads, handed out on paper."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ringfence.errors import DataError, StorageError
from ringfence.records.formulas import harmless
from ringfence_server.accounts.making import Made

_HEADER = ("username", "name", "role", "unit", "first_password")


@contextmanager
def new_sheet(path: Path) -> Iterator[int]:
    """Empty, of mode 600, removed again where what follows fails. DataError: there is one."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise DataError(
            f"{path} is there already; name a new file for the first passwords",
            f"{path} 已存在；请为初始密码指定新文件",
        ) from None
    except OSError as fault:
        raise _fault(path, fault) from None
    try:
        yield descriptor
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def write_sheet(descriptor: int, path: Path, made: list[Made]) -> None:
    """Durable on return; before the accounts are, or nobody would know their passwords."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(_HEADER)
    for one in made:
        told = (one.user.username, one.user.name, one.role, one.user.unit_id, one.password)
        rows.writerow([harmless(cell) for cell in told])
    content = memoryview(text.getvalue().encode("utf-8-sig"))
    try:
        while content:
            content = content[os.write(descriptor, content) :]
        os.fsync(descriptor)
    except OSError as fault:
        raise _fault(path, fault) from None


def _fault(path: Path, fault: OSError) -> StorageError:
    reason = os.strerror(fault.errno or 0)
    return StorageError(
        f"{path} cannot be written ({reason}): no account was made",
        f"无法写入 {path}（{reason}）：未创建任何账户",
    )
