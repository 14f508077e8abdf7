"""Each act that the program writes into the audit has words in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import ringfence
import ringfence_server
from ringfence_server.cases.words import CHANGES
from ringfence_server.exports.words import KINDS
from ringfence_server.looking.words import ACTS, NAMES
from ringfence_server.tasks.words import STATES

TELLING = {"told", "_tell", "shown", "shown_all", "append", "append_many", "acting", "intended"}
ACT = re.compile(r"[a-z_]+(\.[a-z_]+)+")


def calls() -> Iterator[ast.Call]:
    for package in (ringfence, ringfence_server):
        assert package.__file__ is not None
        for file in Path(package.__file__).parent.rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_bytes())):
                if isinstance(node, ast.Call):
                    yield node


def written() -> set[str]:
    found = {f"case.{one}" for one in CHANGES}
    found |= {f"export.{one}" for one in KINDS}
    found |= {f"task.{one}" for one in STATES if one != "withdrawn"}
    for call in calls():
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name in TELLING or name == "Act":
            found |= {
                one.value
                for one in call.args[:2]
                if isinstance(one, ast.Constant)
                and isinstance(one.value, str)
                and ACT.fullmatch(one.value)
            }
    return found


def test_every_act_is_told_in_words() -> None:
    acts = written()
    assert len(acts) > 80
    assert sorted(acts - ACTS.keys()) == []


def test_words_are_of_both_languages() -> None:
    for text in (*ACTS.values(), *NAMES.values()):
        assert re.search(r"[\u4e00-\u9fff]", text.zh)
        assert text.en.isascii()
