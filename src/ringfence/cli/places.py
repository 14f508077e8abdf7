"""`ringfence places`: names of places that may mean one, for people to decide."""

from __future__ import annotations

import sys
from pathlib import Path
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
from ringfence.errors import Text, UsageError

if TYPE_CHECKING:
    from ringfence.lake import Home


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said("Names of places brought to one place.", "场所名称归并。"), no_args_is_help=True
    )
    group.command(
        "review",
        help=said(
            "List names of a file that may mean known places.", "列出文件中疑似已知场所的名称。"
        ),
    )(review)
    group.command("decide", help=said("Take a filled review list.", "导入填好的核对清单。"))(decide)
    app.add_typer(group, name="places")


def review(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help=said("File of any form.", "任意格式的文件。"))
    ],
    *,
    column: Annotated[
        str,
        typer.Option(metavar="NAME", help=said("Column with the names.", "场所名称所在的列。")),
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="CSV",
            help=said(
                "Write the list here. [default: standard output]", "输出文件。[默认：标准输出]"
            ),
        ),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.sources.normalise.place_review import place_book, review_list
    from ringfence.sources.normalise.places import match_places, unsure_first

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    names = _names(opened, file, column)
    matches = match_places(names, place_book(opened, context.now()))
    unsure = unsure_first(matches)
    sure = sum(match.key is not None for match in matches)
    new = len(matches) - sure - len(unsure)
    if as_json:
        context.print_json(
            {
                "names": len(matches),
                "known": sure,
                "new": new,
                "unsure": [
                    {
                        "name": match.name,
                        "may_be": [
                            {"place": a.key, "name": a.name, "alike": a.score} for a in match.review
                        ],
                    }
                    for match in unsure
                ],
            }
        )
        return 0
    listed = review_list(unsure)
    if out is None:
        sys.stdout.write(listed)
    else:
        out.write_text(listed, encoding="utf-8-sig")
    told = Text(
        f"{len(matches):,} names: {sure:,} known, {new:,} new, {len(unsure):,} to decide"
        " (write `same` or `new` in `decision`, then `ringfence places decide`).",
        f"共 {len(matches):,} 个名称：已知 {sure:,}，新 {new:,}，待定 {len(unsure):,}"
        "（在 decision 列填 same 或 new，再运行 `ringfence places decide`）。",
    )
    print(context.say(told), file=sys.stderr)  # noqa: T201
    return 0


def decide(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help=said("The filled list.", "填好的清单。"))
    ],
    *,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.sources.normalise.place_review import (
        keep_decisions,
        place_book,
        read_decisions,
    )

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    decided = read_decisions(file, place_book(opened, context.now()))
    kept = keep_decisions(opened, decided)
    if as_json:
        context.print_json({"aliases": len(kept.aliases), "new": len(kept.new)})
        return 0
    context.print(
        Text(
            f"Decided: {len(decided.aliases):,} same, {len(decided.new):,} new;"
            f" {len(kept.aliases):,} aliases are kept in all.",
            f"已确定：{len(decided.aliases):,} 个名称为已知场所，{len(decided.new):,} 个为新场所；"
            f"共保存 {len(kept.aliases):,} 个别名。",
        )
    )
    return 0


def _names(home: Home, file: str, column: str) -> list[str]:
    from ringfence.sources.opening import open_delivery
    from ringfence.sources.raw.model import Form
    from ringfence.sources.raw.reading import read_raw

    names: dict[str, None] = {}
    with open_delivery(home, file) as delivered:
        raw = read_raw(delivered, Form(), lambda _: None, expected=(column,))
        if column not in raw.columns:
            offered = ", ".join(raw.columns[:40])
            raise UsageError(
                f"{delivered.name} has no column `{column}`; it has: {offered}",
                f"{delivered.name} 中没有“{column}”列；现有：{offered}",
            )
        for chunk in raw.chunks():
            cells = chunk.columns.get(column)
            if cells is not None:
                names |= dict.fromkeys(cells.drop_null().to_pylist())
    return list(names)
