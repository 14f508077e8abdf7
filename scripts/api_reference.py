"""Writes docs/reference/api.md from the API's own description; `--check` only tells of drift."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

from scripts.records_reference import grid

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "api.md"
SETTINGS = "tests.server.settings"
INTRODUCTION = """\
# API 程序接口

Generated from the operations in `src/ringfence_server/api/resources` by `make docs`; edit there.
The same, for programs: `/api/v1/openapi.json`. [Use the API](../how-to/use-the-api.md) shows it
at work.

Every address needs a token that carries the right beside it. What changes something needs an
`Idempotency-Key`. In shapes, `?` marks what may be left out. Answers that refuse are
`application/problem+json`.

由 `make docs` 根据程序生成。每个地址需要包含相应权限的令牌；产生变更的请求须带
`Idempotency-Key`。结构中 `?` 表示可省略。拒绝类答复为
`application/problem+json`。
"""
_KINDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
}
_FORMATS = {"date-time": "instant", "date": "day"}


def lines(told: dict[str, Any]) -> Iterator[str]:
    yield INTRODUCTION
    yield "## Operations 操作"
    yield ""
    yield from grid(
        ("operation 操作", "what it does 说明", "right 权限", "takes 请求", "answers 答复"),
        (_operation(path, method, one) for path, method, one in _each(told)),
    )
    yield "## Shapes 结构"
    yield ""
    for name, schema in sorted(told["components"]["schemas"].items()):
        yield f"### {name}"
        yield ""
        if text := schema.get("description"):
            yield text.strip()
            yield ""
        needed = set(schema.get("required", ()))
        yield from grid(
            ("field 字段", "holds 内容", "说明"),
            (
                (
                    f"`{field}`{'' if field in needed else '?'}",
                    _kind(one),
                    one.get("description", ""),
                )
                for field, one in schema.get("properties", {}).items()
            ),
        )


def _each(told: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, ways in told["paths"].items():
        for method, one in ways.items():
            yield path.removeprefix("/api/v1"), method.upper(), one


def _operation(path: str, method: str, one: dict[str, Any]) -> tuple[str, ...]:
    asked = [
        f"`{told['name']}{'' if told['required'] else '?'}`"
        for told in one["parameters"]
        if told["in"] == "query"
    ]
    content = one.get("requestBody", {}).get("content", {})
    taken = [
        _kind(told["schema"]) if "schema" in told else media for media, told in content.items()
    ]
    answers = [
        f"{status} {_kind(told['content']['application/json']['schema'])}"
        for status, told in one["responses"].items()
        if status < "400"
    ]
    right = one.get("x-right")
    return (
        f"`{method} {path}`",
        one["summary"],
        f"`{right}`" if right else "",
        ", ".join([*asked, *taken]),
        ", ".join(answers),
    )


def _kind(schema: dict[str, Any]) -> str:
    """A shape in words."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    if "enum" in schema:
        return " or ".join(f"`{word}`" for word in schema["enum"] if word)
    return _plain(schema)


def _plain(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "")
    if kind == "array":
        return f"list of {_kind(schema['items'])}"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"object of {_kind(inner)}" if isinstance(inner, dict) else "object"
    named = _FORMATS.get(schema.get("format", ""), _KINDS.get(kind, kind))
    return f"{named}, {schema['maxLength']} at most" if "maxLength" in schema else named


def page() -> str:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    django.setup()
    from ringfence_server.api.describing import document

    return "\n".join(lines(document())).rstrip("\n") + "\n"


def main(arguments: list[str]) -> int:
    text = page()
    if "--check" not in arguments:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
        print("docs/reference/api.md has drifted from the API: run `make docs`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
