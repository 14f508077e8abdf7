"""Renewing the master key, alone or to shred a cohort, and putting right an older copy.

Order of a renewal: the new key beside the old, the register in one transaction, the new key in
place of the old. Killed in between, the next who opens the vault finishes it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from pathlib import Path

from ringfence.errors import DataError, StorageError
from ringfence.lake.durable import discard
from ringfence.lake.sqlite_file import transaction
from ringfence.vault.master_key import (
    Keeper,
    MasterKey,
    finish_renewal,
    new_master,
    read_master,
    unfinished_beside,
    write_master,
)
from ringfence.vault.register import identity_of, replace_keys, wrapped_keys


def load_master(register: sqlite3.Connection, path: Path) -> MasterKey:
    """The master key of this generation; made where the vault has no key yet."""
    vault, generation = identity_of(register)
    unfinished = unfinished_beside(path)
    renewed = _readable(unfinished, vault)
    if renewed is not None and renewed.generation == generation > 0:
        finish_renewal(path)
        return renewed
    master = read_master(path, vault)
    if master is None:
        return _first_master(register, path, vault)
    if master.generation < generation:
        raise DataError(
            f"{path} is an old copy of the master key (renewal {master.generation} of"
            f" {generation}): put the newest in its place",
            f"{path} 是主密钥的旧副本（第 {master.generation} 代，应为第 {generation} 代）："
            "请换用最新的密钥",
        )
    if master.generation > generation:
        apply_renewal(register, master)
    return master


def _readable(path: Path, vault: str) -> MasterKey | None:
    try:
        return read_master(path, vault)
    except DataError:
        return None


def _first_master(register: sqlite3.Connection, path: Path, vault: str) -> MasterKey:
    if wrapped_keys(register):
        raise StorageError(
            f"the master key of this vault is missing: restore {path} from its copy"
            " (docs/how-to/keys-and-recovery.md); without it nothing can be read",
            f"缺少保险库主密钥：请从副本恢复 {path}"
            "（见 docs/how-to/keys-and-recovery.md）；没有它无法读取任何身份信息",
        )
    with transaction(register):
        found = read_master(path, vault)
        if found is None:
            found = new_master(vault)
            write_master(path, found)
    return found


def apply_renewal(register: sqlite3.Connection, master: MasterKey) -> None:
    """This copy of the register is older than the key: what was shredded since is shredded."""
    with transaction(register):
        keys = wrapped_keys(register)
        gone = {name for name in keys if name not in master.living}
        living = {name: wrapped for name, wrapped in master.living.items() if name in keys}
        replace_keys(register, living, _cohorts_of(gone), master.generation)


def renew_file(register: sqlite3.Connection, path: Path, shredding: Collection[str] = ()) -> None:
    """Make a new master key, wrap every key under it but those to be shredded, drop the old."""
    old = load_master(register, path)
    with transaction(register):
        vault, generation = identity_of(register)
        master = new_master(vault, generation + 1)
        living = _rewrapped(register, old, master, shredding)
        discard(unfinished_beside(path))
        write_master(
            unfinished_beside(path), MasterKey(vault, generation + 1, master.secret, living)
        )
        replace_keys(register, living, _cohorts_of(shredding), generation + 1)
    finish_renewal(path)
    forget_pages(register)


def renew_keeper(
    register: sqlite3.Connection, old: Keeper, new: Keeper, shredding: Collection[str] = ()
) -> None:
    """The same where the master key is kept by another service, whose old key must then go."""
    with transaction(register):
        _, generation = identity_of(register)
        living = _rewrapped(register, old, new, shredding)
        replace_keys(register, living, _cohorts_of(shredding), generation + 1)
    forget_pages(register)


def _rewrapped(
    register: sqlite3.Connection, old: Keeper, new: Keeper, shredding: Collection[str]
) -> dict[str, bytes]:
    return {
        name: new.wrap(old.unwrap(wrapped, name), name)
        for name, wrapped in wrapped_keys(register).items()
        if name not in shredding
    }


def _cohorts_of(names: Collection[str]) -> set[str]:
    return {name.partition("/")[2] or name for name in names}


def forget_pages(register: sqlite3.Connection) -> None:
    """Old pages must not stay in the journal. A reader may hold it: the next shred tries again."""
    register.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
