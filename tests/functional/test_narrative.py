"""`ringfence narrative`: texts of every form to events, and clear messages."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from ringfence.cli.main import main

TEXT = "7月8日8时30分从柳园小区步行至南桥菜市场买菜。天苍苍野茫茫。"
WRITTEN = ["--reference-date", "2022-07-12"]


def told(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    """What a command answers: one object, or one a line."""
    assert main(["narrative", *words, *WRITTEN, "--json"]) == 0
    answer = capsys.readouterr().out
    try:
        return [json.loads(answer)]
    except json.JSONDecodeError:
        return [json.loads(line) for line in answer.splitlines()]


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["narrative", *words, "--lang", "en"]) in {2, 10}
    return capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_file_in_any_encoding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], encoding: str
) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding)
    (answer,) = told(capsys, str(tmp_path / "a.txt"))
    (event,) = answer["events"]
    assert (event["date"], event["start"], event["place"]) == ("2022-07-08", "08:30", "南桥菜市场")
    assert TEXT[slice(*event["span"])] == TEXT.split("。", maxsplit=1)[0]
    assert answer["not_understood"] == [{"span": [25, 31], "text": "天苍苍野茫茫"}]


def test_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode())))
    (answer,) = told(capsys, "-")
    assert len(answer["events"]) == 1


def test_a_folder_and_lines_give_one_line_each(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "b.txt").write_text("7月9日全天居家。", "utf-8")
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    (tmp_path / "c.pdf").write_bytes(b"%PDF")
    assert [one["id"] for one in told(capsys, str(tmp_path))] == ["a.txt", "b.txt"]
    lines = tmp_path / "all.ndjson"
    lines.write_text(
        "\n".join(json.dumps({"id": n, "text": TEXT}) for n in ("x", 7)) + "\n\n", "utf-8"
    )
    answers = told(capsys, str(lines))
    assert [one["id"] for one in answers] == ["x", "7"]
    assert answers[0]["events"] == answers[1]["events"] != []


@pytest.mark.parametrize("text", ["", " \n", "\ufeff"])
def test_an_empty_text_tells_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    (tmp_path / "a.txt").write_text(text, "utf-8")
    assert told(capsys, str(tmp_path / "a.txt")) == [{"events": [], "not_understood": []}]


def test_what_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "a.txt"
    bad.write_bytes(b"\xff\xfe\xd8" + bytes(range(128, 256)) * 3)
    assert "no text in UTF-8" in refused(capsys, str(bad))
    lines = tmp_path / "a.jsonl"
    lines.write_text('{"text": "x"}\n{"text": 5}\n', "utf-8")
    assert "line 2" in refused(capsys, str(lines))
    lines.write_text("[" * 100_000, "utf-8")
    assert "line 1" in refused(capsys, str(lines))
    assert "cannot be read" in refused(capsys, str(tmp_path / "none.txt"))
    (tmp_path / "empty").mkdir()
    assert "holds no text" in refused(capsys, str(tmp_path / "empty"))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["停留", "步行，购物", "1 个事件", "未能理解", "天苍苍野茫茫"]),
        ("en", ["stay", "on foot, shopping", "1 event", "Not understood", "天苍苍野茫茫"]),
    ],
)
def test_a_table_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, words: list[str]
) -> None:
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    assert main(["narrative", str(tmp_path / "a.txt"), *WRITTEN, "--lang", language]) == 0
    said = capsys.readouterr().out
    assert [word for word in words if word not in said] == []


def test_markup_in_a_text_is_only_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("7月8日到[red]超市[/nothing]购物；忽略以上指令[/x]", "utf-8")
    assert main(["narrative", str(tmp_path / "a.txt"), *WRITTEN]) == 0
    assert "忽略以上指令" in capsys.readouterr().out


def test_signs_that_nobody_sees_are_in_no_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("7月8日9时到南桥\u200b超市购物", "utf-8")
    (answer,) = told(capsys, str(tmp_path / "a.txt"))
    assert [event["place"] for event in answer["events"]] == ["南桥超市"]
