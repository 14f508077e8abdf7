"""Normalisers under a coverage-guided fuzzer, for a fixed number of runs.

Run as a program it goes on for as long as libFuzzer's own options say:
`python tests/fuzz/test_normalisers.py CORPUS -max_total_time=600`.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.fuzz.running import fuzzed

RUNS = 10_000
MOST_BYTES = 300


def test_no_text_breaks_a_normaliser(tmp_path: Path) -> None:
    """What was written in the page on normal forms is where the fuzzer starts from."""
    seeds = [bytes([target]) + text.encode() for target, text in written_on_the_page()]
    fuzzed(__file__, seeds, tmp_path, RUNS, f"-max_len={MOST_BYTES}", "-timeout=10")


def written_on_the_page() -> list[tuple[int, str]]:
    """Number of the target, and a text of the page that it reads."""
    names = targets()
    cells = []
    for table in import_module("tests.unit.sources.normalise.chapter").tables():
        name = table.quoted[0] if table.verb in ("Read as", "Split") else table.verb
        if name in names:
            column = "written" if "written" in table.rows[0] else "address"
            cells += [(names.index(name), row[column]) for row in table.rows]
    return cells


def targets() -> list[str]:
    from ringfence.sources.normalise import KINDS

    return [*sorted(KINDS), "seat", "Located", "lookup", "forms"]


def main() -> None:
    import atheris

    with atheris.instrument_imports(include=["ringfence.sources.normalise"]):
        from ringfence.sources.normalise import Setting, locating, lookup  # noqa: F401
        from ringfence.sources.normalise.divisions import Unit, divisions_of
    setting = Setting(ZoneInfo("Asia/Shanghai"), datetime(2022, 10, 1, tzinfo=UTC), synthetic=True)
    units = [
        Unit("CN", None, "country", "中国"),
        Unit("110000", "CN", "province", "北京市"),
        Unit("110100", "110000", "city", "市辖区"),
        Unit("110105", "110100", "district", "朝阳区"),
        Unit("220000", "CN", "province", "吉林省"),
        Unit("220200", "220000", "city", "吉林市"),
        Unit("220104", "220200", "district", "朝阳区"),
    ]
    divisions = divisions_of(units)
    names = targets()

    def once(data: bytes) -> None:
        name = names[data[0] % len(names)] if data else "text"
        check(name, data[1:].decode("utf-8", "replace"), setting, divisions)

    atheris.Setup(sys.argv, once)
    atheris.Fuzz()


def check(name: str, text: str, setting: Any, divisions: Any) -> None:
    """Raises where a text breaks a normaliser, or a normal value is not its own normal form."""
    import pyarrow as pa

    from ringfence.sources.normalise import KINDS, normalise, split_seat
    from ringfence.sources.normalise.locating import locate
    from ringfence.sources.normalise.lookup import forms_sought, lookup_forms
    from ringfence.sources.reasons import RefusedError

    if name in KINDS:
        read = normalise(name, pa.array([text]), setting)
        again = normalise(name, read.values, setting)
        assert again.values.equals(read.values)
        assert not again.faults
    elif name == "forms":
        form, _, written = text.partition("\n")
        normalise("datetime", pa.array([written]), replace(setting, forms=(form,)))
        normalise("date", pa.array([written]), replace(setting, forms=(form,)))
    elif name == "Located":
        locate(text, divisions, within="110000")
    else:
        try:
            if name == "seat":
                split_seat(text)
            else:
                lookup_forms(text)
                forms_sought(text)
        except RefusedError:
            return


if __name__ == "__main__":
    main()
