"""`ringfence divisions`: the table of administrative units that the user loads."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
)
from ringfence.errors import Text

if TYPE_CHECKING:
    from ringfence.sources.normalise.regions import RegionYears


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said("The table of administrative divisions.", "行政区划表。"), no_args_is_help=True
    )
    group.command(
        "import",
        help=said("Load divisions, or region codes by year.", "导入行政区划，或分年度的区划代码。"),
    )(load)
    group.command("status", help=said("What is loaded.", "已导入的内容。"))(status)
    app.add_typer(group, name="divisions")


def load(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help=said(
                "Canonical jurisdictions, code,name tables, or revision,code,name (GB/T 2260).",
                "规范的管辖地文件、code,name 表，或 revision,code,name（GB/T 2260 各修订版）。",
            ),
        ),
    ],
    *,
    source: Annotated[
        str,
        typer.Option(metavar="NAME", help=said("Who publishes it.", "发布者。")),
    ] = "divisions",
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.cli.receipts import show_any_receipt
    from ringfence.sources.normalise.division_import import import_divisions

    context = make_context(home, clock, as_json, lang)
    loaded = import_divisions(context.home(), file, source=source, now=context.now())
    if loaded.years is not None:
        if as_json:
            context.print_json(_years_as_json(loaded.years))
        else:
            context.print(_years_in_words(loaded.years))
        return 0
    assert loaded.receipt is not None
    if as_json:
        context.print_json(loaded.receipt.as_json())
    else:
        show_any_receipt(context, loaded.receipt)
    return 10 if loaded.receipt.rows_in and not loaded.receipt.accepted else 0


def status(
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.records.vocabularies import JURISDICTION_LEVELS
    from ringfence.sources.normalise.division_store import known_divisions, region_years

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    known = known_divisions(opened, context.now())
    years = region_years(opened)
    units = {} if known is None else known.units
    levels = Counter(unit.level for unit in units.values())
    if as_json:
        content: dict[str, object] = {level: levels[level] for level in JURISDICTION_LEVELS}
        content["region_codes"] = None if years is None else _years_as_json(years)
        context.print_json(content)
        return 0
    if not units:
        nothing = Text(
            "No divisions are loaded: addresses are not located.", "尚未导入行政区划：不定位地址。"
        )
        context.print(nothing)
    for level, name in JURISDICTION_LEVELS.items():
        if levels[level]:
            count = levels[level]
            context.print(Text(f"{count:>8,} {name.en}", f"{count:>8,} {name.zh}"))
    if years is None:
        nothing = Text(
            "No region codes by year are loaded: of ID numbers only the province is checked.",
            "尚未导入分年度区划代码：身份证号码仅核对省份。",
        )
        context.print(nothing)
    else:
        context.print(_years_in_words(years))
    return 0


def _years_as_json(years: RegionYears) -> dict[str, int]:
    return {"codes": len(years.last_year), "from": years.covers_from, "to": years.covers_to}


def _years_in_words(years: RegionYears) -> Text:
    count, first, last = len(years.last_year), years.covers_from, years.covers_to
    return Text(
        f"Region codes of ID numbers are checked by year: {count:,} codes, {first}–{last}.",
        f"身份证号码区划按年份核对：{count:,} 个代码，{first}–{last} 年。",
    )
