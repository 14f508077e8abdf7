"""`ringfence vault status|verify|rotate|shred|drill`: the keys of the vault."""

from __future__ import annotations

import sys
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
from ringfence.errors import StorageError, Text, UsageError

if TYPE_CHECKING:
    from ringfence.vault import VaultStatus

ReasonOption = Annotated[
    str,
    typer.Option("--reason", metavar="R", help=said("Why; kept in the audit.", "理由；记入审计。")),
]


def register(group: typer.Typer) -> None:
    group.command("status", help=said("What it holds; opens nothing.", "概况；不打开任何内容。"))(
        status
    )
    group.command(
        "verify", help=said("Is every record whole and found?", "检验记录完好、可被找到。")
    )(verify)
    group.command("rotate", help=said("Renew the master key.", "更换主密钥。"))(rotate)
    group.command(
        "shred", help=said("Destroy the keys of a cohort for good.", "永久销毁一个密钥批的密钥。")
    )(shred)
    group.command(
        "drill", help=said("Try whether a copy of the key would serve.", "演练：检验密钥副本可用。")
    )(drill)


def status(
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.vault import open_vault

    context = make_context(home, clock, as_json, lang)
    with open_vault(context.home()) as vault:
        found = vault.status()
    if as_json:
        context.print_json(found.as_json())
    else:
        _show(context, found)
    return 0


def verify(
    *,
    repair: Annotated[
        bool,
        typer.Option("--repair", help=said("Make wrong tokens again.", "重建有误的查找标记。")),
    ] = False,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.sources.normalise.lookup import lookup_forms
    from ringfence.vault import open_vault

    context = make_context(home, clock, as_json, lang)
    with open_vault(context.home()) as vault:
        report = vault.verify(lookup_forms, repair=repair)
    if as_json:
        context.print_json(report.as_json())
    else:
        for fault in report.faults:
            context.print(Text(f"✗ {fault.en}", f"✗ {fault.zh}"))
        if report.ok:
            context.print(
                Text(
                    f"{report.records:,} records open, and are found.",
                    f"{report.records:,} 条记录均可打开、可被找到。",
                )
            )
    return 0 if report.ok else StorageError.exit_code


def rotate(
    *,
    reason: ReasonOption,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence import audit
    from ringfence.vault import open_vault

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    with (
        open_vault(opened) as vault,
        audit.acting(
            opened, "vault.rotate", by=acting(), at=context.now(), about={"reason": _given(reason)}
        ),
    ):
        vault.rotate()
        path = vault.master_key
    _tell_renewed(context, path)
    return 0


def shred(
    cohort: Annotated[
        str,
        typer.Argument(
            metavar="COHORT",
            help=said(
                "A cohort of `vault status`, or `pseudonyms`.",
                "`vault status` 所列密钥批，或 `pseudonyms`。",
            ),
        ),
    ],
    *,
    reason: ReasonOption,
    yes: Annotated[
        bool, typer.Option("--yes", help=said("Do not ask again.", "不再询问。"))
    ] = False,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence import audit
    from ringfence.vault import open_vault

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    about = {"cohort": cohort, "reason": _given(reason)}
    with open_vault(opened) as vault:
        if not yes:
            _ask_again(context, cohort)
        with audit.acting(opened, "vault.shred", by=acting(), at=context.now(), about=about):
            vault.shred(cohort)
        path = vault.master_key
    context.print(
        Text(
            f"Shredded: {cohort}. No key that this machine holds opens it any more.",
            f"已销毁：{cohort}。本机所存的任何密钥均无法再打开其内容。",
        )
    )
    _tell_renewed(context, path)
    return 0


def drill(
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help=said("A copy of the master key. [default: the one in use]", "主密钥副本。"),
        ),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.vault import open_vault

    context = make_context(home, clock, as_json, lang)
    with open_vault(context.home()) as vault:
        report = vault.drill(key)
    if as_json:
        context.print_json(report.as_json())
    else:
        for cohort, count in report.opened.items():
            context.print(
                Text(f"✓ {cohort}: {count} records opened", f"✓ {cohort}：已打开 {count} 条")
            )
        for fault in report.faults:
            context.print(Text(f"✗ {fault.en}", f"✗ {fault.zh}"))
        if report.ok:
            context.print(Text("This key opens the vault.", "此密钥可以打开保险库。"))
    return 0 if report.ok else StorageError.exit_code


def _given(reason: str) -> str:
    if not reason.strip():
        raise UsageError("--reason says in words why", "--reason 须说明理由")
    return reason.strip()


def _ask_again(context: Context, cohort: str) -> None:
    if not sys.stdin.isatty():
        raise UsageError("add --yes: this cannot be undone", "请加 --yes：此操作不可撤销")
    question = Text(
        f"The identities of {cohort} become unreadable for ever, in all copies. Go on?",
        f"{cohort} 的身份信息将在所有副本中永远无法读取。继续吗？",
    )
    typer.confirm(context.say(question), abort=True, err=True)


def _tell_renewed(context: Context, path: Path | None) -> None:
    if path is not None:
        context.print(
            Text(
                f"The master key is new: copy {path} to your safe, and destroy every older copy of"
                " it. Until then those copies open older backups.",
                f"主密钥已更换：请将 {path} 复制到保险处，并销毁所有旧副本。"
                "在此之前，旧副本仍可打开旧备份。",
            )
        )


def _show(context: Context, found: VaultStatus) -> None:
    from rich.table import Table

    context.print(Text(f"vault {found.id}", f"保险库 {found.id}"))
    if found.master_key is not None:
        missing = Text("", "") if found.key_present else Text(" (MISSING)", "（缺失）")
        context.print(
            Text(
                f"master key {found.master_key}{missing.en}",
                f"主密钥 {found.master_key}{missing.zh}",
            )
        )
    shown = Table(box=None, padding=(0, 2, 0, 0))
    shown.add_column(context.say(Text("cohort", "密钥批")))
    for heading in (
        Text("batches", "批次"),
        Text("statements", "身份记录"),
        Text("refused rows kept", "保存的退回行"),
        Text("MB", "MB"),
    ):
        shown.add_column(context.say(heading), justify="right")
    for cohort in found.cohorts:
        shown.add_row(
            cohort.name,
            f"{cohort.batches:,}",
            f"{cohort.statements:,}",
            f"{cohort.rejects:,}",
            f"{cohort.bytes / 1e6:,.1f}",
        )
    context.console().print(shown)
    if found.shredded:
        gone = ", ".join(found.shredded)
        context.print(Text(f"shredded: {gone}", f"已销毁：{gone}"))
