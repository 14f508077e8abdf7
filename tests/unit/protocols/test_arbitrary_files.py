"""Whatever a protocol file holds, reading it ends in a protocol or in a DataError."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.protocols.written import SMALL

from ringfence.errors import DataError
from ringfence.protocols.case_reading import CONTACT_COLUMNS
from ringfence.protocols.exemption_reading import EXEMPTION_FIELDS
from ringfence.protocols.reading import PROTOCOL_FIELDS, read
from ringfence.protocols.rule_reading import RULE_FIELDS

NAMES = (*PROTOCOL_FIELDS, *RULE_FIELDS, *EXEMPTION_FIELDS, "contacts", "given", "is", "end")
WORDS = ("close", "15m", "-2d", "6ft", "true", "2022-06-28", "dining", "link", "ride", "null", "")

# The first text that is drawn makes a table of all characters, which takes a second.
slow_start = settings(suppress_health_check=[HealthCheck.too_slow])

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.sampled_from((*NAMES, *WORDS, *CONTACT_COLUMNS)),
    st.text(max_size=12),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
        st.dictionaries(st.text(max_size=5), inner, max_size=3),
    ),
    max_leaves=12,
)


def read_or_refuse(content: bytes) -> None:
    with contextlib.suppress(DataError):
        read(content, Path("any.yaml"))


@given(st.binary(max_size=300))
def test_arbitrary_bytes(content: bytes) -> None:
    read_or_refuse(content)


@given(st.text(alphabet="-:?{}[]|>&*!#'\"%@` \n\tab1é", max_size=60))
def test_arbitrary_punctuation(text: str) -> None:
    read_or_refuse(text.encode())


@slow_start
@given(st.dictionaries(st.sampled_from(NAMES), values, max_size=6))
def test_arbitrary_yaml(tree: dict[str, Any]) -> None:
    read_or_refuse(yaml.safe_dump(tree, allow_unicode=True).encode())


@slow_start
@given(st.sampled_from(NAMES), values, st.sampled_from(["file", "anchor", "rule"]))
def test_a_valid_file_with_one_arbitrary_field(name: str, value: Any, place: str) -> None:
    tree = yaml.load(SMALL, Loader=yaml.BaseLoader)
    node = {"file": tree, "anchor": tree["anchors"][0], "rule": tree["rules"][0]}[place]
    node[name] = value
    read_or_refuse(yaml.safe_dump(tree, allow_unicode=True).encode())


@given(st.integers(0, len(SMALL)), st.binary(max_size=4))
def test_a_damaged_file(at: int, damage: bytes) -> None:
    content = SMALL.encode()
    read_or_refuse(content[:at] + damage + content[at + len(damage) :])
