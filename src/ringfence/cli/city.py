"""`ringfence city`: a synthetic city whose truth is known."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli import city_answers
from ringfence.cli.language import said
from ringfence.cli.options import Context, JsonOption, LangOption, make_context, read_day
from ringfence.errors import Text, UsageError

if TYPE_CHECKING:
    from ringfence_city.making import Made, Tell

_STAGES = {
    "people": Text("people and places", "人口与场所"),
    "days": Text("day", "第"),
    "back": Text("looking back, day", "回看，第"),
}


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said("A synthetic city whose truth is known.", "真相已知的虚构城市。"),
        no_args_is_help=True,
    )
    group.command("make", help=said("Make a city in a new folder.", "在新目录中生成城市。"))(make)
    city_answers.register(group)
    app.add_typer(group, name="city")


def make(
    out: Annotated[
        Path,
        typer.Argument(metavar="OUT", help=said("New or empty folder.", "新建或空的目录。")),
    ],
    *,
    people: Annotated[
        int, typer.Option(metavar="N", help=said("How many people live there.", "居民人数。"))
    ] = 20_000,
    days: Annotated[
        int, typer.Option(metavar="D", help=said("How many days are lived.", "经历的天数。"))
    ] = 14,
    seed: Annotated[
        int,
        typer.Option(
            metavar="S",
            help=said(
                "Same seed and same parameters: same bytes.", "种子与参数相同，则结果逐字节相同。"
            ),
        ),
    ] = 1,
    first_day: Annotated[
        str, typer.Option(metavar="DATE", help=said("The first day.", "第一天的日期。"))
    ] = "2022-09-19",
    index_cases: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help=said(
                "People infected before the first day. [default: 3, or all of fewer people]",
                "第一天之前已感染的人数。[默认：3，不足 3 人时为全部]",
            ),
        ),
    ] = None,
    household_size: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help=said(
                "Persons of every household. [default: as the census counts them]",
                "每户人数。[默认：按人口普查的分布]",
            ),
        ),
    ] = None,
    noise: Annotated[
        float,
        typer.Option(
            metavar="F",
            help=said(
                "Faults of all channels, as a multiple of their own (0: none).",
                "各渠道差错的倍数（0：无差错）。",
            ),
        ),
    ] = 1.0,
    coverage: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CHANNEL=SHARE",
            help=said(
                "Share of facts that a channel sees, such as venue-scans=0.3.",
                "某渠道能记录的比例，例如 venue-scans=0.3。",
            ),
        ),
    ] = None,
    full: Annotated[
        bool,
        typer.Option(
            "--full",
            help=said(
                "Deliver every true fact as it is, without any fault.",
                "按事实原样交付全部信息，没有任何差错。",
            ),
        ),
    ] = False,
    raw: Annotated[
        bool,
        typer.Option(
            "--raw/--canonical",
            help=said(
                "What has a mapping comes in its agency's own form; or all as canonical files.",
                "有映射的渠道按其机构自己的格式交付；或全部以规范文件交付。",
            ),
        ),
    ] = True,
    presences: Annotated[
        bool,
        typer.Option(
            "--presences/--no-presences",
            help=said(
                "Write the true stays of everybody among the answers.",
                "在答案中写出所有人的真实停留。",
            ),
        ),
    ] = True,
    workers: Annotated[
        int, typer.Option(metavar="N", help=said("How many processes work.", "并行进程数。"))
    ] = 2,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence_city.making import Request
    from ringfence_city.making import make as make_city
    from ringfence_city.observe.noise import Agencies
    from ringfence_city.parameters import Parameters

    context = make_context(None, None, as_json, lang)
    request = Request(
        Parameters(
            people,
            days,
            seed,
            read_day("--first-day", first_day),
            min(3, people) if index_cases is None else index_cases,
            full,
            household_size,
        ),
        Agencies(_thousandths(noise), tuple(_share(text) for text in coverage or ()), raw),
        workers,
        presences,
    )
    began = time.monotonic()
    made = make_city(out, request, _progress(context))
    _show(context, out, made, time.monotonic() - began)
    return 0


def _thousandths(factor: float) -> int:
    if not 0 <= factor <= 10:
        raise UsageError("--noise lies between 0 and 10", "--noise 应在 0 到 10 之间")
    return round(factor * 1000)


def _share(text: str) -> tuple[str, int]:
    channel, _, told = text.partition("=")
    try:
        share = float(told)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise UsageError(
            "--coverage needs a channel and a share from 0 to 1, such as venue-scans=0.3",
            "--coverage 需要渠道名和 0 到 1 之间的比例，例如 venue-scans=0.3",
        )
    return channel, round(share * 1_000_000)


def _progress(context: Context) -> Tell | None:
    """A line on standard error; overwritten on a terminal, silent where a program reads."""
    if context.as_json or not sys.stderr.isatty():
        return None

    def tell(stage: str, done: int, whole: int) -> None:
        told = _STAGES[stage]
        day = Text(f"{told.en} {done + 1} of {whole}", f"{told.zh} {done + 1} 天，共 {whole} 天")
        shown = told if stage == "people" else day
        sys.stderr.write(f"\r\x1b[K{context.say(shown)}" if done + 1 < whole else "\r\x1b[K")
        sys.stderr.flush()

    return tell


def _show(context: Context, out: Path, made: Made, seconds: float) -> None:
    if context.as_json:
        from dataclasses import asdict

        context.print_json({"city": str(out), **asdict(made)})
        return
    context.print(
        Text(
            f"Made a city in {out} in {seconds:,.0f} s: {made.people:,} people, "
            f"{made.infections:,} infected, {made.cases:,} reported cases; "
            f"{made.deliveries:,} delivered files with {made.rows:,} rows.\n"
            f"Next: ringfence city answers {out}",
            f"已在 {out} 生成城市，用时 {seconds:,.0f} 秒：{made.people:,} 人，"
            f"{made.infections:,} 人感染，报告病例 {made.cases:,} 例；"
            f"交付文件 {made.deliveries:,} 个，共 {made.rows:,} 行。\n"
            f"下一步：ringfence city answers {out}",
        )
    )
