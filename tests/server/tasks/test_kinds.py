"""Kinds and rules are data that a person can read, and that cannot be meant wrongly."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml

from ringfence.errors import DataError
from ringfence_server.tasks.kind_reading import read_book
from ringfence_server.tasks.kinds import CLASSES, NAMED, book

TEXT = files("ringfence_server.tasks").joinpath("kinds.yaml").read_text(encoding="utf-8")


def test_every_kind_says_all_in_both_languages() -> None:
    for kind in book().kinds.values():
        texts = [kind.text, kind.source, *(end.text for end in kind.ends.values())]
        assert all(text.en and text.zh for text in texts), kind.key
        assert not any(text.en == text.zh for text in texts), kind.key
        assert kind.due


def test_nobody_is_left_without_work_and_hearsay_makes_no_order() -> None:
    for outcome in CLASSES:
        wanted = book().wanted(outcome, binds=False)
        assert wanted
        assert not any(book().kinds[kind].order for kind in wanted)
    assert book().wanted(NAMED, binds=True) == {"verify"}
    assert "bring" in book().wanted("close", binds=True)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("rules", "close"), ["bring"]),
        (("rules", "close"), ["dance"]),
        (("rules", "named"), ["verify", "bring"]),
        (("rules", "stranger"), ["notify"]),
        (("kinds", "notify", "hours"), 0),
        (("kinds", "notify", "colour"), "red"),
        (("kinds", "notify", "ends", "reached", "settled"), False),
    ],
    ids=str,
)
def test_what_cannot_be_meant(path: tuple[str, ...], value: object) -> None:
    told = yaml.safe_load(TEXT)
    at = told
    for name in path[:-1]:
        at = at[name]
    at[path[-1]] = value
    with pytest.raises(DataError) as refused:
        read_book(yaml.safe_dump(told, allow_unicode=True).encode())
    assert refused.value.text.en and refused.value.text.zh
