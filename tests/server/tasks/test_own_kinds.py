"""A city's own kinds: read whole, or refused with line, kind and field, in both languages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.server.tasks.kinds_of_a_city import changed, put, shown

from ringfence.errors import DataError, NotFound, Text, UserError
from ringfence.protocols.nodes import MOST_BYTES
from ringfence_server.tasks.kind_model import Book
from ringfence_server.tasks.kinds import book
from ringfence_server.tasks.own_kinds import MOST, OWN, content_of, read_own

CHINESE = re.compile(r"[\u4e00-\u9fff]")
WHERE = ("kinds", "own_disinfect")
END = (*WHERE, "ends", "done")


def read(content: bytes | str) -> Book:
    told = content.encode() if isinstance(content, str) else content
    return read_own(told, "/etc/ringfence/kinds.yaml", book())


def refused(content: bytes | str) -> Text:
    with pytest.raises(DataError) as fault:
        read(content)
    en, zh = fault.value.text
    assert en.count("\n") == zh.count("\n")
    assert CHINESE.search(zh) and not CHINESE.search(en)
    assert en.startswith("/etc/ringfence/kinds.yaml, line ")
    return fault.value.text


def test_the_file_of_the_page_adds_two_kinds_and_changes_nothing() -> None:
    own = read(shown())
    shipped = book()
    assert own.own == {"own_disinfect", "own_listen"}
    assert list(own.kinds) == [*shipped.kinds, "own_disinfect", "own_listen"]
    assert {key: own.kinds[key] for key in shipped.kinds} == shipped.kinds
    assert own.rules == shipped.rules
    kind = own.kinds["own_disinfect"]
    assert (kind.text, kind.due) == (("disinfect the home", "住所消毒"), timedelta(hours=12))
    assert kind.with_group == (
        "disinfect the home · disinfection team",
        "住所消毒 · 消毒组",
    )
    assert (kind.order, kind.by_hand, kind.at_desk) == (False, True, False)
    assert {word: (end.settled, end.closes) for word, end in kind.ends.items()} == {
        "done": (True, False),
        "in_part": (False, False),
        "nobody_in": (False, False),
    }
    assert own.kinds["own_listen"].ends["talked"].closes


def test_what_may_be_left_out_and_what_may_be_none() -> None:
    assert read(changed(*WHERE, "group", without=True)).kinds["own_disinfect"].group is None
    assert not read(changed(*WHERE, "by_hand", to=False)).kinds["own_disinfect"].by_hand
    assert read("kinds: {}\n").own == frozenset()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (changed(*WHERE, "en", without=True), "own_disinfect: the field 'en' is missing"),
        (changed(*WHERE, "zh", without=True), "own_disinfect: the field 'zh' is missing"),
        (changed(*WHERE, "zh", to=""), "own_disinfect.zh: one line"),
        (changed(*WHERE, "zh", to="  "), "own_disinfect.zh: one line"),
        (changed(*WHERE, "zh", to="消" * 61), "own_disinfect.zh: one line of 1 to 60"),
        (changed(*WHERE, "en", to="two\nlines"), "own_disinfect.en: one line"),
        (changed(*WHERE, "en", to="turned \u202e round"), "own_disinfect.en: one line"),
        (changed(*WHERE, "en", to=["a"]), "own_disinfect.en: one value"),
        (changed(*WHERE, "source", "zh", without=True), "source: the field 'zh' is missing"),
        (changed(*WHERE, "source", to="a law"), "own_disinfect.source: named fields"),
        (changed(*WHERE, "group", to={"en": "team"}), "own_disinfect.group: the field 'zh'"),
        (changed(*WHERE, "hours", to=0), "own_disinfect.hours: a whole number from 1 to 720"),
        (changed(*WHERE, "hours", to=721), "own_disinfect.hours: a whole number"),
        (changed(*WHERE, "hours", to=-1), "own_disinfect.hours: a whole number"),
        (changed(*WHERE, "hours", to=1.5), "own_disinfect.hours: a whole number"),
        (changed(*WHERE, "hours", to="a day"), "own_disinfect.hours: a whole number"),
        (changed(*WHERE, "hours", to=10**30), "own_disinfect.hours: a whole number"),
        (changed(*WHERE, "hours", without=True), "own_disinfect: the field 'hours' is missing"),
        (changed(*WHERE, "order", to=True), "own_disinfect.order: a kind of your own never binds"),
        (changed(*WHERE, "order", to="no"), "own_disinfect.order: true or false"),
        (changed(*WHERE, "order", without=True), "own_disinfect: the field 'order' is missing"),
        (changed(*WHERE, "at_desk", to=True), "own_disinfect.at_desk: a kind of your own is done"),
        (changed(*WHERE, "by_hand", to="never"), "own_disinfect.by_hand: true or false"),
        (changed(*WHERE, "colour", to="red"), "own_disinfect: there is no field 'colour' here"),
        (changed(*WHERE, to="disinfect"), "kinds.own_disinfect: named fields"),
        (changed(*WHERE, to=None), "own_disinfect has no fields"),
        (changed(*WHERE, "ends", without=True), "own_disinfect: the field 'ends' is missing"),
        (changed(*WHERE, "ends", to={}), "own_disinfect.ends: no word settles"),
        (changed(*WHERE, "ends", to=["done"]), "own_disinfect.ends: named fields"),
        (changed(*END, "settled", to=False), "own_disinfect.ends: no word settles"),
        (changed(*END, "settled", without=True), "ends.done: the field 'settled' is missing"),
        (changed(*END, "zh", without=True), "ends.done: the field 'zh' is missing"),
        (changed(*END, "ok", to=True), "ends.done: there is no field 'ok'"),
        (changed(*END, to=None), "own_disinfect.ends: the field 'done' is missing"),
        (changed(*WHERE, "ends", "in_part", "closes", to=True), "in_part.closes: what settles"),
        (changed(*WHERE, "ends", "Done!", to={}), "own_disinfect.ends: this is no key"),
        (changed(*WHERE, "ends", "x" * 41, to={}), "own_disinfect.ends: this is no key"),
        (
            changed(*WHERE, "ends", to={f"w{n}": {} for n in range(21)}),
            "own_disinfect.ends: 20 words at most",
        ),
        (changed("kinds", "disinfect", to={}), "kinds.disinfect: the field 'en' is missing"),
        (changed("kinds", "Own disinfect", to={}), "kinds: 'Own disinfect' is no key"),
        (changed("kinds", "own_" + "x" * 37, to={}), "kinds: this is no key"),
        (changed("kinds", "own_消毒", to={}), "kinds: this is no key"),
        (changed("kinds", 7, to={}), "kinds: this is no key"),  # type: ignore[arg-type]
        (changed("rules", to={"close": ["own_disinfect"]}), "rules: which contacts become"),
        (changed("rules", to={}), "rules: which contacts become"),
        (changed("version", to=1), "there is no field 'version' here; write one of: kinds"),
        (changed("kinds", to=[]), "kinds: named fields"),
        (changed("kinds", without=True), "the field 'kinds' is missing"),
    ],
    ids=lambda told: told if isinstance(told, str) else "",
)
def test_what_cannot_be_meant_is_told_with_its_place(content: bytes, said: str) -> None:
    assert said in refused(content).en


def whole(**more: Any) -> dict[str, Any]:
    """A kind of which nothing is wrong."""
    told: dict[str, Any] = yaml.safe_load(shown())["kinds"]["own_disinfect"]
    return {**told, **more}


@pytest.mark.parametrize("key", ["notify", "bring", "release"])
def test_a_shipped_kind_is_neither_changed_nor_shadowed(key: str) -> None:
    said = refused(changed("kinds", key, to=whole(en="new", zh="新")))
    assert f"kinds.{key}: {key} comes with ringfence" in said.en
    assert "已随软件提供" in said.zh


@pytest.mark.parametrize("key", ["disinfect", "own", "own_", "owned"])
def test_a_key_that_a_later_version_could_take(key: str) -> None:
    said = refused(changed("kinds", key, to=whole(en="new", zh="新")))
    assert f"kinds.{key}: a key of your own begins with {OWN}" in said.en


@pytest.mark.parametrize(
    "names",
    [
        {"en": "bring to the site"},
        {"en": "Bring  TO the\u00a0site"},
        {"en": "ｂring to the site"},
        {"zh": "转运至集中隔离点"},
        {"en": "转运至集中隔离点"},
        {"zh": "住所消毒"},
    ],
    ids=str,
)
def test_no_two_kinds_have_one_name(names: dict[str, str]) -> None:
    """A worker knows a kind by its name: it must not pass for an order."""
    said = refused(changed("kinds", "own_more", to=whole(**{"en": "new", "zh": "新", **names})))
    (spoken,) = names
    assert f"kinds.own_more.{spoken}: " in said.en


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_file() -> None:
    content = shown().replace("hours: 12", "hours: never").replace("hours: 48", "hours: 0")
    lines = refused(content.replace("order: false", "order: true", 1)).en.splitlines()
    assert [line.split(": ")[0].split(", ", 1)[1] for line in lines] == [
        "line 5, kinds.own_disinfect.hours",
        "line 8, kinds.own_disinfect.order",
        "line 16, kinds.own_listen.hours",
    ]


def test_a_hundred_kinds_at_most() -> None:
    many = {f"own_{n}": whole(en=f"work {n}", zh=f"工作{n}") for n in range(MOST + 1)}
    told = yaml.safe_dump({"kinds": many}, allow_unicode=True)
    assert f"kinds: {MOST} kinds at most" in refused(told).en
    del many["own_0"]
    assert len(read(yaml.safe_dump({"kinds": many}, allow_unicode=True)).own) == MOST


BOMB = "a: &a [x, x, x]\n" + "".join(
    f"{name}: &{name} [*{below}, *{below}, *{below}]\n"
    for below, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "named fields are wanted"),
        ("kinds", "named fields are wanted"),
        ("- kinds", "named fields are wanted"),
        ("kinds: {own_a: [", "this is not YAML"),
        ("kinds:\n\town_a: 1\n", "this is not YAML"),
        ("kinds: \x00", "this is not YAML"),
        (b"kinds: \xff\xfe", "not UTF-8"),
        (BOMB, "anchors and aliases"),
        ("kinds: &k\n  own_a: *k\n", "anchors and aliases"),
        ("kinds: {<<: {a: 1}}", "is no key"),
        ("kinds: !!python/object/apply:os.system ['true']", "tags (!) are not used"),
        ("kinds: !!map {}", "tags (!) are not used"),
        ("kinds: {}\nkinds: {}\n", "'kinds' is already given on line 1"),
        (shown() + shown().split("\n", 1)[1], "already given on line 2"),
        ("kinds: {}\n---\nkinds: {}\n", "a second document"),
        ("kinds: " + "[" * 500, "this is not YAML"),
        ("kinds: " + "[" * 500 + "]" * 500, "nested deeper"),
        ("#" * (MOST_BYTES + 1), "larger than 256 KB"),
        ("? {a: 1}\n: b\n", "must be one word"),
    ],
    ids=lambda told: str(told)[:30],
)
def test_what_is_no_such_file(content: bytes | str, said: str) -> None:
    assert said in refused(content).en


def test_what_somebody_wrote_is_not_repeated() -> None:
    """It may be a person's data, also where a key ought to be."""
    for content in (
        changed("kinds", "13800138000", to={}),
        changed(*WHERE, "王小明", to="x"),
        changed(*WHERE, "hours", to="13800138000"),
        changed(*WHERE, "ends", "王小明 13800138000", to={}),
        "13800138000: 1\n",
    ):
        said = refused(content)
        assert "138001" not in said.en + said.zh and "王小明" not in said.en + said.zh


