"""A backup is made into a home again: the same rows, the same persons, or a clear refusal."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.integration.backup.homes import DAY, NAME, NOW, rows, settled, stays

from ringfence import audit, lake
from ringfence.backup import Beside, Manifest, check, open_shelf, restore, take
from ringfence.backup.chunks import CHUNK
from ringfence.backup.shelf import listed
from ringfence.errors import DataError, NotFound, StorageError, UsageError, UserError
from ringfence.lake import Home, open_home
from ringfence.operations.batches import reinstate, withdraw
from ringfence.operations.purging import purge_home
from ringfence.vault import open_vault
from ringfence.vault.master_key import master_path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return settled(tmp_path)


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def brought_back(kept: Path, to: Path) -> Home:
    restore(kept, to, by="root", now=NOW)
    return open_home(to)


def name_of(home: Home, subject: str = "a1") -> list[str]:
    with open_vault(home) as vault:
        return [
            told.fields["name"]
            for one in vault.find("name", NAME)
            for told in vault.statements([one])[one]
            if "name" in told.fields
        ]


def test_it_is_the_same_home_again(home: Home, kept: Path, tmp_path: Path) -> None:
    lake.compact(home)
    taken = take(home, kept, by="root", now=NOW)
    assert check(kept).ok
    again = brought_back(kept, tmp_path / "again")
    assert rows(again) == rows(home) == 2
    assert name_of(again) == [NAME]
    assert lake.verify(again).ok
    assert (again.protocols / "note.txt").read_text(encoding="utf-8") == "kept"
    assert (again.layouts / "own.yaml").read_text(encoding="utf-8") == "kept"
    assert [one.act for one in audit.entries(again)][-1] == "home.restored"
    assert audit.verify(again).ok
    assert taken.manifest.facts["sequence"] == lake.status(home).sequence
    batch = stays(again, tmp_path, 2)
    assert rows(again) == 4
    assert batch in lake.acknowledged_batches(again)


def test_a_home_without_persons(tmp_path: Path, kept: Path) -> None:
    home = settled(tmp_path, persons=False)
    take(home, kept, by="root", now=NOW)
    assert rows(brought_back(kept, tmp_path / "again")) == 2


def test_nothing_of_it_can_be_read(home: Home, kept: Path) -> None:
    take(home, kept, by="root", now=NOW)
    for path in kept.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for text in (NAME.encode(), b"cafe", b"SQLite format", b"PAR1", b"officer"):
                assert text not in content
            assert "presence" not in path.name
    key = master_path(open_shelf(kept)[0].wrapped.vault).read_text(encoding="ascii")
    secret = next(line.split('"')[3] for line in key.splitlines() if '"secret"' in line)
    everything = b"".join(path.read_bytes() for path in kept.rglob("*") if path.is_file())
    assert bytes.fromhex(secret) not in everything
    assert secret.encode() not in everything


def test_what_did_not_change_is_not_copied_again(home: Home, kept: Path, tmp_path: Path) -> None:
    first = take(home, kept, by="root", now=NOW)
    stays(home, tmp_path, 2)
    second = take(home, kept, by="root", now=NOW + DAY)
    parts = {part.path: part for part in first.manifest.parts}
    same = [p for p in second.manifest.parts if p.path.startswith("home/deliveries/")]
    assert len(same) == 3
    assert [p.path for p in same if parts.get(p.path) == p] != []
    assert second.copied == second.manifest.bytes - sum(p.bytes for p in same if p.path in parts)
    assert rows(brought_back(kept, tmp_path / "again")) == 4


def test_older_backups_are_dropped_with_what_only_they_held(home: Home, kept: Path) -> None:
    for day in range(4):
        take(home, kept, by="root", now=NOW + day * DAY, keep=2)
    assert len(listed(kept)) == 2
    shelf, _ = open_shelf(kept)
    needed = {part.object for path in listed(kept) for part in shelf.manifest(path).parts}
    assert {path.name for path in (kept / "objects").glob("*/*")} == needed
    assert check(kept).ok


def test_a_folder_that_is_not_empty_is_refused(home: Home, kept: Path, tmp_path: Path) -> None:
    take(home, kept, by="root", now=NOW)
    with pytest.raises(UsageError, match="not empty"):
        restore(kept, home.root, by="root", now=NOW)
    assert rows(home) == 2


def test_an_older_one_by_its_name(home: Home, kept: Path, tmp_path: Path) -> None:
    first = take(home, kept, by="root", now=NOW)
    stays(home, tmp_path, 2)
    take(home, kept, by="root", now=NOW + DAY)
    restore(kept, tmp_path / "old", name=first.manifest.name, by="root", now=NOW)
    assert rows(open_home(tmp_path / "old")) == 2
    with pytest.raises(NotFound, match=first.manifest.name):
        restore(kept, tmp_path / "none", name="20000101", by="root", now=NOW)


def part_of(kept: Path, beginning: str) -> tuple[Path, str]:
    shelf, path = open_shelf(kept)
    part = next(p for p in shelf.manifest(path).parts if p.path.startswith(beginning))
    return shelf.path_of(part.object), part.path


def faulty(kept: Path, to: Path, named: str) -> None:
    found = check(kept)
    assert not found.ok
    assert any(named in fault.en and named in fault.zh for fault in found.faults)
    with pytest.raises(StorageError, match=named):
        restore(kept, to, by="root", now=NOW)
    assert not to.exists()
    assert list(to.parent.glob(f"{to.name}*")) == []


@pytest.mark.parametrize(
    "part", ["home/deliveries/presence", "home/catalog.sqlite", "home/vault", "home/audit"]
)
def test_a_flipped_bit_is_found_and_named(
    home: Home, kept: Path, tmp_path: Path, part: str
) -> None:
    take(home, kept, by="root", now=NOW)
    path, name = part_of(kept, part)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    faulty(kept, tmp_path / "again", name)


@pytest.mark.parametrize("left", [0, 40, -1, -16])
def test_a_file_that_is_cut_short(home: Home, kept: Path, tmp_path: Path, left: int) -> None:
    take(home, kept, by="root", now=NOW)
    path, name = part_of(kept, "home/vault")
    path.write_bytes(path.read_bytes()[:left])
    faulty(kept, tmp_path / "again", name)


def test_a_file_that_is_missing_or_swapped(home: Home, kept: Path, tmp_path: Path) -> None:
    take(home, kept, by="root", now=NOW)
    first, name = part_of(kept, "home/catalog.sqlite")
    second, _ = part_of(kept, "home/vault")
    before = first.read_bytes()
    first.write_bytes(second.read_bytes())
    faulty(kept, tmp_path / "again", name)
    first.unlink()
    faulty(kept, tmp_path / "again", name)
    first.write_bytes(before)
    assert check(kept).ok


def test_chunks_that_change_places(home: Home, kept: Path, tmp_path: Path) -> None:
    (home.protocols / "long.bin").write_bytes(bytes(range(256)) * 4096 * 3)
    take(home, kept, by="root", now=NOW)
    path, name = part_of(kept, "home/protocols/long.bin")
    content, head = path.read_bytes(), 51
    one, two = head + CHUNK + 16, head + 2 * (CHUNK + 16)
    path.write_bytes(content[:head] + content[one:two] + content[head:one] + content[two:])
    faulty(kept, tmp_path / "again", name)
    path.write_bytes(content[:two])
    faulty(kept, tmp_path / "again", name)
    path.write_bytes(content)
    assert brought_back(kept, tmp_path / "again")


def test_a_manifest_that_is_cut_short_or_another_ones(
    home: Home, kept: Path, tmp_path: Path
) -> None:
    taken = take(home, kept, by="root", now=NOW)
    content = taken.path.read_bytes()
    for changed in (content[:10], content[:-3], content[:-20] + b"x" + content[-19:]):
        taken.path.write_bytes(changed)
        with pytest.raises(UserError, match=taken.manifest.name):
            check(kept)
    renamed = kept / "20300101T000000Z-aaaaaa.backup"
    renamed.write_bytes(content)
    with pytest.raises(StorageError, match="renamed"):
        check(kept)


@contextmanager
def key_away(kept: Path, put: bytes | None) -> Iterator[Path]:
    path = master_path(open_shelf(kept)[0].wrapped.vault)
    before = path.read_bytes()
    try:
        path.unlink() if put is None else path.write_bytes(put)
        yield path
    finally:
        path.write_bytes(before)
        path.chmod(0o600)


def test_without_the_master_key_it_says_where_that_belongs(
    home: Home, kept: Path, tmp_path: Path
) -> None:
    take(home, kept, by="root", now=NOW)
    with key_away(kept, None) as path, pytest.raises(NotFound, match=str(path)):
        restore(kept, tmp_path / "again", by="root", now=NOW)
    (tmp_path / "other").mkdir()
    other = settled(tmp_path / "other")
    take(other, tmp_path / "others", by="root", now=NOW)
    own = master_path(open_shelf(tmp_path / "others")[0].wrapped.vault).read_bytes()
    with key_away(kept, own), pytest.raises(DataError, match="another vault"):
        restore(kept, tmp_path / "again", by="root", now=NOW)
    assert not (tmp_path / "again").exists()
    with pytest.raises(UsageError, match="another home"):
        take(other, kept, by="root", now=NOW)


def test_a_renewed_master_key_opens_it_and_the_old_one_is_told_apart(
    home: Home, kept: Path, tmp_path: Path
) -> None:
    take(home, kept, by="root", now=NOW)
    old = master_path(open_shelf(kept)[0].wrapped.vault).read_bytes()
    with open_vault(home) as vault:
        vault.rotate()
    assert name_of(brought_back(kept, tmp_path / "again")) == [NAME]
    take(home, kept, by="root", now=NOW + DAY)
    with key_away(kept, old), pytest.raises(StorageError, match="old copy"):
        restore(kept, tmp_path / "older", by="root", now=NOW)


def test_what_was_taken_back_since_is_taken_back_again(
    home: Home, kept: Path, tmp_path: Path
) -> None:
    came_back = stays(home, tmp_path, 2)
    gone = stays(home, tmp_path, 3)
    take(home, kept, by="root", now=NOW)
    assert rows(home) == 6
    withdraw(home, gone, reason="wrong file", by="officer", now=NOW)
    withdraw(home, came_back, reason="wrong file", by="officer", now=NOW)
    reinstate(home, came_back, reason="it was right", by="officer", now=NOW)
    later = stays(home, tmp_path, 4)
    withdraw(home, later, reason="wrong file", by="officer", now=NOW)
    with pytest.raises(DataError):
        withdraw(home, gone, reason="a second time", by="officer", now=NOW)
    done = restore(kept, tmp_path / "again", by="root", now=NOW)
    assert [(one.about, one.done) for one in done.again] == [(gone, True), (later, False)]
    again = open_home(tmp_path / "again")
    assert rows(again) == 4
    assert done.lost > 0


def test_what_was_purged_and_shredded_since_is_gone_again(
    home: Home, kept: Path, tmp_path: Path
) -> None:
    take(home, kept, by="root", now=NOW)
    at = NOW + 40 * DAY
    purge_home(home, protocols=[], by="officer", now=at)
    assert rows(home) == 0
    with open_vault(home) as vault:
        (cohort,) = [one.name for one in vault.status().cohorts]
        vault.shred(cohort)
    done = restore(kept, tmp_path / "again", by="root", now=at)
    again = open_home(tmp_path / "again")
    assert rows(again) == 0
    assert name_of(again) == []
    assert [one.act for one in done.again] == ["lake.purge"]
    stays(again, tmp_path, 1)
    assert rows(again) == 0, "its tombstones are there again"


def test_a_missing_register_is_told(home: Home, kept: Path, tmp_path: Path) -> None:
    gone = stays(home, tmp_path, 2)
    withdraw(home, gone, reason="wrong file", by="officer", now=NOW)
    take(home, kept, by="root", now=NOW)
    register = audit.register_of(home)
    assert register is not None
    register.rename(register.with_suffix(".away"))
    with pytest.raises(StorageError, match=register.name):
        restore(kept, tmp_path / "again", by="root", now=NOW)
    assert not (tmp_path / "again").exists()


def test_acts_in_the_midst_of_it(home: Home, kept: Path, tmp_path: Path) -> None:
    """What comes meanwhile is in it whole, or not at all; what is deleted is there still."""

    @contextmanager
    def busy() -> Iterator[Beside]:
        yield Beside(sources=(), facts=lambda: {})

    def act(_bytes: int) -> None:
        if not acted:
            acted.append(True)
            stays(home, tmp_path, 2)
            purge_home(home, protocols=[], by="officer", now=NOW + 29 * DAY)
            lake.compact(home)
            stays(home, tmp_path, 5)
            with open_vault(home) as vault:
                vault.rotate()

    acted: list[bool] = []
    take(home, kept, by="root", now=NOW, beside=busy, progress=act)
    assert acted
    assert check(kept).ok
    facts: Manifest = open_shelf(kept)[0].manifest(listed(kept)[-1])
    assert facts.facts["sequence"] == 2
    again = brought_back(kept, tmp_path / "again")
    assert lake.verify(again).ok
    assert name_of(again) == [NAME]


def test_files_that_an_ended_backup_left_go_with_the_next(
    home: Home, kept: Path, tmp_path: Path
) -> None:
    take(home, kept, by="root", now=NOW)
    (kept / "unfinished").mkdir(exist_ok=True)
    (kept / "unfinished" / "half").write_bytes(b"x")
    stray = kept / "objects" / "00" / ("0" * 40)
    stray.parent.mkdir(exist_ok=True)
    shutil.copy(part_of(kept, "home/audit")[0], stray)
    take(home, kept, by="root", now=NOW + DAY)
    assert not stray.exists()
    assert not (kept / "unfinished").exists()


def test_a_damaged_file_of_the_home_is_no_part_of_a_backup(home: Home, kept: Path) -> None:
    (path,) = home.deliveries.glob("presence/*.parquet")
    path.write_bytes(path.read_bytes()[:-5] + b"xxxxx")
    with pytest.raises(StorageError, match=path.name):
        take(home, kept, by="root", now=NOW)
    assert listed(kept) == []


def test_a_part_that_leads_outside_is_refused(home: Home, kept: Path, tmp_path: Path) -> None:
    take(home, kept, by="root", now=NOW)
    shelf, path = open_shelf(kept)
    found = shelf.manifest(path)
    part = replace(found.parts[0], path="home/../../escaped")
    shelf.acknowledge(replace(found, parts=(part, *found.parts[1:])))
    with pytest.raises(DataError, match="outside"):
        restore(kept, tmp_path / "again", by="root", now=NOW)
    assert not (tmp_path.parent / "escaped").exists()
