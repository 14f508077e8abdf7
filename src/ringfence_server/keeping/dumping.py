"""The database as a stream, by PostgreSQL's own programs. No value and no password is told."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ringfence.backup.manifest import Writable
from ringfence.errors import NotFound, StorageError
from ringfence_server.running.cluster import binaries

_BLOCK = 1 << 20
_NOT_KEPT = tuple(f"--exclude-table-data={name}" for name in ("django_session", "web_cache"))
"""What ends with a restore anyway."""


def dump(address: str, snapshot: str, to: Writable) -> None:
    """All of the database as the exported snapshot sees it. StorageError: it was not to be had."""
    words = ("--format=custom", "--compress=1", "--no-owner", "--no-privileges", *_NOT_KEPT)
    with _told() as said:
        process = _begin("pg_dump", address, *words, f"--snapshot={snapshot}", said=said)
        assert process.stdout is not None
        try:
            while block := process.stdout.read(_BLOCK):
                to.write(block)
        finally:
            process.stdout.close()
            code = process.wait()
        if code != 0:
            raise _failed("pg_dump", code, said)


def load(address: str, content: Iterable[bytes]) -> None:
    """Into an empty database, in one transaction. StorageError: nothing of it is there then."""
    words = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    with _told() as said:
        process = _begin("pg_restore", address, *words, said=said, reads=True)
        assert process.stdin is not None
        try:
            with suppress(BrokenPipeError), process.stdin as pipe:
                for block in content:
                    pipe.write(block)
        except BaseException:
            process.kill()
            process.wait()
            raise
        code = process.wait()
        if code != 0:
            raise _failed("pg_restore", code, said)


def _begin(
    program: str, address: str, *words: str, said: IO[bytes], reads: bool = False
) -> subprocess.Popen[bytes]:
    folder = binaries()
    if folder is None or not (folder / program).exists():
        raise NotFound(
            f"{program} was not found: apt-get install postgresql",
            f"未找到 {program}：请运行 apt-get install postgresql",
        )
    told = conninfo_to_dict(address)
    password = told.pop("password", None)
    secret = {} if password is None else {"PGPASSWORD": str(password)}
    command = [str(folder / program), *words, "--dbname", make_conninfo("", **told)]
    return subprocess.Popen(  # noqa: S603 - PostgreSQL's own program, with our own words
        command,
        cwd=Path("/"),
        env={**os.environ, "LC_MESSAGES": "C", **secret},
        stdin=subprocess.PIPE if reads else subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if reads else subprocess.PIPE,
        stderr=said,
    )


def _told() -> IO[bytes]:
    return tempfile.TemporaryFile(prefix="ringfence-")


def _failed(program: str, code: int, said: IO[bytes]) -> StorageError:
    """Its words may hold a value of a row: only those about the disk are known to hold none."""
    said.seek(0)
    words = said.read().decode(errors="replace").lower()
    full = "no space left" in words or "disk full" in words
    en, zh = (" (the disk is full)", "（磁盘已满）") if full else ("", "")
    return StorageError(
        f"{program} ended with {code}{en}: nothing was done",
        f"{program} 以 {code} 结束{zh}：未执行任何操作",
    )
