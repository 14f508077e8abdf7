"""Renewing and shredding keys; what older copies of vault and key can then still open."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ringfence import lake
from ringfence.errors import DataError, NotAllowed, NotFound, StorageError
from ringfence.vault import PSEUDONYMS, Statement, open_vault
from ringfence.vault.master_key import MasterKey, new_master, unfinished_beside
from ringfence.vault.register import cohort_path
from ringfence.vault.tokens import Digests, masked

from .people import BEGIN, LI, OCTOBER, WANG, batch_id, tell


def key_of(home: lake.Home) -> Path:
    with open_vault(home) as vault:
        assert vault.master_key is not None
        return vault.master_key


def two_cohorts(home: lake.Home) -> None:
    tell(home, "a", [Statement("s1", 1, WANG)])
    tell(home, "b", [Statement("s2", 1, LI)], now=OCTOBER)


def names(home: lake.Home) -> set[str]:
    with open_vault(home) as vault:
        return {told.fields["name"] for told in vault.every()}


def copy_of(home: lake.Home, folder: Path) -> Path:
    """A backup of the whole home; its keys lie elsewhere."""
    return Path(shutil.copytree(home.root, folder))


def put_back(copy: Path, home: lake.Home) -> None:
    shutil.rmtree(home.root)
    shutil.copytree(copy, home.root)


def test_the_key_lies_off_the_home_and_is_private(home: lake.Home) -> None:
    two_cohorts(home)
    path = key_of(home)
    assert not path.is_relative_to(home.root)
    assert path.stat().st_mode & 0o777 == 0o600
    assert home.vault.stat().st_mode & 0o777 == 0o700


def test_without_the_key_nothing_is_read_and_none_is_made(home: lake.Home) -> None:
    two_cohorts(home)
    path = key_of(home)
    path.rename(path.with_suffix(".away"))
    with open_vault(home) as vault:
        for act in (lambda: vault.statements(["s1"]), lambda: vault.find("name", "王小明")):
            with pytest.raises(StorageError, match="missing"):
                act()
        assert not vault.status().key_present
    assert not path.exists()
    path.with_suffix(".away").rename(path)
    assert names(home) == {"王小明", "李雷"}


def test_a_key_that_others_can_read_is_refused(home: lake.Home) -> None:
    two_cohorts(home)
    key_of(home).chmod(0o640)
    with pytest.raises(NotAllowed, match="chmod 600"):
        names(home)


def test_the_key_of_another_vault_is_refused(home: lake.Home, tmp_path: Path) -> None:
    two_cohorts(home)
    other = lake.create_home(
        tmp_path / "other", synthetic=True, jurisdiction="CN", zone="Asia/Shanghai", now=BEGIN
    )
    tell(other, "a", [Statement("s1", 1, WANG)])
    shutil.copy(key_of(other), key_of(home))
    with pytest.raises(DataError, match="another vault"):
        names(home)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b"[]", b'{"secret": "zz"}', b"null"])
def test_what_is_no_key_is_refused_by_name(home: lake.Home, content: bytes) -> None:
    two_cohorts(home)
    key_of(home).write_bytes(content)
    with pytest.raises(DataError, match="is not a master key"):
        names(home)


def test_a_file_or_a_folder_can_be_named_for_the_key(
    home: lake.Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RINGFENCE_MASTER_KEY", str(tmp_path / "safe" / "city.key"))
    tell(home, "a", [Statement("s1", 1, WANG)])
    assert key_of(home) == tmp_path / "safe" / "city.key"
    monkeypatch.setenv("RINGFENCE_MASTER_KEY", str(tmp_path / "safe"))
    with pytest.raises(StorageError, match="missing"):
        names(home)
    (tmp_path / "safe" / "city.key").rename(key_of(home))
    assert names(home) == {"王小明"}


def test_rotation_keeps_everything_readable(home: lake.Home) -> None:
    two_cohorts(home)
    with open_vault(home) as other, open_vault(home) as vault:
        before = other.pseudonyms("rail", "id", ["x"])
        path = key_of(home)
        old = path.read_bytes()
        vault.rotate()
        assert path.read_bytes() != old
        assert not unfinished_beside(path).exists()
        assert other.pseudonyms("rail", "id", ["x"]) == before
        assert other.find("name", "王小明") == ["s1"]
        path.write_bytes(old)
        with pytest.raises(DataError, match="old copy"):
            open_vault(home).find("name", "王小明")


def test_a_shredded_cohort_is_gone_and_the_others_stay(home: lake.Home) -> None:
    two_cohorts(home)
    with open_vault(home) as other, open_vault(home) as vault:
        assert other.find("name", "王小明") == ["s1"]
        vault.shred("2022-09")
        for one in (vault, other):
            assert one.find("name", "王小明") == []
            assert one.statements(["s1", "s2"]).keys() == {"s2"}
            assert [told.subject for told in one.every()] == ["s2"]
        assert vault.status().shredded == ("2022-09",)
        assert [c.name for c in vault.status().cohorts] == ["2022-10"]
        with pytest.raises(NotFound, match="2022-10"):
            vault.shred("2022-09")
    assert not cohort_path(home, "2022-09").exists()


def test_an_unknown_cohort_is_not_found(home: lake.Home) -> None:
    two_cohorts(home)
    with open_vault(home) as vault, pytest.raises(NotFound, match="2022-09, 2022-10"):
        vault.shred("1999-01")


def test_a_backup_opened_with_the_key_of_today_stays_dark_where_it_was_shredded(
    home: lake.Home, tmp_path: Path
) -> None:
    two_cohorts(home)
    copy = copy_of(home, tmp_path / "backup")
    with open_vault(home) as vault:
        vault.shred("2022-09")
    put_back(copy, home)
    assert names(home) == {"李雷"}
    with open_vault(home) as vault:
        assert vault.find("id_number", WANG["id_number"]) == []
        assert vault.find("id_number", LI["id_number"]) == ["s2"]
        assert vault.status().shredded == ("2022-09",)
    assert not cohort_path(home, "2022-09").exists()


def test_no_key_that_is_left_opens_a_byte_of_what_was_shredded(
    home: lake.Home, tmp_path: Path
) -> None:
    """Without the program's own politeness: every key that exists against every sealed record."""
    two_cohorts(home)
    copy = copy_of(home, tmp_path / "backup")
    with open_vault(home) as vault:
        before = keys_that_exist(copy, key_of(home))
        vault.shred("2022-09")
        after = keys_that_exist(copy, key_of(home))
    assert opened_by(before, copy) == {"s1"}
    assert len(after) > 1
    assert opened_by(after, copy) == set()


