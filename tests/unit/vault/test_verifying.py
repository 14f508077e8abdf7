"""Damage to any part of a cohort's file is found; look-ups can be mended from the records."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from ringfence import lake
from ringfence.vault import Statement, open_vault
from ringfence.vault.register import cohort_path

from .people import BEGIN, LI, SECRETS, WANG, acknowledge, batch_id


@pytest.fixture
def told(home: lake.Home) -> lake.Home:
    with (
        open_vault(home, create=True) as vault,
        vault.stage(batch_id("a"), "hotel", BEGIN, lambda _: ("wangxiaoming", "wxm")) as staging,
    ):
        staging.write([Statement("s1", 1, WANG), Statement("s2", 2, LI)])
        staging.keep_rejects([(3, '{"a": "b"}')])
        staging.ready()
        acknowledge(home, "a")
    return home


def forms(_: str) -> tuple[str, str]:
    return "wangxiaoming", "wxm"


def change(home: lake.Home, statement: str) -> None:
    with closing(sqlite3.connect(cohort_path(home, "2022-09"))) as file:
        file.execute(statement)
        file.commit()


def test_a_whole_vault(told: lake.Home) -> None:
    with open_vault(told) as vault:
        report = vault.verify(forms)
    assert (report.ok, report.records, report.repaired) == (True, 3, 0)


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM token WHERE kind = 1",
        "UPDATE token SET token = zeroblob(16) WHERE kind = 3 AND length(ordinals) = 4"
        " AND token = (SELECT min(token) FROM token WHERE kind = 3)",
        "UPDATE token SET ordinals = x'09000000' WHERE kind = 2"
        " AND token = (SELECT min(token) FROM token WHERE kind = 2)",
        "INSERT INTO token VALUES (5, zeroblob(16), 1, x'00000000')",
    ],
)
def test_wrong_tokens_are_found_and_made_again(told: lake.Home, damage: str) -> None:
    change(told, damage)
    with open_vault(told) as vault:
        report = vault.verify(forms)
        assert not report.ok
        assert "miss persons" in report.faults[0].en
        assert vault.verify(forms, repair=True).repaired == 1
        assert vault.verify(forms).ok
        assert vault.find("id_number", WANG["id_number"]) == ["s1"]


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE statement SET sealed = zeroblob(80) WHERE subject = 's1'",
        "DELETE FROM statement WHERE subject = 's1'",
        "UPDATE reject SET sealed = x'00'",
        "DELETE FROM reject",
    ],
)
def test_what_cannot_be_mended_is_told(told: lake.Home, damage: str) -> None:
    change(told, damage)
    with open_vault(told) as vault:
        report = vault.verify(forms, repair=True)
    assert not report.ok
    text = " ".join(fault.en + fault.zh for fault in report.faults)
    assert "record" in text
    assert not any(secret in text for secret in SECRETS)
