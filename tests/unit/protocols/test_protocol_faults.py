"""Each fault of a protocol file names its line and field, and offers the names that exist."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.protocols.faulty_cases import OF_CASES
from tests.unit.protocols.faulty_files import OF_THE_FILE
from tests.unit.protocols.faulty_rules import OF_RULES
from tests.unit.protocols.written import read_text, with_line, with_rule, with_top

from ringfence.errors import DataError
from ringfence.protocols.faults import ProtocolError
from ringfence.protocols.nodes import MOST_BYTES
from ringfence.protocols.reading import read

FAULTS = {**OF_THE_FILE, **OF_RULES, **OF_CASES}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_names_line_and_field(name: str) -> None:
    text, (line, path, words) = FAULTS[name]
    with pytest.raises(ProtocolError) as raised:
        read_text(text)
    told = [(fault.line, fault.path) for fault in raised.value.faults if words in fault.text.en]
    assert told == [(line, path)], str(raised.value)
    assert f"test.yaml, line {line}" in raised.value.text.en
    assert f"test.yaml，第 {line} 行" in raised.value.text.zh
    assert raised.value.exit_code == 10


def test_all_faults_are_told_in_the_order_of_the_file() -> None:
    text = with_line("version: 1", "version: 0") + "    setting: shcool\n    order: 9\n"
    with pytest.raises(ProtocolError) as raised:
        read_text(text)
    assert [(f.line, f.path) for f in raised.value.faults] == [
        (3, "version"),
        (14, "rules[near].setting"),
        (15, "rules[near].order"),
    ]
    assert len(raised.value.text.en.splitlines()) == 3


def test_many_faults_are_cut_off() -> None:
    rules = [f"  - {{id: rule-{number}, class: clos, priority: 1}}" for number in range(30)]
    with pytest.raises(ProtocolError) as raised:
        read_text(with_top(*rules))
    assert raised.value.text.en.splitlines()[-1] == "… and 10 more"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"#" * (MOST_BYTES + 1), "larger than 256 KB"),
        ("title: 麻疹\n".encode("gb18030"), "line 1: the text is not UTF-8"),
        (b"id: a\nnote: \xff\n", "line 2: the text is not UTF-8"),
        (b"id: a\x00b\n", "this is not YAML"),
    ],
)
def test_bytes_that_are_no_text_are_refused(content: bytes, words: str) -> None:
    with pytest.raises(DataError, match=words):
        read(content, Path("test.yaml"))


def test_what_may_be_personal_data_is_not_repeated() -> None:
    with pytest.raises(ProtocolError) as raised:
        read_text(with_rule("setting: 11010519491231002X", "13800138000: x"))
    assert "110105" not in raised.value.text.en + raised.value.text.zh
    assert "13800138000" not in raised.value.text.en + raised.value.text.zh
    with pytest.raises(ProtocolError) as raised:
        read_text(with_top("13800138000: *there"))
    assert "13800138000" not in raised.value.text.en + raised.value.text.zh
