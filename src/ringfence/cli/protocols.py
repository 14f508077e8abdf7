"""`ringfence protocols`: which rules there are, what they say, and whether they hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    Context,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
)
from ringfence.cli.tracing import ENGINES, engine_named
from ringfence.errors import DataError, Text

if TYPE_CHECKING:
    from ringfence.protocols.model import Protocol
    from ringfence.protocols.reading import ProtocolFile

NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME", help=said("id, id@version or a file.", "编号、编号@版本或文件。")
    ),
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said("Contact rules: list, show, check.", "防控方案：列表、查看、检查。"),
        no_args_is_help=True,
    )
    group.command("list", help=said("List the protocols.", "列出防控方案。"))(list_protocols)
    group.command("show", help=said("Show what a protocol says.", "查看防控方案内容。"))(show)
    group.command(
        "check",
        help=said("Run the worked cases of protocols.", "运行防控方案附带的算例。"),
    )(check)
    app.add_typer(group, name="protocols")


def list_protocols(
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.protocols.catalogue import load_all

    context = make_context(home, clock, as_json, lang)
    protocols = [file.protocol for file in load_all(own_folder(context))]
    if as_json:
        context.print_json([_summary(protocol) for protocol in protocols])
        return 0
    from rich.table import Table

    shown = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (
        Text("protocol", "方案"),
        Text("for", "适用"),
        Text("where", "地区"),
        Text("in force", "有效期"),
        Text("state", "状态"),
    ):
        shown.add_column(context.say(heading))
    for protocol in protocols:
        state = Text("draft", "草案") if protocol.draft else Text("final", "正式")
        shown.add_row(
            f"{protocol.id}@{protocol.version}",
            protocol.disease,
            protocol.jurisdiction,
            f"{protocol.valid_from} – {protocol.valid_to or ''}",
            context.say(state),
        )
    context.console().print(shown)
    return 0


def show(
    name: NameArgument,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.protocols.catalogue import named

    context = make_context(home, clock, as_json, lang)
    file = named(name, own_folder(context))
    if as_json:
        context.print_json({**_summary(file.protocol), "rules": _rules(file.protocol, context)})
        return 0
    print(file.path.read_text(encoding="utf-8"), end="")  # noqa: T201
    return 0


def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]…",
            help=said("id, id@version or a file. [default: all]", "编号、文件。[默认：全部]"),
        ),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.protocols.catalogue import load_all, named

    context = make_context(home, clock, as_json, lang)
    folder = own_folder(context)
    files = [named(name, folder) for name in names] if names else load_all(folder)
    results = [_checked(file, context) for file in files]
    failed = sum(len(result["failed"]) for result in results)
    if as_json:
        context.print_json(results)
    else:
        for result in results:
            _tell(context, result)
    return DataError.exit_code if failed else 0


def own_folder(context: Context) -> Path | None:
    """The protocols of the home; protocols can be read where there is no home too."""
    folder = context.home_folder / "protocols"
    return folder if folder.is_dir() else None


def _checked(file: ProtocolFile, context: Context) -> dict[str, Any]:
    """How the worked cases came out, on every engine."""
    from ringfence.trace.worked_cases import run_worked_cases

    failed = [
        {
            "case": outturn.case.title.to(context.language),
            "line": outturn.case.line,
            "engine": engine,
            "differences": [text.to(context.language) for text in outturn.differences],
        }
        for engine in ENGINES
        for outturn in run_worked_cases(file, engine_named(engine))
        if outturn.differences
    ]
    return {
        "protocol": f"{file.protocol.id}@{file.protocol.version}",
        "file": file.path.name,
        "draft": file.protocol.draft,
        "worked_cases": len(file.worked_cases),
        "failed": failed,
    }


def _tell(context: Context, result: dict[str, Any]) -> None:
    name, count, failed = result["protocol"], result["worked_cases"], result["failed"]
    if not failed:
        state = Text(", draft", "，草案") if result["draft"] else Text("", "")
        context.print(
            Text(
                f"{name}: {count} worked cases hold{state.en}",
                f"{name}：{count} 个算例全部通过{state.zh}",
            )
        )
        return
    context.print(Text(f"{name}: {len(failed)} do not hold", f"{name}：{len(failed)} 个算例未通过"))
    for fault in failed:
        print(f"  {result['file']}:{fault['line']} [{fault['engine']}] {fault['case']}")  # noqa: T201
        for difference in fault["differences"]:
            print(f"    {difference}")  # noqa: T201


def _summary(protocol: Protocol) -> dict[str, Any]:
    return {
        "id": protocol.id,
        "version": protocol.version,
        "title": {"en": protocol.title.en, "zh": protocol.title.zh},
        "disease": protocol.disease,
        "jurisdiction": protocol.jurisdiction,
        "valid_from": str(protocol.valid_from),
        "valid_to": None if protocol.valid_to is None else str(protocol.valid_to),
        "draft": protocol.draft,
        "digest": protocol.digest,
    }


def _rules(protocol: Protocol, context: Context) -> list[dict[str, Any]]:
    return [
        {
            "id": rule.id,
            "order": rule.order,
            "class": str(rule.outcome),
            "priority": rule.priority,
            "title": None if rule.title is None else context.say(rule.title),
            "source": rule.source,
        }
        for rule in protocol.rules
    ]
