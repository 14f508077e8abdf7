"""Texts to read: one in a file, several in a folder, or lines of NDJSON with `id` and `text`."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ringfence.errors import DataError, UsageError
from ringfence.sources.raw.encodings import find_encoding

MOST_BYTES = 16 << 20
"""Of one text; a line of NDJSON is one text."""
_LINES = frozenset({".ndjson", ".jsonl"})
_TEXTS = frozenset({".txt", ".md", ".text"})


@dataclass(frozen=True)
class Given:
    """`id`: the name of its file, or as its line says; None where there is only one text."""

    id: str | None
    text: str


def texts_of(path: Path | None, standard_input: BinaryIO) -> Iterator[Given]:
    """`path` None: the one text of standard input. In a folder: its texts, by their names."""
    if path is None:
        yield Given(None, _decoded(standard_input.read(MOST_BYTES + 1), "-"))
        return
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.suffix.lower() in _TEXTS)
        if not files:
            raise UsageError(
                f"{path} holds no text; files end with .txt or .md",
                f"{path} 中没有文本；文件应以 .txt 或 .md 结尾",
            )
        for file in files:
            yield Given(file.name, _content(file))
        return
    if path.suffix.lower() in _LINES:
        yield from _lines(path)
        return
    yield Given(None, _content(path))


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return _decoded(file.read(MOST_BYTES + 1), path.name)
    except OSError as fault:
        raise UsageError(
            f"{path} cannot be read: {fault.strerror}", f"无法读取 {path}：{fault.strerror}"
        ) from None


def _decoded(content: bytes, name: str) -> str:
    """In the encoding that its bytes show: UTF-8, UTF-16 or GB18030."""
    if len(content) > MOST_BYTES:
        raise DataError(
            f"{name} is larger than {MOST_BYTES >> 20} MiB; give each narrative a file of its own",
            f"{name} 超过 {MOST_BYTES >> 20} MiB；请将每份叙述单独存为一个文件",
        )
    encoding = find_encoding(io.BytesIO(content)).name
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise DataError(
            f"{name} is no text in UTF-8, UTF-16 or GB18030; write it again as UTF-8",
            f"{name} 不是 UTF-8、UTF-16 或 GB18030 编码的文本；请另存为 UTF-8",
        ) from None


def _lines(path: Path) -> Iterator[Given]:
    for number, line in enumerate(io.StringIO(_content(path)), start=1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict) or not isinstance(told.get("text"), str):
            raise DataError(
                f'{path.name}, line {number}: not of the form {{"id": …, "text": …}}',
                f'{path.name} 第 {number} 行：应为 {{"id": …, "text": …}}',
            )
        yield Given(str(told.get("id", number)), told["text"])
