"""The vault as others see it. Many processes may have it open; one object serves one thread."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType

from ringfence.errors import NotAllowed, NotFound, StorageError, UserError
from ringfence.lake import Home, acknowledged_batches, live_batches
from ringfence.lake.durable import make_folder
from ringfence.lake.sqlite_file import file_faults, is_made
from ringfence.vault import register
from ringfence.vault.cohorts import (
    begin_cohort,
    open_cohort,
    remove_attempt,
    remove_cohort,
    writing_cohort,
)
from ringfence.vault.inspecting import DrillReport, VaultStatus, drill, status
from ringfence.vault.keys import PSEUDONYMS, TOKENS, Keys, cohort_keys
from ringfence.vault.locks import Locks
from ringfence.vault.master_key import Keeper, master_path
from ringfence.vault.model import Told
from ringfence.vault.pseudonyms import pseudonyms
from ringfence.vault.reading import (
    Cohort,
    bearing_any,
    every_statement,
    found_in,
    groups,
    rejects_of,
    statements_of,
    subjects_told_of,
)
from ringfence.vault.renewing import load_master, renew_file, renew_keeper
from ringfence.vault.sealing import seal_of
from ringfence.vault.staging import Staging, Target
from ringfence.vault.tokens import (
    NUMBER,
    Digests,
    NameForms,
    check_findable,
    no_forms,
    number_said,
)
from ringfence.vault.verifying import Verifying, VerifyReport

Live = Collection[str] | None
"""Batches that count; None: those that count in the lake now."""


def has_vault(home: Home) -> bool:
    """Whether any identity was ever taken in."""
    return is_made(register.register_path(home))


_AT_ONCE = 20_000

Acknowledging = Callable[[Home], Collection[str]]
"""Which batches a register has acknowledged."""


def open_vault(
    home: Home,
    *,
    create: bool = False,
    keeper: Keeper | None = None,
    registers: Mapping[str, Acknowledging] | None = None,
) -> Vault:
    """Open the vault of a home. NotFound: there is none, and it is not to be made.

    `keeper`: who holds the master key, where that is not a file. The lake acknowledges batches;
    those named `kind-…` are acknowledged by the register of that kind, and left alone by whoever
    opened the vault without it.
    """
    with file_faults(register.register_path(home)):
        found = register.begin_register(home) if create else register.open_register(home)
        if found is None:
            raise NotFound(
                "this home has no vault yet: no identity was ever imported",
                "本数据目录尚无身份保险库：从未导入过身份信息",
            )
        try:
            make_folder(home.vault / "locks")
            return Vault(home, found, keeper, registers or {})
        except BaseException:
            found.close()
            raise


class Vault:
    """Opened with `open_vault`; close it, or use it in a `with` block, so that its keys go."""

    def __init__(
        self,
        home: Home,
        opened: sqlite3.Connection,
        keeper: Keeper | None,
        registers: Mapping[str, Acknowledging],
    ) -> None:
        self.home = home
        self._registers = registers
        self._locks = Locks(home.vault)
        self._keeper = keeper
        self._register = opened
        self._files: dict[str, sqlite3.Connection] = {}
        self._keys: Keys | None = None
        self.id, self._generation = register.identity_of(self._register)

    @property
    def master_key(self) -> Path | None:
        """Where the master key lies; None where it is not a file."""
        return None if self._keeper is not None else master_path(self.id)

    def close(self) -> None:
        self._forget()
        self._register.close()

    def __enter__(self) -> Vault:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def pseudonyms(self, source: str, kind: str, values: Sequence[str]) -> list[str]:
        """The subject number of each value: `s…`, or `v…` for kind `plate`. Give distinct values:
        the same value gives the same number.
        """
        with self._at_use() as keys:
            return pseudonyms(keys.get_or_make(PSEUDONYMS), source, kind, values)

    @contextmanager
    def stage(
        self, batch: str, source: str, now: datetime, forms: NameForms = no_forms
    ) -> Iterator[Staging]:
        """Open the writing of a batch. Inside: write, `ready`, then let the lake acknowledge.

        What the lake has not acknowledged when the block ends is dropped; after a kill the next
        writer drops it. `forms`: pinyin and initials of a name, for look-ups.
        """
        self.sweep()
        try:
            with (
                self._locks.busy_with(batch),
                writing_cohort(self._register, self._locks, now) as cohort,
                self._staged(batch, source, cohort, forms) as staging,
            ):
                yield staging
        finally:
            with suppress(StorageError):  # the lake has spoken: what is left the next writer sweeps
                self._sweep_batch(batch)

    @contextmanager
    def _staged(self, batch: str, source: str, cohort: str, forms: NameForms) -> Iterator[Staging]:
        path = register.cohort_path(self.home, cohort)
        with self._at_use() as keys:
            data, mask = (keys.get_or_make(name) for name in cohort_keys(cohort))
            digests = Digests(keys.get_or_make(TOKENS))
            number = register.begin_attempt(self._register, batch, source, cohort)
            file = begin_cohort(self.home, cohort)

        def tell_ready(statements: int, rejects: int) -> None:
            with file_faults(register.register_path(self.home)):
                register.make_ready(self._register, number, statements, rejects)

        seals = {
            kind: seal_of(data, cohort, source, batch, kind) for kind in ("statement", "reject")
        }
        with closing(file):
            yield Staging(
                Target(path, file, number, seals["statement"], seals["reject"], digests, mask),
                forms,
                tell_ready,
            )

    def statements(self, subjects: Iterable[str], live: Live = None) -> dict[str, list[Told]]:
        """What is said of each subject, oldest batch first; subjects of whom nothing is said are
        not in it.
        """
        asked = list(dict.fromkeys(subjects))
        told: defaultdict[str, list[Told]] = defaultdict(list)
        with self._at_use() as keys:
            digests = Digests(keys.get_or_make(TOKENS))
            for cohort in self._visible(live):
                for statement in statements_of(cohort, keys, digests, asked):
                    told[statement.subject].append(statement)
        return {subject: told[subject] for subject in asked if subject in told}

    def every(self, live: Live = None) -> Iterator[Told]:
        """All statements that count, in order of receipt, without holding them in memory."""
        with self._at_use() as keys:
            for cohort in self._visible(live):
                yield from every_statement(cohort, keys)

    def batches(self, live: Live = None) -> frozenset[str]:
        """Those of the batches from which anything can be read."""
        with self._at_use():
            return frozenset(a.batch for c in self._visible(live) for a in c.attempts.values())

    def subjects_told_of(self, batches: Collection[str]) -> set[str]:
        """Of whom batches speak; no record is opened."""
        with self._at_use():
            return {one for cohort in self._visible(batches) for one in subjects_told_of(cohort)}

    def find(self, kind: str, text: str, live: Live = None) -> list[str]:
        """Subjects of whom this text was said. Kinds: id_number, phone, name, pinyin, initials,
        last4 (of either number), plate; width, case and spaces do not matter.
        """
        check_findable(kind)
        with self._at_use() as keys:
            digests = Digests(keys.get_or_make(TOKENS))
            found: set[str] = set()
            for cohort in self._visible(live):
                found |= found_in(cohort, keys, digests, kind, text)
        return sorted(found)

    def exact_groups(self, kind: str, live: Live = None) -> list[tuple[str, ...]]:
        """Subjects of whom the same text of a kind was said; found by tokens, nothing is opened."""
        check_findable(kind)
        with self._at_use() as keys:
            return sorted(set(groups(self._visible(live), keys, kind)))

    def groups_of_numbers(self, told: Iterable[Told], live: Live = None) -> list[tuple[str, ...]]:
        """Subjects with one ID number, of those numbers alone that are said here; nothing else is
        looked for.
        """
        found: set[tuple[str, ...]] = set()
        texts = filter(None, (number_said(one.fields) for one in told))
        with self._at_use() as keys:
            digests = Digests(keys.get_or_make(TOKENS))
            cohorts = self._visible(live)
            while some := sorted(set(islice(texts, _AT_ONCE))):
                wanted = digests.of_all(NUMBER, some)
                found.update(bearing_any(cohorts, keys, NUMBER, wanted))
        return sorted(found)

    def rejects(self, batch: str) -> Iterator[tuple[int, str]]:
        """Refused rows of an acknowledged batch as they came: source row and JSON."""
        with self._at_use() as keys:
            for cohort in self._visible({batch} if self._is_acknowledged(batch) else ()):
                for attempt in cohort.attempts.values():
                    yield from rejects_of(cohort, keys, attempt)

    def sweep(self) -> int:
        """Drop what killed or failed imports left. How many attempts went."""
        with file_faults(register.register_path(self.home)):
            batches = register.unsettled_batches(self._register)
        return sum(self._sweep_batch(batch) for batch in batches)

    def _sweep_batch(self, batch: str) -> int:
        """The register is asked under the lock: nobody comes between the answer and the drop."""
        faults = file_faults(register.register_path(self.home))
        with faults, self._locks.alone_with(batch) as alone:
            if not alone:
                return 0
            known = self._is_acknowledged(batch)
            gone = 0
            if known is None:
                return gone
            for attempt in register.attempts(self._register, batch):
                if attempt.state == "ready" and known:
                    register.acknowledge(self._register, attempt.number)
                else:
                    register.drop_attempt(self._register, attempt.number)
                    remove_attempt(self.home, attempt.cohort, attempt.number)
                    register.forget_attempt(self._register, attempt.number)
                    gone += 1
        return gone

    def _is_acknowledged(self, batch: str) -> bool | None:
        """None: a batch of a register that is not at hand."""
        kind, of_another, _ = batch.partition("-")
        if not of_another:
            return batch in acknowledged_batches(self.home)
        register_of = self._registers.get(kind)
        return None if register_of is None else batch in register_of(self.home)

    def rotate(self, keeper: Keeper | None = None) -> None:
        """Renew the master key: a new file, or the new keeper given."""
        self._renew((), keeper)

    def shred(self, cohort: str, keeper: Keeper | None = None) -> None:
        """Destroy the keys of a cohort, and its file; the master key is renewed, so that no older
        copy can be opened with what is left. `pseudonyms`: the key of the subject numbers.
        """
        names = (PSEUDONYMS,) if cohort == PSEUDONYMS else cohort_keys(cohort)
        with (
            file_faults(register.register_path(self.home)),
            self._locks.alone_with(cohort) as alone,
        ):
            if not alone:
                raise NotAllowed(
                    f"an import into cohort {cohort} is at work: try again after it",
                    f"正在向密钥批 {cohort} 导入数据：请稍后再试",
                )
            present = register.wrapped_keys(self._register)
            if names[0] not in present:
                raise self._unknown(cohort, present)
            self._renew(names, keeper)
            remove_cohort(self.home, cohort)

    def _unknown(self, cohort: str, present: Iterable[str]) -> NotFound:
        known = [name.removeprefix("data/") for name in present if name.startswith("data/")]
        there = ", ".join(known) or "–"
        return NotFound(
            f"the vault has no cohort {cohort!r}; there are: {there}",
            f"保险库中没有密钥批 {cohort!r}；现有：{there}",
        )

    def _renew(self, shredding: Collection[str], keeper: Keeper | None) -> None:
        with self._at_use(), self._locks.keys():
            path = self.master_key
            if path is not None:
                renew_file(self._register, path, shredding)
            elif self._keeper is not None:
                renew_keeper(self._register, self._keeper, keeper or self._keeper, shredding)
                self._keeper = keeper or self._keeper
        self._forget()

    def status(self) -> VaultStatus:
        with file_faults(register.register_path(self.home)):
            return status(self.home, self._register, self.master_key)

    def drill(self, key: Path | None = None) -> DrillReport:
        """Try whether a key (a copy of it, or the one in use) opens every cohort."""
        with file_faults(register.register_path(self.home)):
            if key is None:
                with suppress(UserError):  # a renewal that was killed half-way is finished first
                    self._present_keys()
            return drill(self.home, self._register, self._keeper, key or self.master_key)

    def verify(self, forms: NameForms = no_forms, *, repair: bool = False) -> VerifyReport:
        """Open every record of every acknowledged batch, and compare its tokens with it."""
        with self._at_use() as keys:
            work = Verifying(keys, Digests(keys.get_or_make(TOKENS)), forms, repair=repair)
            written = {one.batch for one in register.attempts(self._register) if one.acknowledged}
            for cohort in self._visible(written):
                work.cohort(cohort)
            return work.report()

    @contextmanager
    def _at_use(self) -> Iterator[Keys]:
        """The keys, those of this generation: another process may have renewed them."""
        with file_faults(register.register_path(self.home)):
            yield self._present_keys()

    def _present_keys(self) -> Keys:
        generation = register.identity_of(self._register)[1]
        if self._keys is None or generation != self._generation:
            self._forget()
            self._keys = self._load()
        return self._keys

    def _load(self) -> Keys:
        keeper, path = self._keeper, self.master_key
        if keeper is None and path is not None:
            with self._locks.keys():
                keeper = load_master(self._register, path)
        assert keeper is not None
        for name in register.shredded_names(self._register):
            if register.cohort_path(self.home, name).exists():
                remove_cohort(self.home, name)
        self._generation = register.identity_of(self._register)[1]
        return Keys(self._register, keeper, self._generation)

    def _forget(self) -> None:
        if self._keys is not None:
            self._keys.forget()
        self._keys = None
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _visible(self, live: Live) -> list[Cohort]:
        batches = live_batches(self.home) if live is None else frozenset(live)
        found = register.visible(self._register, batches)
        cohorts = []
        for name in sorted(found):
            if name not in self._files:
                self._files[name] = open_cohort(self.home, name)
            cohorts.append(Cohort(name, self._files[name], found[name]))
        return cohorts
