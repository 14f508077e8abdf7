"""`ringfence backup|restore`: a home that is served by nobody; `ringfence serve` has its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli.acting import acting
from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    Context,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
)
from ringfence.errors import StorageError, Text

if TYPE_CHECKING:
    from ringfence.backup import BackupCheck, Restored, Taken

FolderArgument = Annotated[
    Path,
    typer.Argument(
        metavar="FOLDER",
        help=said("The folder of the backups of this home.", "存放本数据目录备份的文件夹。"),
    ),
]
KeepOption = Annotated[
    int | None,
    typer.Option(
        "--keep",
        metavar="N",
        min=1,
        help=said(
            "Keep the newest N backups, drop those before. [default: all]",
            "保留最新 N 份备份，删除更早的。[默认：全部保留]",
        ),
    ),
]
VerifyOption = Annotated[
    bool,
    typer.Option(
        "--verify", help=said("Make none; check the newest.", "不新建备份；核对最新一份。")
    ),
]
NameOption = Annotated[
    str | None,
    typer.Option(
        "--backup",
        metavar="NAME",
        help=said("Which one. [default: the newest]", "备份名。[默认：最新]"),
    ),
]


def register(app: typer.Typer) -> None:
    app.command("backup", help=said("Keep a sealed copy of a home.", "备份数据目录（加密）。"))(
        backup
    )
    app.command("restore", help=said("Make a home out of a backup.", "从备份恢复数据目录。"))(
        restore
    )


def backup(
    folder: FolderArgument,
    *,
    verify: VerifyOption = False,
    name: NameOption = None,
    keep: KeepOption = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.backup import check, take

    context = make_context(home, clock, as_json, lang)
    if verify or name is not None:
        return tell_check(context, check(folder.absolute(), name))
    taken = take(context.home(), folder.absolute(), by=acting(), now=context.now(), keep=keep)
    tell_taken(context, taken)
    return 0


def restore(
    folder: FolderArgument,
    *,
    to: Annotated[
        Path,
        typer.Option(
            "--to", metavar="DIR", help=said("A new or empty folder.", "新的或空的目录。")
        ),
    ],
    name: NameOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.backup import restore as restored

    context = make_context(None, None, as_json, lang)
    done = restored(folder.absolute(), to, name=name, by=acting(), now=context.now())
    if as_json:
        context.print_json(done.as_json())
    else:
        tell_restored(context, done)
    return 0


def tell_taken(context: Context, taken: Taken) -> None:
    if context.as_json:
        context.print_json(taken.as_json())
        return
    made = taken.manifest
    context.print(
        Text(
            f"Backup {made.name}: {len(made.parts)} files, {made.bytes / 1e6:,.1f} MB, of which"
            f" {taken.copied / 1e6:,.1f} MB were copied.",
            f"备份 {made.name}：{len(made.parts)} 个文件，{made.bytes / 1e6:,.1f} MB，"
            f"其中本次复制 {taken.copied / 1e6:,.1f} MB。",
        )
    )
    if taken.dropped:
        context.print(
            Text(
                f"{taken.dropped} older ones were dropped.",
                f"已删除 {taken.dropped} 份较早的备份。",
            )
        )


def tell_check(context: Context, found: BackupCheck) -> int:
    """The exit code."""
    if context.as_json:
        context.print_json(found.as_json())
    else:
        for fault in found.faults:
            context.print(Text(f"✗ {fault.en}", f"✗ {fault.zh}"))
        if found.ok:
            files = len(found.manifest.parts)
            context.print(
                Text(
                    f"Backup {found.manifest.name} is whole: {files} files open and agree.",
                    f"备份 {found.manifest.name} 完好：{files} 个文件均可打开且相互一致。",
                )
            )
    return 0 if found.ok else StorageError.exit_code


def tell_restored(context: Context, done: Restored) -> None:
    context.print(
        Text(
            f"Restored from {done.manifest.name}: {done.root}",
            f"已从备份 {done.manifest.name} 恢复：{done.root}",
        )
    )
    for one in done.again:
        if one.done:
            text = Text(
                f"applied again, done after the backup: {one.act} {one.about}",
                f"备份之后的操作已重新执行：{one.act} {one.about}",
            )
        else:
            text = Text(
                f"done after the backup to what it does not hold: {one.act} {one.about}:"
                " do not deliver it again",
                f"备份之后的操作，其对象不在备份中：{one.act} {one.about}：请勿再次提交",
            )
        context.print(text)
    if done.lost:
        context.print(
            Text(
                f"{done.lost} rows of the audit were written after this backup: what they tell of"
                " is not there; deliver again what came since.",
                f"此备份之后另有 {done.lost} 条审计记录：其所记操作不在其中；"
                "请重新提交此后的数据。",
            )
        )
