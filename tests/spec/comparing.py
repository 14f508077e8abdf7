"""Compares an answer with what a chapter shows, and prints both side by side where they differ."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest

from .answers import Answer, Row, answer_rows, normal
from .chapters import COMPLETE, OF_AREAS, OF_MOVEMENTS, OF_RIDES, Expected, Rows, Run


def differences(run: Run, trace: Answer) -> list[str]:
    """One text for each table that is not as the chapter has it; empty where all are."""
    shown = {expected.table for expected in run.expected}
    kinds = ((run.moved, OF_MOVEMENTS), (run.ridden, OF_RIDES), (run.area, OF_AREAS))
    complete = next((tables for asked, tables in kinds if asked), COMPLETE)
    silent = [Expected(name, Rows((), ()), run.line) for name in complete if name not in shown]
    found = []
    for expected in (*run.expected, *silent):
        text = _difference(expected, trace)
        if text is not None:
            found.append(text)
    return found


def _difference(expected: Expected, trace: Answer) -> str | None:
    answered = answer_rows(expected.table, trace)
    if expected.table == "warnings" and expected.rows.rows:
        return _missing_phrases(expected, answered)
    columns = expected.rows.columns or tuple(answered[0] if answered else ())
    wanted = [
        tuple(normal(column, row[column], trace.zone) for column in columns)
        for row in expected.rows.rows
    ]
    got = [tuple(row[column] for column in columns) for row in answered]
    same = wanted == got if expected.in_order else Counter(wanted) == Counter(got)
    return None if same else _side_by_side(expected, columns, wanted, got)


def _missing_phrases(expected: Expected, answered: list[Row]) -> str | None:
    texts = [row["says"] for row in answered]
    missing = [
        row["says"] for row in expected.rows.rows if not any(row["says"] in text for text in texts)
    ]
    return f"no warning says {missing}; warnings: {texts}" if missing else None


def _side_by_side(
    expected: Expected,
    columns: tuple[str, ...],
    wanted: list[tuple[str, ...]],
    got: list[tuple[str, ...]],
) -> str:
    if not expected.in_order:
        wanted, got = sorted(wanted), sorted(got)
    left, right = _lines(columns, wanted, got), _lines(columns, got, wanted)
    width = max(len(line) for line in ["the chapter says", *left])
    rows = zip_longest(["the chapter says", *left], ["the trace answers", *right], fillvalue="")
    body = "\n".join(f"  {a:<{width}}  |  {b}" for a, b in rows)
    return f"{expected.table} (line {expected.line}; '!' marks what the other side lacks)\n{body}"


def _lines(
    columns: tuple[str, ...], rows: list[tuple[str, ...]], others: list[tuple[str, ...]]
) -> list[str]:
    widths = [
        max(len(text) for text in (name, *(row[n] for row in rows)))
        for n, name in enumerate(columns)
    ]
    left = Counter(others)
    lines = ["  " + "  ".join(f"{c:<{w}}" for c, w in zip(columns, widths, strict=True))]
    for row in rows:
        mark = " " if left[row] > 0 else "!"
        left[row] -= 1
        lines.append(f"{mark} " + "  ".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)))
    return [line.rstrip() for line in lines]
