"""`ringfence serve backup|restore|drill|check|rotate-secret`: keeping a server, getting it back."""

from __future__ import annotations

import os
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli.acting import acting
from ringfence.cli.backup import (
    FolderArgument,
    KeepOption,
    NameOption,
    VerifyOption,
    tell_check,
    tell_taken,
)
from ringfence.cli.language import said
from ringfence.cli.options import Context, JsonOption, LangOption, make_context
from ringfence.errors import StorageError, Text
from ringfence_server.commands.deploying import DeploymentOption, need_parts, prepared

if TYPE_CHECKING:
    from ringfence_server.keeping.restoring import Restored


def register(serving: typer.Typer) -> None:
    serving.command(
        "backup",
        help=said("Keep a sealed copy of home and database.", "备份数据目录与数据库（加密）。"),
    )(backup)
    serving.command("restore", help=said("Make a server out of a backup.", "从备份恢复服务器。"))(
        restore
    )
    serving.command(
        "drill", help=said("Try whether the newest backup would serve.", "演练：检验最新备份可用。")
    )(drill)
    serving.command(
        "check", help=said("Do database, lake and audit agree?", "核对数据库、数据湖与审计。")
    )(check)
    serving.command("rotate-secret", help=said("Renew the deployment's secret.", "更换部署密钥。"))(
        rotate_secret
    )


def backup(
    folder: FolderArgument,
    *,
    verify: VerifyOption = False,
    name: NameOption = None,
    keep: KeepOption = None,
    deployment: DeploymentOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    context = make_context(None, None, as_json, lang)
    if verify or name is not None:
        from ringfence.backup import check as checked

        return tell_check(context, checked(folder.absolute(), name))
    served = prepared(deployment, lang)
    from ringfence_server.deployment.here import home, now
    from ringfence_server.deployment.reading import VARIABLE
    from ringfence_server.keeping.taking import back_up

    file = Path(os.environ[VARIABLE])
    taken = back_up(
        served, file, home(), folder.absolute(), by=f"machine:{acting()}", now=now(), keep=keep
    )
    tell_taken(context, taken)
    return 0


def restore(
    folder: FolderArgument,
    *,
    to: Annotated[
        Path,
        typer.Option(
            "--to",
            metavar="DIR",
            help=said(
                "A new or empty folder for home and deployment.", "存放数据目录与部署的新目录。"
            ),
        ),
    ],
    database: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help=said(
                "An empty PostgreSQL database. [default: a private one in DIR]",
                "空的 PostgreSQL 数据库地址。[默认：在 DIR 中新建私有数据库]",
            ),
        ),
    ] = None,
    name: NameOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    need_parts()
    from ringfence_server.keeping.restoring import restore as restored

    def at() -> datetime:
        from ringfence_server.deployment.here import now

        return now()

    context = make_context(None, None, as_json, lang)
    done = restored(folder.absolute(), to, name=name, database=database, by=acting(), now=at)
    if as_json:
        context.print_json(done.as_json())
    else:
        _tell(context, done)
    return 0


def drill(
    folder: FolderArgument,
    *,
    work: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help=said(
                "Where it is restored for the while: room for all of it, on an encrypted disk."
                " [default: the system's temporary folder]",
                "临时恢复的位置：须有足够空间且已加密。[默认：系统临时目录]",
            ),
        ),
    ] = None,
    name: NameOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    need_parts()
    from ringfence_server.keeping.restoring import drill as drilled

    context = make_context(None, None, as_json, lang)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="rf-drill-", dir=work) as within:
        Path(within).chmod(0o711)  # the database's own user has to pass through
        done = drilled(folder.absolute(), Path(within) / "server", name=name)
    seconds = round(time.monotonic() - begun, 1)
    return _tell_drill(context, done, seconds)


def check(
    deployment: DeploymentOption = None, as_json: JsonOption = False, lang: LangOption = None
) -> int:
    prepared(deployment, lang)
    from ringfence_server.deployment.here import home
    from ringfence_server.keeping.agreement import differences
    from ringfence_server.tasks.gone_kinds import check_kinds

    context = make_context(None, None, as_json, lang)
    check_kinds()
    found = differences(home())
    if as_json:
        context.print_json({"ok": not found, "differences": [one.en for one in found]})
    else:
        _tell_differences(context, found)
    return StorageError.exit_code if found else 0


def rotate_secret(
    deployment: DeploymentOption = None, as_json: JsonOption = False, lang: LangOption = None
) -> int:
    prepared(deployment, lang)
    from ringfence_server.deployment.here import now
    from ringfence_server.deployment.reading import VARIABLE
    from ringfence_server.keeping.rotating import rotate

    context = make_context(None, None, as_json, lang)
    sealed = rotate(Path(os.environ[VARIABLE]), by=f"machine:{acting()}", at=now())
    if as_json:
        context.print_json({"resealed": sealed})
    else:
        context.print(
            Text(
                f"The secret is a new one; {sealed} sealed rows are under it. Start web and worker"
                " again: everybody signs in anew. Take a backup: older ones hold the old secret.",
                f"部署密钥已更换；{sealed} 条密封记录已重新加密。请重新启动网页与后台服务："
                "所有人须重新登录。请立即备份：此前的备份仍为旧密钥。",
            )
        )
    return 0


def _tell(context: Context, done: Restored) -> None:
    made = done.manifest.made_at.astimezone(UTC)
    context.print(
        Text(
            f"Restored from {done.manifest.name} ({made:%Y-%m-%d %H:%M} UTC): {done.root}",
            f"已从备份 {done.manifest.name}（{made:%Y-%m-%d %H:%M} UTC）恢复：{done.root}",
        )
    )
    context.print(
        Text(
            f"Brought to the lake: {done.delivered} deliveries that had waited; to the audit:"
            f" {done.drained} rows. All sessions have ended. Database, lake and audit agree.",
            f"已补交数据湖 {done.delivered} 个投递、审计 {done.drained} 行。所有会话已终止。"
            "数据库、数据湖与审计一致。",
        )
    )
    for act, about, applied in done.again:
        if applied:
            text = Text(
                f"applied again, done after the backup: {act} {about}",
                f"备份之后的操作已重新执行：{act} {about}",
            )
        else:
            text = Text(
                f"done after the backup to what it does not hold: {act} {about}",
                f"备份之后的操作，其对象不在备份中：{act} {about}",
            )
        context.print(text)
    if done.lost:
        context.print(
            Text(
                f"{done.lost} rows of the audit were written after this backup: what they tell of"
                " is not there.",
                f"此备份之后另有 {done.lost} 条审计记录：其所记操作不在其中。",
            )
        )


def _tell_drill(context: Context, done: Restored, seconds: float) -> int:
    if context.as_json:
        told = {name: one for name, one in done.as_json().items() if name != "deployment"}
        context.print_json({**told, "ok": not done.differences, "seconds": seconds})
    else:
        _tell_differences(context, list(done.differences))
        if not done.differences:
            context.print(
                Text(
                    f"Backup {done.manifest.name} would serve: restored and checked in"
                    f" {seconds} s, and removed again.",
                    f"备份 {done.manifest.name} 可用：恢复并核对用时 {seconds} 秒，已清除。",
                )
            )
    return StorageError.exit_code if done.differences else 0


def _tell_differences(context: Context, found: list[Text]) -> None:
    for one in found:
        context.print(Text(f"✗ {one.en}", f"✗ {one.zh}"))
    if not found:
        context.print(Text("Database, lake and audit agree.", "数据库、数据湖与审计一致。"))
