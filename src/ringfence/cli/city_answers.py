"""`ringfence city answers` and `ringfence city describe`: what is true in a synthetic city."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli.language import said
from ringfence.cli.options import Context, JsonOption, LangOption, make_context, read_time
from ringfence.cli.written import write_whole
from ringfence.errors import Text, UsageError

if TYPE_CHECKING:
    from ringfence.protocols.model import Protocol

CityArgument = Annotated[
    Path,
    typer.Argument(
        metavar="OUT",
        help=said("Folder of a city that was made.", "已生成的城市所在目录。"),
    ),
]


def register(group: typer.Typer) -> None:
    """Into the group `city`."""
    group.command(
        "answers",
        help=said(
            "Write the true exposures to the cases, and the contacts that each protocol would "
            "list if everything were known.",
            "写出病例的真实暴露，以及在一切已知时各方案应列出的接触者。",
        ),
    )(answers)
    group.command(
        "describe",
        help=said(
            "Show what is in a city, as a page and in short.", "以网页和摘要说明城市的内容。"
        ),
    )(describe)
    group.command(
        "tell",
        help=said(
            "Write what its people would tell of their days as narratives, with the events beside.",
            "写出居民对其行程的叙述文本，并附其中的事件。",
        ),
    )(tell)


def answers(
    city: CityArgument,
    *,
    case: Annotated[
        list[str] | None,
        typer.Option(
            "--case",
            metavar="C",
            help=said("Only this case; may be repeated.", "仅此病例；可重复。"),
        ),
    ] = None,
    protocol: Annotated[
        list[str] | None,
        typer.Option(
            "--protocol",
            metavar="P",
            help=said(
                "Only this protocol (id, id@version or a file); may be repeated. "
                "[default: all that are shipped]",
                "仅此方案（编号、编号@版本或文件）；可重复。[默认：随软件提供的全部方案]",
            ),
        ),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="T",
            help=said(
                "Evaluate at this time. [default: when all deliveries have been received]",
                "以此时间评定。[默认：全部交付均已收到之时]",
            ),
        ),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence_city.answers.city_folder import open_city
    from ringfence_city.answers.writing import answer

    context = make_context(None, None, as_json, lang)
    folder = open_city(city)
    at = folder.all_known if as_of is None else read_time("--as-of", as_of)
    done = answer(folder.answers, at, _protocols(protocol or ()), tuple(case or ()))
    if as_json:
        context.print_json(done.as_json())
        return 0
    context.print(
        Text(
            f"{_counted(done.cases, 'case')}, {_counted(done.exposures, 'true exposure')}, "
            f"as of {at.isoformat()}",
            f"病例 {done.cases} 例，真实暴露 {done.exposures} 次，截至 {at.isoformat()}",
        )
    )
    for told in done.protocols:
        counts = ", ".join(f"{kind}: {count}" for kind, count in told["contacts"].items())
        context.print(
            Text(
                f"  {told['protocol']}@{told['version']}: {counts or 'nobody'}",
                f"  {told['protocol']}@{told['version']}：{counts or '无'}",
            )
        )
    return 0


def _counted(count: int, what: str) -> str:
    """In English: one case, two cases."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _protocols(named: tuple[str, ...] | list[str]) -> tuple[Protocol, ...]:
    from ringfence.protocols.catalogue import load_all
    from ringfence.protocols.catalogue import named as found

    if named:
        return tuple(found(name).protocol for name in named)
    return tuple(file.protocol for file in load_all())


def describe(
    city: CityArgument,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="F",
            help=said("Write the page here. [default: OUT/city.html]", "网页写入此文件。"),
        ),
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence_city.answers.city_folder import open_city
    from ringfence_city.describe.counting import describe as described
    from ringfence_city.describe.page import page
    from ringfence_city.describe.summary import summary

    context = make_context(None, None, as_json, lang)
    folder = open_city(city)
    told = described(folder)
    target = output or city / "city.html"
    write_whole(target, page(told, context.language).encode(), "--output")
    if as_json:
        context.print_json({**told.as_json(), "page": str(target)})
        return 0
    for line in summary(told):
        context.print(line)
    _tell(context, target)
    return 0


def _tell(context: Context, target: Path) -> None:
    context.print(Text(f"page: {target}", f"网页：{target}"))


def tell(
    city: CityArgument,
    *,
    count: Annotated[
        int,
        typer.Option(metavar="N", min=1, help=said("Of how many people.", "叙述的人数。")),
    ] = 100,
    told_in: Annotated[
        str,
        typer.Option("--in", metavar="zh|en", help=said("In which language.", "叙述所用语言。")),
    ] = "zh",
    seed: Annotated[
        int,
        typer.Option(metavar="S", help=said("Same seed: same words.", "种子相同，则文字相同。")),
    ] = 1,
    lang: LangOption = None,
) -> int:
    make_context(None, None, False, lang)
    from ringfence_city.answers.city_folder import open_city
    from ringfence_city.telling.writing import TELLERS, narratives

    if told_in not in TELLERS:
        raise UsageError("--in is zh or en", "--in 应为 zh 或 en")
    for one in narratives(open_city(city), told_in, count=count, seed=seed):
        sys.stdout.write(one.as_json() + "\n")
    return 0
