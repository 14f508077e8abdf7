"""`ringfence mappings`: which channels can be read, what their mappings say, whether they hold."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ringfence.cli import mappings_draft
from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    Context,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
)
from ringfence.errors import DataError, Text, UserError

if TYPE_CHECKING:
    from ringfence.sources.mapping.catalogue import Entry, Listed
    from ringfence.sources.mapping.model import Channel

_FAULTY = Text("faulty, see below", "有错误，见下")

NameArgument = Annotated[
    str,
    typer.Argument(
        metavar="NAME",
        help=said("Name, name@version, file or folder.", "名称、名称@版本、文件或目录。"),
    ),
]


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said("Channels: list, show, check, draft.", "渠道映射：列表、查看、检查、起草。"),
        no_args_is_help=True,
    )
    group.command("list", help=said("List the mappings.", "列出映射。"))(list_mappings)
    group.command("show", help=said("Show what a mapping says.", "查看映射内容。"))(show)
    group.command(
        "check",
        help=said("Run mappings on their own samples.", "用映射自带的样例检查映射。"),
    )(check)
    mappings_draft.register(group)
    app.add_typer(group, name="mappings")


def list_mappings(
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help=said(
                "End with an error where any mapping is faulty.", "有映射出错时以错误码结束。"
            ),
        ),
    ] = False,
    *,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.sources.mapping.catalogue import listed

    context = make_context(home, clock, as_json, lang)
    found = listed(home_of(context))
    faulty = [one for one in found if one.fault is not None]
    code = DataError.exit_code if check and faulty else 0
    if as_json:
        context.print_json([_summary(one) for one in found])
        return code
    from rich.markup import escape
    from rich.table import Table

    shown = Table(box=None, padding=(0, 2, 0, 0))
    for heading in (
        Text("mapping", "映射"),
        Text("channel", "渠道"),
        Text("gives", "产生"),
    ):
        shown.add_column(context.say(heading))
    for one in found:
        if one.channel is None:
            shown.add_row(one.entry.label, context.say(_FAULTY), "")
        else:
            title = escape(context.say(one.channel.title))
            shown.add_row(one.entry.label, title, ", ".join(one.channel.tables))
    context.console().print(shown)
    for one in faulty:
        print("\n".join([f"{one.entry.label}:", *_faults(context, one)]))  # noqa: T201
    return code


def _faults(context: Context, one: Listed) -> list[str]:
    told = "" if one.fault is None else context.say(one.fault.text)
    return [f"  {line}" for line in told.splitlines()]


def show(
    name: NameArgument,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.sources.mapping.catalogue import Listed, named

    context = make_context(home, clock, as_json, lang)
    entry = named(name, home_of(context))
    channel = entry.read()
    if as_json:
        summary = _summary(Listed(entry, channel))
        context.print_json({**summary, "fields": _fields(channel)})
        return 0
    print(entry.file.read_text(encoding="utf-8"), end="")  # noqa: T201
    return 0


def check(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]…",
            help=said(
                "Name, name@version, file or folder. [default: all]",
                "名称、文件或目录。[默认：全部]",
            ),
        ),
    ] = None,
    *,
    record: Annotated[
        bool,
        typer.Option(
            "--record",
            help=said(
                "Write what the sample gives into expected/; read it before you believe it.",
                "将样例产生的结果写入 expected/；请逐行核对后再采信。",
            ),
        ),
    ] = False,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.sources.mapping.catalogue import entries, named

    context = make_context(home, clock, as_json, lang)
    own = home_of(context)
    chosen = [named(name, own) for name in names] if names else list(entries(own))
    results = [_checked(context, entry, record) for entry in chosen]
    if as_json:
        context.print_json(results)
    else:
        for result in results:
            _tell(context, result)
    return DataError.exit_code if any(result["differences"] for result in results) else 0


def home_of(context: Context) -> Path | None:
    """Mappings can be read where there is no home too."""
    return context.home_folder if context.home_folder.is_dir() else None


def _checked(context: Context, entry: Entry, record: bool) -> dict[str, Any]:
    from ringfence.sources.mapping.checking import check_mapping, has_sample, record_expected

    run = record_expected if record else check_mapping
    try:
        channel = entry.read()
        if not record and not has_sample(entry.folder):
            return {"mapping": entry.label, "sample": None, "differences": []}
        outturn = run(channel, entry.folder, context.now())
    except UserError as fault:
        return {"mapping": entry.label, "differences": [context.say(fault.text)]}
    return {
        "mapping": entry.label,
        "sample": outturn.sample.name,
        "rows_in": outturn.rows_in,
        "accepted": outturn.accepted,
        "skipped": outturn.skipped,
        "refused": outturn.refused,
        "differences": [context.say(difference) for difference in outturn.differences],
    }


def _tell(context: Context, result: dict[str, Any]) -> None:
    name, differences = result["mapping"], result["differences"]
    if not differences and result["sample"] is None:
        context.print(
            Text(
                f"{name}: the mapping reads well; there is no sample yet to run it on "
                "(sample.csv, sample.xlsx … beside it)",
                f"{name}：映射书写无误；尚无样例可供运行"
                "（请在其旁放置 sample.csv、sample.xlsx 等）",
            )
        )
        return
    if not differences:
        context.print(
            Text(
                f"{name}: the sample gives what it should "
                f"({result['rows_in']} rows: {result['accepted']} accepted, "
                f"{result['skipped']} skipped, {result['refused']} refused)",
                f"{name}：样例结果符合预期（{result['rows_in']} 行：接收 {result['accepted']}，"
                f"跳过 {result['skipped']}，拒收 {result['refused']}）",
            )
        )
        return
    context.print(Text(f"{name}: does not hold", f"{name}：未通过"))
    for difference in differences:
        print(f"  {difference}")  # noqa: T201


def _summary(one: Listed) -> dict[str, Any]:
    channel = one.channel
    if channel is None:
        return {
            "mapping": one.entry.name,
            "version": one.entry.version,
            "folder": str(one.entry.folder),
            "fault": None if one.fault is None else one.fault.text._asdict(),
        }
    return {
        "mapping": channel.name,
        "version": channel.version,
        "title": {"en": channel.title.en, "zh": channel.title.zh},
        "source": channel.source,
        "origin": {"en": channel.origin.en, "zh": channel.origin.zh},
        "tables": list(channel.tables),
        "folder": str(one.entry.folder),
        "digest": channel.digest,
    }


def _fields(channel: Channel) -> list[dict[str, Any]]:
    return [
        {
            "field": field.name,
            "columns": list(field.columns),
            "as": field.kind,
            "optional": field.optional,
            "if_wrong": "empty" if field.emptied else "refuse",
        }
        for field in channel.fields.values()
    ]
