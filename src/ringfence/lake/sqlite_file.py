"""An SQLite database beside the catalog: opened by many processes, its faults told by its name."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ringfence.errors import DataError, StorageError
from ringfence.lake.durable import make_folder, storage_faults, sync_folder

BUSY_SECONDS = 600
"""One writer at a time: another waits while a large import writes."""


@contextmanager
def file_faults(path: Path) -> Iterator[None]:
    """Faults as a StorageError that names the database; never a value that was to be stored."""
    try:
        with storage_faults(path):
            yield
    except StorageError as error:
        cause = error.__cause__
        if isinstance(cause, sqlite3.Error) and "readonly" in str(cause):
            raise StorageError(
                f"{path} cannot be written: the disk is full or may only be read, or too many"
                " files are open; nothing was acknowledged",
                f"{path} 无法写入：磁盘已满或为只读，或打开的文件过多；未确认任何数据",
            ) from cause
        if isinstance(cause, sqlite3.Error) and "full" not in error.text.en:
            raise StorageError(
                f"{path} cannot be used: it is damaged, or another program holds it",
                f"{path} 无法使用：文件已损坏，或正被其他程序占用",
            ) from cause
        raise


def create_file(path: Path, version: int, statements: Sequence[str]) -> None:
    """Make the tables; two who begin at once make the same, and killed half-way the next does."""
    with file_faults(path):
        make_folder(path.parent)
        path.parent.chmod(0o700)
        with closing(sqlite3.connect(path, isolation_level=None, timeout=BUSY_SECONDS)) as made:
            path.chmod(0o600)
            made.execute("PRAGMA journal_mode = WAL")
            made.execute("PRAGMA synchronous = FULL")
            made.execute("BEGIN IMMEDIATE")
            for statement in statements:
                made.execute(statement)
            if not format_of(made):
                made.execute(f"PRAGMA user_version = {version}")
            made.execute("COMMIT")
        sync_folder(path.parent)


def is_made(path: Path) -> bool:
    """Whether its tables are there: a process killed while it made them leaves a file without."""
    if not path.is_file():
        return False
    with file_faults(path), closing(open_file(path)) as connection:
        return format_of(connection) != 0


def opened(path: Path, version: int) -> sqlite3.Connection | None:
    """The database, of this format; None where its tables were never made (see `is_made`)."""
    if not path.is_file():
        return None
    with file_faults(path):
        connection = open_file(path)
        try:
            if format_of(connection):
                check_format(connection, path, version)
                return connection
        except BaseException:
            connection.close()
            raise
        connection.close()
    return None


def open_file(path: Path, patience: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Where the disk is full SQLite cannot make its shared memory: read the file as it stands."""
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=patience
    )
    try:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        connection.close()
        journal = path.with_name(path.name + "-wal")
        if journal.exists() and journal.stat().st_size:
            raise
        return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    return connection


def check_format(connection: sqlite3.Connection, path: Path, version: int) -> None:
    found = format_of(connection)
    if found != version:
        raise DataError(
            f"{path} has format {found}; this program reads format {version}",
            f"{path} 的格式版本为 {found}；本程序只支持版本 {version}",
        )


def format_of(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@dataclass(frozen=True)
class Store:
    """A database of rows that are added, never changed. `prepare`: what a connection is set to."""

    version: int
    statements: Sequence[str]
    prepare: Callable[[sqlite3.Connection], None] = lambda _: None

    @contextmanager
    def reading(self, path: Path) -> Iterator[sqlite3.Connection | None]:
        """One consistent view; None where nothing was ever written."""
        connection = self.opened(path)
        if connection is None:
            yield None
            return
        with file_faults(path), closing(connection):
            connection.execute("BEGIN")
            yield connection

    @contextmanager
    def writing(self, path: Path) -> Iterator[sqlite3.Connection]:
        """One transaction, durable on return; nothing of it holds when anything fails."""
        with (
            file_faults(path),
            closing(self.made(path)) as connection,
            transaction(connection),
        ):
            yield connection

    def opened(self, path: Path) -> sqlite3.Connection | None:
        """Opened once, for whoever closes it; None where nothing was ever written."""
        connection = opened(path, self.version)
        if connection is not None:
            self.prepare(connection)
        return connection

    def made(self, path: Path) -> sqlite3.Connection:
        """The same, its tables made first where they are not there."""
        connection = self.opened(path)
        if connection is None:
            create_file(path, self.version, self.statements)
            connection = self.opened(path)
            assert connection is not None
        return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """One transaction; nothing of it holds when anything fails."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
