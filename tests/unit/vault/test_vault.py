"""What goes into a vault, what is seen of it, and when."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from ringfence import lake
from ringfence.errors import DataError, NotFound, StorageError, UsageError
from ringfence.vault import Statement, has_vault, open_vault
from ringfence.vault.register import cohort_path

from .people import BEGIN, LI, OCTOBER, SECRETS, WANG, acknowledge, batch_id, bytes_of, tell


def test_no_vault_until_it_is_made(home: lake.Home) -> None:
    assert not has_vault(home)
    with pytest.raises(NotFound):
        open_vault(home)
    open_vault(home, create=True).close()
    assert has_vault(home)


def test_what_was_said_is_told_with_where_it_comes_from(home: lake.Home) -> None:
    batch = tell(home, "a", [Statement("s1", 7, WANG), Statement("s2", 8, LI)])
    with open_vault(home) as vault:
        (told,) = vault.statements(["s1", "s9"])["s1"]
    assert (told.source, told.batch, told.row, dict(told.fields)) == ("hotel", batch, 7, WANG)


def test_of_one_subject_all_is_told_in_order(home: lake.Home) -> None:
    tell(home, "a", [Statement("s1", 1, {"name": "王小明"})])
    tell(home, "b", [Statement("s1", 5, {"phone": "+8613800138000"})], source="rail", now=OCTOBER)
    with open_vault(home) as vault:
        told = vault.statements(["s1"])["s1"]
        assert [(t.source, t.row) for t in told] == [("hotel", 1), ("rail", 5)]
        assert [t.source for t in vault.every()] == ["hotel", "rail"]


def test_said_twice_in_a_batch_is_kept_once(home: lake.Home) -> None:
    tell(home, "a", [Statement("s1", 1, WANG), Statement("s1", 2, WANG), Statement("s1", 3, LI)])
    with open_vault(home) as vault:
        assert [t.row for t in vault.statements(["s1"])["s1"]] == [1, 3]


def test_empty_fields_and_empty_statements_are_nothing(home: lake.Home) -> None:
    tell(home, "a", [Statement("s1", 1, {"name": "", "phone": "1"}), Statement("s2", 2, {})])
    with open_vault(home) as vault:
        assert dict(vault.statements(["s1"])["s1"][0].fields) == {"phone": "1"}
        assert vault.statements(["s2"]) == {}


def test_unseen_until_the_lake_knows_the_batch(home: lake.Home) -> None:
    with open_vault(home, create=True) as vault:
        with vault.stage(batch_id("a"), "hotel", BEGIN) as staging:
            staging.write([Statement("s1", 1, WANG)])
            staging.ready()
            assert vault.statements(["s1"]) == {}
            assert vault.find("name", "王小明") == []
            acknowledge(home, "a")
            assert vault.find("name", "王小明") == ["s1"]
        assert "s1" in vault.statements(["s1"])


@pytest.mark.parametrize("made_ready", [True, False])
def test_what_the_lake_does_not_acknowledge_is_dropped(home: lake.Home, made_ready: bool) -> None:
    with open_vault(home, create=True) as vault:
        with vault.stage(batch_id("a"), "hotel", BEGIN) as staging:
            staging.write([Statement("s1", 1, WANG)])
            staging.keep_rejects([(2, "{}")])
            if made_ready:
                staging.ready()
        acknowledge(home, "a")
        assert vault.statements(["s1"]) == {}
    with closing(sqlite3.connect(cohort_path(home, "2022-09"))) as file:
        for table in ("statement", "token", "pending", "reject"):
            assert file.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_a_failing_import_drops_what_it_wrote(home: lake.Home) -> None:
    with open_vault(home, create=True) as vault:
        with pytest.raises(KeyError), vault.stage(batch_id("a"), "hotel", BEGIN) as staging:
            staging.write([Statement("s1", 1, WANG)])
            raise KeyError
        assert vault.status().cohorts == ()


def test_a_withdrawn_batch_is_not_seen(home: lake.Home) -> None:
    batch = tell(home, "a", [Statement("s1", 1, WANG)])
    lake.withdraw(home, batch, "wrong file", BEGIN)
    with open_vault(home) as vault:
        assert vault.statements(["s1"]) == {}
        assert vault.find("name", "王小明") == []
        lake.reinstate(home, batch, "right after all", BEGIN)
        assert vault.find("name", "王小明") == ["s1"]


def test_what_was_known_earlier(home: lake.Home) -> None:
    first = tell(home, "a", [Statement("s1", 1, WANG)])
    tell(home, "b", [Statement("s1", 1, LI)])
    with open_vault(home) as vault:
        (told,) = vault.statements(["s1"], lake.live_batches(home, until=1))["s1"]
    assert told.batch == first


def test_the_same_batch_twice_is_there_once(home: lake.Home) -> None:
    with open_vault(home, create=True) as one, open_vault(home) as two:
        with one.stage(batch_id("a"), "hotel", BEGIN) as first:
            first.write([Statement("s1", 1, WANG)])
            with two.stage(batch_id("a"), "hotel", BEGIN) as second:
                second.write([Statement("s1", 1, WANG)])
                second.ready()
                first.ready()
                acknowledge(home, "a")
        assert len(one.statements(["s1"])["s1"]) == 1
        assert len(two.statements(["s1"])["s1"]) == 1
        tell(home, "b", [Statement("s2", 1, LI)])
        assert one.sweep() == 0
        assert [(c.batches, c.statements) for c in one.status().cohorts] == [(2, 2)]


def test_refused_rows_are_kept_as_they_came(home: lake.Home) -> None:
    with open_vault(home, create=True) as vault:
        with vault.stage(batch_id("a"), "hotel", BEGIN) as staging:
            staging.keep_rejects([(9, '{"姓名": "王小明"}'), (3, "{}")])
            assert list(vault.rejects(batch_id("a"))) == []
            staging.ready()
            acknowledge(home, "a")
        assert list(vault.rejects(batch_id("a"))) == [(3, "{}"), (9, '{"姓名": "王小明"}')]
        assert list(vault.rejects(batch_id("b"))) == []


@pytest.mark.parametrize(
    "kind, text",
    [
        ("id_number", "00010119900307001X"),
        ("id_number", "00010119900307001x"),
        ("id_number", " 000101 19900307 001X "),
        ("id_number", "０００１０１１９９００３０７００１Ｘ"),
        ("phone", "+86 138-0013-8000"),
        ("name", "王 小明"),
        ("pinyin", "wang xiao ming"),
        ("pinyin", "WangXiaoMing"),
        ("initials", "WXM"),
        ("last4", "001x"),
        ("last4", "8000"),
        ("plate", "苏A·D12345"),
    ],
)
def test_a_person_is_found_by(home: lake.Home, kind: str, text: str) -> None:
    fields = {**WANG, "plate": "苏AD12345"}
    with open_vault(home, create=True) as vault:
        with vault.stage(
            batch_id("a"), "hotel", BEGIN, lambda _: ("wang xiaoming", "wxm")
        ) as staging:
            staging.write([Statement("s1", 1, fields), Statement("s2", 2, {"sex": "male"})])
            staging.ready()
            acknowledge(home, "a")
        assert vault.find(kind, text) == ["s1"]
        assert vault.find(kind, "") == []


@pytest.mark.parametrize("number", ["E12345678", "e1234 5678"])
def test_a_number_is_found_whatever_document_it_is_of(home: lake.Home, number: str) -> None:
    tell(home, "a", [Statement("s1", 1, LI), Statement("s2", 2, {"id_number": "E12345678"})])
    with open_vault(home) as vault:
        assert vault.find("id_number", number) == ["s1", "s2"]


def test_an_unknown_kind_is_refused(home: lake.Home) -> None:
    with open_vault(home, create=True) as vault, pytest.raises(UsageError, match="pinyin"):
        vault.find("subject", "s1")


def test_subjects_with_one_number_form_a_group(home: lake.Home) -> None:
    tell(home, "a", [Statement("s1", 1, WANG), Statement("s2", 2, LI)])
    tell(home, "b", [Statement("s3", 1, {"id_number": WANG["id_number"]})], now=OCTOBER)
    gone = tell(home, "c", [Statement("s4", 1, LI)], now=OCTOBER)
    tell(home, "d", [Statement("s1", 9, WANG)], now=OCTOBER)
    with open_vault(home) as vault:
        assert vault.exact_groups("id_number") == [("s1", "s3"), ("s2", "s4")]
        lake.withdraw(home, gone, "wrong", OCTOBER)
        assert vault.exact_groups("id_number") == [("s1", "s3")]
        assert vault.exact_groups("phone") == []


def test_groups_are_found_of_the_numbers_that_are_said_alone(home: lake.Home) -> None:
    tell(home, "a", [Statement("s1", 1, WANG), Statement("s2", 2, LI)])
    number = {"id_number": WANG["id_number"]}
    asked = tell(home, "b", [Statement("s3", 1, number), Statement("s5", 2, {})], now=OCTOBER)
    tell(home, "c", [Statement("s4", 1, LI)], now=OCTOBER)
    with open_vault(home) as vault:
        told = list(vault.every({asked}))
        assert vault.groups_of_numbers(told) == [("s1", "s3")]
        assert vault.groups_of_numbers(told, {asked}) == []
        assert vault.groups_of_numbers([]) == []
        assert vault.groups_of_numbers(vault.every()) == vault.exact_groups("id_number")


def test_many_look_ups_at_once_answer_as_each_alone(home: lake.Home) -> None:
    people = [Statement(f"s{n}", n, {"name": f"n{n % 7}"}) for n in range(2_500)]
    tell(home, "a", people)
    tell(home, "b", [Statement(f"s{n}", n, {"sex": "male"}) for n in range(0, 2_500, 2)])
    with open_vault(home) as vault:
        together = vault.statements([one.subject for one in reversed(people)])
        assert list(together) == [one.subject for one in reversed(people)]
        assert [len(told) for told in together.values()] == [1, 2] * 1_250
        for subject in ("s0", "s1", "s2498"):
            assert vault.statements([subject]) == {subject: together[subject]}
        assert len(vault.find("name", "n3")) == 357


def test_a_pass_renewed_is_the_same_pass(home: lake.Home) -> None:
    one, two = ({"id_kind": "hk_macau_pass", "id_number": f"H12345678{n}"} for n in ("01", "02"))
    tell(home, "a", [Statement("s1", 1, one), Statement("s2", 2, two)])
    with open_vault(home) as vault:
        assert vault.exact_groups("id_number") == [("s1", "s2")]


def test_one_number_of_two_kinds_of_documents_is_two_numbers(home: lake.Home) -> None:
    other = {"id_kind": "taiwan_pass", "id_number": "12345678"}
    passport = {"id_kind": "passport", "id_number": "12345678"}
    tell(home, "a", [Statement("s1", 1, other), Statement("s2", 2, passport)])
    with open_vault(home) as vault:
        assert vault.exact_groups("id_number") == []


def test_nothing_of_a_person_lies_on_the_disk(home: lake.Home) -> None:
    with open_vault(home, create=True) as vault:
        with vault.stage(batch_id("a"), "hotel", BEGIN) as staging:
            staging.write([Statement("s1", 1, WANG), Statement("s2", 2, LI)])
            staging.keep_rejects([(3, '{"姓名": "王小明", "证件": "00010119900307001X"}')])
            staging.ready()
            everything = bytes_of(home.root)
            acknowledge(home, "a")
        vault.find("name", "王小明")
        everything += bytes_of(home.root)
    for secret in SECRETS:
        for form in (secret, secret.casefold(), secret[-8:]):
            for coding in ("utf-8", "gb18030", "utf-16-le"):
                assert form.encode(coding) not in everything


@pytest.mark.parametrize("value", ["王\0小明", "\ud800"])
def test_signs_that_no_text_may_hold_are_refused_by_row(home: lake.Home, value: str) -> None:
    with open_vault(home, create=True) as vault, pytest.raises(DataError, match="row 17") as told:
        tell(home, "a", [Statement("s1", 17, {"name": value})], vault=vault)
    assert "王" not in str(told.value) + told.value.text.zh


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE statement SET subject = 's2' WHERE number % 4294967296 = 0",
        "UPDATE statement SET row = 99 WHERE number % 4294967296 = 0",
        "UPDATE statement SET sealed = zeroblob(length(sealed))",
        "UPDATE statement SET sealed = x'00'",
        "UPDATE statement SET sealed = (SELECT max(sealed) FROM statement)",
    ],
)
def test_a_record_that_was_moved_or_changed_is_refused(home: lake.Home, change: str) -> None:
    tell(home, "a", [Statement("s1", 1, WANG), Statement("s2", 2, LI)])
    with closing(sqlite3.connect(cohort_path(home, "2022-09"))) as file:
        file.execute(change)
        file.commit()
    with open_vault(home) as vault, pytest.raises(StorageError, match="record") as told:
        vault.statements(["s1", "s2"])
    assert not any(secret in str(told.value) for secret in SECRETS)


def test_two_statements_cannot_be_exchanged_between_sources(home: lake.Home) -> None:
    tell(home, "a", [Statement("s1", 1, WANG)])
    with closing(sqlite3.connect(home.vault / "vault.sqlite")) as file:
        file.execute("UPDATE attempt SET source = 'clinic'")
        file.commit()
    with open_vault(home) as vault, pytest.raises(StorageError, match="record"):
        vault.statements(["s1"])
