"""`ringfence serve`: make a deployment, bring its database up to date, run web and worker."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ringfence.cli.language import said
from ringfence.cli.options import ClockOption, HomeOption, JsonOption, LangOption, make_context
from ringfence.errors import Text
from ringfence_server.commands import keeping
from ringfence_server.commands.deploying import DeploymentOption, need_parts, prepared


def register(app: typer.Typer) -> None:
    serving = typer.Typer(
        help=said("Run the server of a home.", "运行数据目录的服务器。"),
        invoke_without_command=True,
        rich_markup_mode=None,
    )
    serving.callback()(serve)
    serving.command("init", help=said("Write a new deployment.", "创建新的部署。"))(init)
    serving.command(
        "migrate", help=said("Bring the database up to this program.", "更新数据库结构。")
    )(migrate)
    serving.command("web", help=said("Answer browsers only.", "只运行网页服务。"))(web)
    serving.command("worker", help=said("Do background work only.", "只运行后台任务。"))(worker)
    keeping.register(serving)
    app.add_typer(serving, name="serve")


def serve(
    context: typer.Context, deployment: DeploymentOption = None, lang: LangOption = None
) -> int:
    if context.invoked_subcommand is not None:
        return 0
    told = prepared(deployment, lang)
    from ringfence_server.deployment.reading import VARIABLE
    from ringfence_server.running import both, checking, cluster

    try:
        checking.check()
        return both.serve(Path(os.environ[VARIABLE]).resolve())
    finally:
        if told.cluster is not None:
            cluster.stop(cluster.Cluster(told.cluster))


def web(deployment: DeploymentOption = None, lang: LangOption = None) -> int:
    told = prepared(deployment, lang)
    from ringfence_server.running import checking
    from ringfence_server.running.web import serve as serve_web

    checking.check()
    return serve_web(told)


def worker(deployment: DeploymentOption = None, lang: LangOption = None) -> int:
    prepared(deployment, lang)
    from ringfence_server.running import checking
    from ringfence_server.running.worker import work

    checking.check()
    return work()


def migrate(
    deployment: DeploymentOption = None, as_json: JsonOption = False, lang: LangOption = None
) -> int:
    prepared(deployment, lang)
    from ringfence_server.running import migrating

    steps = migrating.migrate()
    context = make_context(None, None, as_json, lang)
    if as_json:
        context.print_json({"steps": steps})
    elif steps:
        context.print(
            Text(
                f"The database is up to date: {steps} steps were missing.",
                f"数据库已更新：补做 {steps} 步。",
            )
        )
    else:
        context.print(Text("The database was up to date.", "数据库已是最新。"))
    return 0


def init(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help=said(
                "Where its file, its secret and its private database go.",
                "存放部署文件、密钥与私有数据库的目录。",
            ),
        ),
    ],
    *,
    home: HomeOption = None,
    database: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help=said(
                "A PostgreSQL address. [default: a private database in FOLDER]",
                "PostgreSQL 地址。[默认：在 FOLDER 中新建私有数据库]",
            ),
        ),
    ] = None,
    listen: Annotated[
        str,
        typer.Option(metavar="ADDRESS:PORT", help=said("Where to listen.", "监听的地址与端口。")),
    ] = "127.0.0.1:8470",
    host: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help=said(
                "A name under which browsers reach it through TLS; may be repeated."
                " [default: this machine's browser only, without TLS]",
                "浏览器经 TLS 访问所用的主机名；可重复。[默认：仅限本机浏览器，不用 TLS]",
            ),
        ),
    ] = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    need_parts()
    from datetime import UTC, datetime

    from ringfence_server.running.beginning import begin

    context = make_context(home, clock, as_json, lang)
    file = begin(
        folder.absolute(),
        context.home(),
        database=database,
        listen=listen,
        hosts=tuple(host or ()),
        shows=context.clock,
        now=datetime.now(UTC),
    )
    if as_json:
        context.print_json({"deployment": str(file)})
        return 0
    context.print(
        Text(
            f"Made a deployment of {context.home().root}: {file}\n"
            "The home is the server's now: others act through it, as docs/how-to/"
            "use-a-served-home.md says.\n"
            f"Next: ringfence serve migrate --deployment {file}\n"
            f"Then: ringfence serve --deployment {file}",
            f"已为 {context.home().root} 创建部署：{file}\n"
            "数据目录今后归服务器使用：其他人通过服务器操作"
            "（见 docs/how-to/use-a-served-home.md）。\n"
            f"下一步：ringfence serve migrate --deployment {file}\n"
            f"然后：ringfence serve --deployment {file}",
        )
    )
    return 0
