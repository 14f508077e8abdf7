"""Flags in words: what is not known, in both languages, never the id of an exemption."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ringfence.protocols.model import Exemption
from ringfence.trace import words

from .samples import PROTOCOL

CASES = [
    (Exemption("x", masks="both"), "not known: masks of both", "情况不明：双方是否佩戴口罩"),
    (Exemption("x", ppe=True), "not known: protective equipment", "情况不明：是否有效防护"),
    (Exemption("x", doses=2), "not known: 2 vaccine doses", "情况不明：是否接种 2 剂疫苗"),
    (
        Exemption("x", masks="either", apart_m=1.5),
        "not known: a mask of either, 1.5 m apart",
        "情况不明：任一方是否佩戴口罩、是否相距 1.5 米",
    ),
    (
        Exemption("x", roles=("staff", "student"), indoor=False),
        "not known: both being staff or student, outdoors",
        "情况不明：双方是否为工作人员或学生、是否在室外",
    ),
]


@pytest.mark.parametrize(("exemption", "en", "zh"), CASES)
def test_an_exemption_that_is_not_known(exemption: Exemption, en: str, zh: str) -> None:
    rule = replace(PROTOCOL.rules[0], exemptions=(exemption,))
    assert words.flag("x_unknown", replace(PROTOCOL, rules=(rule,))) == (en, zh)
