"""The API's own description, as tests read it: requests made from it, answers judged by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ringfence_server.api.describing import document

HOSTILE = (
    "' OR 1=1 --",
    "\u202e\u0000",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd",
    "\U0001f637" * 40,
    "000101199001011012",
    "9" * 400,
    "<script>alert(1)</script>",
    "{{7*7}}%s%n",
)
LARGE = ((1 << 63) - 1, 1 << 63, -(1 << 63), 10**30, -1, 0)


@dataclass(frozen=True)
class Described:
    path: str
    method: str
    told: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.told["operationId"])

    @property
    def body(self) -> dict[str, Any] | None:
        content = self.told.get("requestBody", {}).get("content", {})
        schema: dict[str, Any] | None = content.get("application/json", {}).get("schema")
        return schema

    @property
    def media(self) -> set[str]:
        """Of what it takes."""
        return set(self.told.get("requestBody", {}).get("content", {}))

    def parameters(self, where: str) -> list[dict[str, Any]]:
        return [one for one in self.told["parameters"] if one["in"] == where]


@cache
def whole() -> dict[str, Any]:
    return document()


def operations() -> Iterator[Described]:
    for path, ways in whole()["paths"].items():
        for method, told in ways.items():
            yield Described(path, method.upper(), told)


def judge(one: Described, status: int, media: str, told: Any) -> None:
    """AssertionError: the description does not say so."""
    answers = one.told["responses"]
    assert str(status) in answers, f"{one.name} answers {status}, which is not described"
    content = answers[str(status)]["content"]
    assert media.split(";", maxsplit=1)[0] in content, f"{one.name}: {media}"
    schema = content[media.split(";", maxsplit=1)[0]]["schema"]
    Draft202012Validator({**schema, "components": whole()["components"]}).validate(told)


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """What the schema describes, and now and then something else."""
    return st.one_of(_meant(schema), _meant(schema), _anything())


def _meant(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    for name, made in _BY_WORD.items():
        if name in schema:
            return made(schema[name])
    kind = schema.get("type", "")
    return _BY_KIND[kind](schema) if kind in _BY_KIND else texts()


def _object(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    named = schema.get("properties", {})
    needed = set(schema.get("required", ()))
    return st.fixed_dictionaries(
        {name: values(told) for name, told in named.items() if name in needed},
        optional={name: values(told) for name, told in named.items() if name not in needed},
    )


_BY_WORD: dict[str, Callable[[Any], st.SearchStrategy[Any]]] = {
    "$ref": lambda name: _meant(_named(name)),
    "anyOf": lambda several: st.one_of(*map(_meant, several)),
    "enum": st.sampled_from,
    "const": st.just,
}
_BY_KIND: dict[str, Callable[[dict[str, Any]], st.SearchStrategy[Any]]] = {
    "object": _object,
    "array": lambda schema: st.lists(values(schema["items"]), max_size=3),
    "integer": lambda _: st.integers(0, 50) | st.sampled_from(LARGE),
    "boolean": lambda _: st.booleans(),
    "null": lambda _: st.none(),
}


def texts() -> st.SearchStrategy[str]:
    known = st.sampled_from(
        ("", "covid-19", "000101", "2022-07-05", "2022-07-06T10:00:00+08:00", "reached", "chief")
    )
    return st.one_of(known, st.sampled_from(HOSTILE), st.text(max_size=30))


def _anything() -> st.SearchStrategy[Any]:
    leaf = st.none() | st.booleans() | st.sampled_from(LARGE) | st.floats() | texts()
    return st.recursive(
        leaf,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts(), inner, max_size=3),
    )


def _in_others(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=3) | st.dictionaries(texts(), inner, max_size=3)


def _named(reference: str) -> dict[str, Any]:
    found: dict[str, Any] = whole()["components"]["schemas"][reference.rsplit("/", 1)[-1]]
    return found