def test_a_file_that_is_not_there_or_none(tmp_path: Path) -> None:
    for place in (tmp_path / "none.yaml", tmp_path):
        with pytest.raises(NotFound) as fault:
            content_of(place)
        assert all(str(place) in said for said in fault.value.text)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(NotFound):
        content_of(pipe)
    endless = put(tmp_path, b"#" * (MOST_BYTES * 3))
    assert len(content_of(endless)) == MOST_BYTES + 1


NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=60)
KEYS = st.from_regex(r"own_[a-z0-9_]{1,36}", fullmatch=True)
WORDS = st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True)


@st.composite
def ends(draw: st.DrawFn) -> dict[str, Any]:
    found = {}
    for word in draw(st.lists(WORDS, min_size=1, max_size=20, unique=True)):
        settled = draw(st.booleans())
        found[word] = {"en": draw(NAMES), "zh": draw(NAMES), "settled": settled}
        if settled and draw(st.booleans()):
            found[word]["closes"] = draw(st.booleans())
    next(iter(found.values()))["settled"] = True
    return found


def both() -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({"en": NAMES, "zh": NAMES})


KINDS = st.fixed_dictionaries(
    {
        "hours": st.integers(1, 720),
        "source": both(),
        "order": st.just(False),
        "ends": ends(),
    },
    optional={"group": both(), "by_hand": st.booleans(), "at_desk": st.just(False)},
)


