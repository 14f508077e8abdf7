"""The key of a home's backups: a key of the vault, so that the master key alone opens them.

A backup carries it wrapped. After a renewal of the master key the key file itself carries it, among
all that was living then: older backups open with the newest master key, and with no other.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass

from ringfence.errors import NotFound, StorageError
from ringfence.lake import Home
from ringfence.lake.durable import make_folder
from ringfence.lake.sqlite_file import file_faults
from ringfence.vault.keys import Keys
from ringfence.vault.locks import Locks
from ringfence.vault.master_key import master_path, read_master
from ringfence.vault.register import begin_register, identity_of, register_path, wrapped_key
from ringfence.vault.renewing import load_master

BACKUP = "backup"


@dataclass(frozen=True)
class WrappedKey:
    """What a backup may carry in clear: `generation` of the master key that wrapped it."""

    vault: str
    generation: int
    wrapped: bytes


def backup_key(home: Home) -> tuple[bytes, WrappedKey]:
    """The key, made with the first backup; so are the vault and its master key where none is."""
    with file_faults(register_path(home)), closing(begin_register(home)) as register:
        make_folder(home.vault / "locks")
        with Locks(home.vault).keys():
            vault, _ = identity_of(register)
            master = load_master(register, master_path(vault))
            generation = identity_of(register)[1]
            key = Keys(register, master, generation).get_or_make(BACKUP)
            wrapped = wrapped_key(register, BACKUP)
            assert wrapped is not None
            return key, WrappedKey(vault, generation, wrapped)


def opened_key(told: WrappedKey) -> bytes:
    """NotFound: no master key where it should lie. DataError, StorageError: it is another one."""
    path = master_path(told.vault)
    master = read_master(path, told.vault)
    if master is None:
        raise NotFound(
            f"the master key of this backup is missing: put its copy at {path}",
            f"缺少此备份的主密钥：请将其副本放到 {path}",
        )
    if master.generation < told.generation:
        raise StorageError(
            f"{path} is an old copy of the master key (renewal {master.generation}; the backup was"
            f" made after renewal {told.generation}): put the newest in its place",
            f"{path} 是主密钥的旧副本（第 {master.generation} 代，备份时为第"
            f" {told.generation} 代）："
            "请换用最新的密钥",
        )
    if master.generation == told.generation:
        return master.unwrap(told.wrapped, BACKUP)
    if BACKUP not in master.living:
        raise StorageError(
            "the key of this backup was shredded: nothing opens it any more",
            "此备份的密钥已被销毁：无法再打开",
        )
    return master.unwrap(master.living[BACKUP], BACKUP)
