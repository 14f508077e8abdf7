"""The keys of a vault while it is open: unwrapped when first needed, let go of at the end."""

from __future__ import annotations

import secrets
import sqlite3

from ringfence.errors import NotFound, StorageError
from ringfence.lake.sqlite_file import transaction
from ringfence.vault.master_key import KEY_BYTES, Keeper
from ringfence.vault.register import add_key, identity_of, wrapped_key

PSEUDONYMS = "pseudonyms"
TOKENS = "tokens"


def data_key(cohort: str) -> str:
    return f"data/{cohort}"


def mask_key(cohort: str) -> str:
    return f"mask/{cohort}"


def cohort_keys(cohort: str) -> tuple[str, str]:
    """What a shred destroys: with these gone nothing of the cohort can be read or recognised."""
    return data_key(cohort), mask_key(cohort)


class Keys:
    """By name. Python cannot wipe memory: `forget` drops the only references to it."""

    def __init__(self, register: sqlite3.Connection, keeper: Keeper, generation: int) -> None:
        self._register = register
        self._keeper = keeper
        self._generation = generation
        self._open: dict[str, bytes] = {}

    def get(self, name: str) -> bytes:
        """NotFound: the key was shredded, or never made."""
        if name not in self._open:
            wrapped = wrapped_key(self._register, name)
            if wrapped is None:
                raise NotFound(
                    f"the vault has no key {name}: it was shredded",
                    f"保险库中没有密钥 {name}：已被销毁",
                )
            self._check_generation()
            self._open[name] = self._keeper.unwrap(wrapped, name)
        return self._open[name]

    def get_or_make(self, name: str) -> bytes:
        if name not in self._open and wrapped_key(self._register, name) is None:
            with transaction(self._register):
                self._check_generation()
                made = self._keeper.wrap(secrets.token_bytes(KEY_BYTES), name)
                add_key(self._register, name, made)
        return self.get(name)

    def _check_generation(self) -> None:
        if identity_of(self._register)[1] != self._generation:
            raise StorageError(
                "the master key was renewed in the meantime: nothing was done; try again",
                "主密钥刚刚更换：未执行任何操作；请重试",
            )

    def forget(self) -> None:
        self._open.clear()