def keys_that_exist(copy: Path, path: Path) -> list[bytes]:
    """The master key, and whatever it unwraps of its own list and of the copy's."""
    content = json.loads(path.read_text())
    master = MasterKey(content["vault"], 0, bytes.fromhex(content["secret"]))
    wrapped = [(name, bytes.fromhex(text)) for name, text in content["living"].items()]
    with closing(sqlite3.connect(copy / "vault" / "vault.sqlite")) as old:
        wrapped += old.execute("SELECT name, wrapped FROM key").fetchall()
    keys = [master.secret]
    for name, text in wrapped:
        with suppress(StorageError):
            keys.append(master.unwrap(text, name))
    return keys


def opened_by(keys: list[bytes], copy: Path) -> set[str]:
    """Subjects of the September records that some key opens, or recognises by its token."""
    found = set()
    with closing(sqlite3.connect(copy / "vault" / "cohort-2022-09.sqlite")) as file:
        records = file.execute("SELECT number, row, subject, sealed FROM statement").fetchall()
        tokens = {token for (token,) in file.execute("SELECT token FROM token WHERE kind = 1")}
    for number, row, subject, sealed in records:
        bound = f"{number}\0{row}\0{subject}"
        for key in keys:
            with suppress(InvalidTag):
                bytes_before = f"ringfence statement\x002022-09\0hotel\0{batch_id('a')}\0"
                AESGCM(key).decrypt(sealed[:12], sealed[12:], (bytes_before + bound).encode())
                found.add(subject)
        for key in keys:
            digest = Digests(key).of(1, WANG["id_number"].casefold())
            if any(masked(mask, digest) in tokens for mask in keys):
                found.add(subject)
    return found


def test_what_comes_after_the_shredding_of_its_month_begins_another_cohort(
    home: lake.Home,
) -> None:
    two_cohorts(home)
    with open_vault(home) as vault:
        vault.shred("2022-09")
    tell(home, "c", [Statement("s1", 1, WANG)])
    with open_vault(home) as vault:
        assert [c.name for c in vault.status().cohorts] == ["2022-09.2", "2022-10"]
        assert vault.find("name", "王小明") == ["s1"]
        vault.shred("2022-09.2")
        assert vault.find("name", "王小明") == []


