"""`ringfence jurisdictions`: the server's tree of units, from its table."""

from __future__ import annotations

from typing import Annotated

import typer

from ringfence.cli.acting import acting
from ringfence.cli.language import said
from ringfence.cli.options import JsonOption, LangOption, make_context
from ringfence.errors import Text
from ringfence_server.commands.deploying import DeploymentOption, prepared


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said("The server's tree of jurisdictions.", "服务器的管辖区划。"),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.callback()(_keep)
    group.command("load", help=said("Load the table of units.", "导入区划表。"))(load)
    app.add_typer(group, name="jurisdictions")


def _keep() -> None:
    """The group keeps its command by name even while there is only one."""


def load(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE",
            help=said(
                "CSV or Parquet with code, parent, level, name_zh, name_en; - is standard input.",
                "CSV 或 Parquet，列为 code、parent、level、name_zh、name_en；- 表示标准输入。",
            ),
        ),
    ],
    deployment: DeploymentOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    told = prepared(deployment, lang)
    from ringfence.lake import open_home
    from ringfence.sources.opening import open_delivery
    from ringfence_server.access.operator import Operator
    from ringfence_server.deployment.here import now
    from ringfence_server.jurisdictions import actions

    with open_delivery(open_home(told.home), file) as given:
        changes = actions.load(file=given.file, name=given.name, by=Operator(acting()), at=now())
    counts = {
        "added": changes.added,
        "renamed": changes.renamed,
        "moved": len(changes.moved),
        "kept": changes.kept,
    }
    context = make_context(None, None, as_json, lang)
    if as_json:
        context.print_json(counts)
    else:
        context.print(
            Text(
                f"{changes.added} units added, {changes.renamed} renamed,"
                f" {len(changes.moved)} moved; {changes.kept} not in the table stay.",
                f"新增 {changes.added} 个单位，更名 {changes.renamed} 个，"
                f"调整 {len(changes.moved)} 个；表中未列的 {changes.kept} 个保持不变。",
            )
        )
    return 0