def numbered(kinds: dict[str, Any]) -> dict[str, Any]:
    """Names of their own: a number that no shipped kind has."""
    return {
        key: {"en": f"work {n} {OWN}", "zh": f"工作 {n} {OWN}", **kind}
        for n, (key, kind) in enumerate(kinds.items())
    }


@given(st.dictionaries(KEYS, KINDS, max_size=4).map(numbered))
def test_whatever_is_sound_is_read_as_it_was_written(kinds: dict[str, Any]) -> None:
    found = read(yaml.safe_dump({"kinds": kinds}, allow_unicode=True, sort_keys=False))
    assert found.own == kinds.keys()
    for key, told in kinds.items():
        kind = found.kinds[key]
        assert kind.text == (told["en"], told["zh"])
        assert kind.due == timedelta(hours=told["hours"])
        assert kind.source == (told["source"]["en"], told["source"]["zh"])
        assert kind.by_hand == told.get("by_hand", True)
        group = told.get("group")
        assert kind.group == (group and (group["en"], group["zh"]))
        assert {word: end.settled for word, end in kind.ends.items()} == {
            word: end["settled"] for word, end in told["ends"].items()
        }


def places(told: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Of every value in it."""
    if isinstance(told, dict):
        for key, below in told.items():
            yield (*path, key)
            yield from places(below, (*path, key))


PLACES = list(places(yaml.safe_load(shown())))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=90) | KEYS
ANYTHING = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(SCALARS, below, max_size=3),
    max_leaves=8,
)


def holds(content: bytes) -> None:
    """Read or refused; and what is read changes nothing that is shipped and binds nobody."""
    try:
        found = read(content)
    except UserError as fault:
        assert isinstance(fault, DataError)
        assert fault.text.en and CHINESE.search(fault.text.zh)
        return
    shipped = book()
    assert {key: found.kinds[key] for key in shipped.kinds} == shipped.kinds
    assert found.rules == shipped.rules
    own = [found.kinds[key] for key in found.own]
    assert found.own.isdisjoint(shipped.kinds)
    for kind in own:
        assert not kind.order and not kind.at_desk
        assert any(end.settled for end in kind.ends.values())
        assert kind.text.en and kind.text.zh and kind.source.en and kind.source.zh
        assert timedelta(hours=1) <= kind.due <= timedelta(days=30)
        assert all(len(word) <= 40 for word in (kind.key, *kind.ends))


@given(st.sampled_from(PLACES), ANYTHING, st.booleans())
def test_whatever_stands_at_any_place(path: tuple[Any, ...], value: Any, without: bool) -> None:
    try:
        content = changed(*path, to=value, without=without)
    except (UnicodeEncodeError, yaml.YAMLError):
        return  # no file holds it
    holds(content)


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda t: t.encode(errors="ignore")))
def test_whatever_bytes_they_are(content: bytes) -> None:
    holds(content)


@given(st.data())
def test_a_file_that_was_cut_or_changed_anywhere(data: st.DataObject) -> None:
    content = bytearray(shown().encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=4))
    holds(bytes(content))