def test_no_shredding_under_an_import(home: lake.Home) -> None:
    two_cohorts(home)
    with open_vault(home) as vault, open_vault(home) as importing:
        with (
            importing.stage(batch_id("c"), "hotel", BEGIN),
            pytest.raises(NotAllowed, match="at work"),
        ):
            vault.shred("2022-09")
        vault.shred("2022-09")


def test_shredding_the_pseudonyms_makes_other_numbers_and_keeps_the_rest(home: lake.Home) -> None:
    two_cohorts(home)
    with open_vault(home) as vault:
        before = vault.pseudonyms("rail", "id", ["x"])
        vault.shred(PSEUDONYMS)
        after = vault.pseudonyms("rail", "id", ["x"])
        assert before != after
        assert vault.find("name", "王小明") == ["s1"]
        vault.shred(PSEUDONYMS)
        assert vault.pseudonyms("rail", "id", ["x"]) not in (before, after)


@pytest.mark.parametrize("step", ["written", "registered", "overwritten"])
def test_a_renewal_killed_half_way_is_finished_or_has_not_happened(
    home: lake.Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    from ringfence.vault import renewing

    two_cohorts(home)

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, open_vault(home) as vault:
        patch.setattr(
            renewing,
            {"written": "replace_keys"}.get(step, "finish_renewal"),
            killed,
        )
        with pytest.raises(KeyboardInterrupt):
            vault.shred("2022-09")
    path = key_of(home)
    if step == "overwritten":
        path.write_bytes(bytes(path.stat().st_size))
    assert unfinished_beside(path).exists()
    if step == "written":
        assert names(home) == {"王小明", "李雷"}
        with open_vault(home) as vault:
            vault.shred("2022-09")
    assert names(home) == {"李雷"}
    assert not unfinished_beside(path).exists()
    assert not cohort_path(home, "2022-09").exists()


def test_another_keeper_of_the_master_key(home: lake.Home) -> None:
    """As a key service or a token would: it wraps and unwraps, and the file is not used."""
    old, new = new_master("service"), new_master("service")
    with open_vault(home, create=True, keeper=old) as vault:
        tell(home, "a", [Statement("s1", 1, WANG)], vault=vault)
        tell(home, "b", [Statement("s2", 1, LI)], now=OCTOBER, vault=vault)
        assert vault.master_key is None
        vault.shred("2022-09", keeper=new)
        assert vault.find("name", "李雷") == ["s2"]
    with open_vault(home, keeper=new) as vault:
        assert [told.subject for told in vault.every()] == ["s2"]
    with open_vault(home, keeper=old) as vault, pytest.raises(StorageError, match="does not open"):
        vault.find("name", "李雷")


def test_a_drill_tells_whether_a_copy_of_the_key_would_serve(
    home: lake.Home, tmp_path: Path
) -> None:
    two_cohorts(home)
    copy = tmp_path / "copy.key"
    shutil.copy2(key_of(home), copy)
    with open_vault(home) as vault:
        assert vault.drill(copy).opened == {"2022-09": 1, "2022-10": 1}
        vault.rotate()
        assert not vault.drill(copy).ok
        assert vault.drill().ok
        assert not vault.drill(tmp_path / "none.key").ok


def test_keys_do_not_show_themselves(home: lake.Home) -> None:
    master = MasterKey("v", 0, b"\x11" * 32)
    shown = repr(master)
    assert "\\x11" not in shown and "11111111" not in shown  # an address in it may hold 11
    assert "secret" not in repr(master)


def test_an_open_vault_notices_that_its_key_was_renewed(home: lake.Home) -> None:
    """A key made by one process after another renewed the master key opens with the new one."""
    with open_vault(home, create=True) as one, open_vault(home) as two:
        one.pseudonyms("rail", "id", ["x"])
        two.rotate()
        tell(home, "a", [Statement("s1", 1, WANG)], vault=one)
        assert two.find("name", "王小明") == ["s1"]
    assert names(home) == {"王小明"}
    assert os.environ.get("RINGFENCE_MASTER_KEY") is None
