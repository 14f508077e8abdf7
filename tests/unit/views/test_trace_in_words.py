"""What `explain` says, and the tables of a terminal."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from ringfence.protocols.model import Fact, Outcome
from ringfence.records import vocabularies
from ringfence.trace import words
from ringfence.trace.result import Trace
from ringfence.trace.views import in_words, table

from . import samples


def test_a_contact_is_explained_down_to_the_row() -> None:
    assert in_words.text(samples.small(), "S-0012", samples.BATCHES).splitlines() == [
        "S-0012: close contact of case C001 (ring 1), by protocol covid-test version 3.",
        "S-0012 shared a place with case C001 at ktv-blue, entertainment, zone room-3, "
        'from 2022-07-01 20:00 to 21:10 (70 min): rule "Same poorly ventilated space" '
        "(enclosed) of covid-test version 3; certainty: recorded.",
        "  record of the case: file presence.csv, row 7 (source register, batch 1a2b3c4d)",
        "  record of the contact: file presence.csv, row 107 (source register, batch 1a2b3c4d)",
        "S-0012 was measured near case C001, from 2022-07-01 20:00 to 20:22 (22.5 min): "
        'rule "Within 1 m for 15 minutes" (near) of covid-test version 3; certainty: measured.',
        "  record of the contact: file encounter.parquet, row 9 (source sensors, batch 5566aabb)",
        "Measure: quarantine in a facility, 7 days, from 2022-07-01 until 2022-07-08; "
        "tests on 2022-07-02, 2022-07-05, 2022-07-08.",
        "Release date: 2022-07-08.",
    ]


def test_the_same_in_chinese() -> None:
    lines = in_words.text(samples.small(), "S-0012", samples.BATCHES, "zh").splitlines()
    assert lines[0] == "S-0012：病例 C001 的密切接触者（第 1 圈），依据方案 covid-test 第 3 版。"
    assert lines[1] == (
        "2022-07-01 20:00 至 21:10（70 分钟），S-0012 与病例 C001 同处 ktv-blue"
        "，娱乐，分区 room-3：依据 covid-test 第 3 版规则“同处通风不良的密闭空间”（enclosed）；"
        "证据等级：记录。"
    )
    assert lines[2] == "  病例记录：文件 presence.csv 第 7 行（来源 register，批次 1a2b3c4d）"


def test_the_contact_between_is_named() -> None:
    trace = samples.forty()
    second = next(contact for contact in trace.contacts if contact.order == 2)
    said = in_words.text(trace, second.person, samples.BATCHES)
    assert f"{second.path[1]} (close contact of case C001)" in said
    assert "record of the contact between: file presence.csv" in said
    assert "(draft)" in said


def test_a_link_is_explained_without_minutes() -> None:
    said = in_words.text(samples.forty(), "S-0010", samples.BATCHES)
    assert "declared relation" in said
    assert "no duration recorded" in said


def test_a_provisional_contact_is_said_to_be() -> None:
    contact = next(c for c in samples.forty().contacts if c.provisional)
    assert "No orders follow" in in_words.text(samples.forty(), contact.person, samples.BATCHES)


def test_a_subject_is_found_as_well_as_a_person() -> None:
    assert in_words.document(samples.forty(), "tel-7", samples.BATCHES)["is_contact"]


def test_who_is_no_contact_hears_what_is_still_open() -> None:
    trace = samples.forty()
    document = in_words.document(trace, "S-0310", samples.BATCHES, "zh")
    assert document["is_contact"] is False
    assert document["contact"] is None
    assert [item["question"] for item in document["review"]] == [
        "他们在 teahouse-5 实际停留了多久？"
    ]
    said = in_words.text(trace, "S-0310", samples.BATCHES)
    assert said.startswith("S-0310 is not a contact of case C001")
    assert "crowded venue" in said


def test_who_is_no_contact_and_not_in_doubt() -> None:
    said = in_words.text(samples.small(), "S-9999", samples.BATCHES)
    assert "No open question" in said


def test_the_case_itself_is_no_contact() -> None:
    said = in_words.text(samples.small(), "S-0001", samples.BATCHES)
    assert said == (
        "S-0001 is the person of case C001: the traced cases are not listed as contacts.\n"
    )


def test_an_unlisted_batch_does_not_hide_the_row() -> None:
    said = in_words.text(samples.small(), "S-0012", {})
    assert "row 7 (source register, batch 1a2b3c4d)" in said


@pytest.mark.parametrize("fact", [*Fact, "anchor"])
def test_every_fact_can_be_asked_for(fact: str) -> None:
    for place in ("p1", None):
        asked = words.question(fact, place=place, case="C1")
        assert "{" not in asked.en + asked.zh
        assert asked.en != asked.zh


def test_every_word_has_both_languages() -> None:
    assert set(words.CLASS_TERMS) == set(words.CLASS_SHORT) == set(Outcome)
    for setting in (*vocabularies.Setting, None):
        assert all(words.setting(setting))
    assert words.flag("other_unknown", samples.PROTOCOL).en == "exemption other not known"
    assert words.flag("known_case", samples.PROTOCOL).zh == "本人已是病例"


def _printed(trace: Trace, width: int, language: str, rows: int = 40) -> str:
    paper = io.StringIO()
    table.show(trace, Console(file=paper, width=width), language, rows)
    return paper.getvalue()


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_is_wider_than_the_terminal(width: int, language: str) -> None:
    for line in _printed(samples.forty(), width, language).splitlines():
        assert cell_len(line.rstrip()) <= width


@pytest.mark.parametrize("width", [80, 120])
def test_a_long_key_is_folded_not_cut(width: int) -> None:
    key = "subject-" + "0123456789" * 4
    printed = _printed(
        samples.a_trace(samples.a_contact(key, samples.some_evidence())), width, "zh"
    )
    assert "…" not in printed


@pytest.mark.parametrize("width", [80, 100, 120, 160])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_subject_number_stands_on_one_line(width: int, language: str) -> None:
    numbers = ["s" + letter * 26 for letter in "abc"]
    contacts = [samples.a_contact(number, samples.some_evidence()) for number in numbers]
    printed = _printed(samples.a_trace(*contacts), width, language)
    assert [number for number in numbers if number not in printed] == []
    assert all(cell_len(line.rstrip()) <= width for line in printed.splitlines())


def test_the_head_marks_drafts_and_provisional_cases() -> None:
    printed = _printed(samples.forty(), 100, "en")
    assert "DRAFT" in printed
    assert "PROVISIONAL" in printed
    assert "infectious 2022-07-01 00:00 to 2022-07-06 09:30" in printed
    assert "DRAFT" not in _printed(samples.small(), 100, "en")


def test_a_long_list_says_what_it_leaves_out() -> None:
    printed = _printed(samples.many(352), 80, "en")
    assert "… and 312 more: use --format csv" in printed
    assert "另有 312 行：请使用 --format csv" in _printed(samples.many(352), 80, "zh")


def test_most_urgent_first_and_relations_without_minutes() -> None:
    lines = _printed(samples.forty(), 80, "en").splitlines()
    first = next(line for line in lines if line.strip().startswith("S-"))
    assert "Lives in the same household" in first
    assert " – " in first


def test_an_empty_trace_says_so() -> None:
    assert "No contact found." in _printed(samples.a_trace(), 80, "en")
    assert "未发现接触者。" in _printed(samples.a_trace(), 80, "zh")


def test_markup_in_a_key_is_shown_as_it_is() -> None:
    trace = samples.a_trace(samples.a_contact("[red]x", samples.some_evidence()))
    assert "[red]x" in _printed(trace, 80, "en")
