"""`ringfence audit list|verify`: what was done with persons' data, and whether it is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    Context,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
    read_time,
)
from ringfence.errors import StorageError, Text, UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from ringfence.audit import Entry

_STATES = {
    "told": Text("", ""),
    "intended": Text("intended", "拟执行"),
    "done": Text("done", "已完成"),
    "failed": Text("failed", "失败"),
}


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said(
            "What was done with persons' data, by whom and what for.",
            "审计：何人、为何、对个人信息做了什么。",
        ),
        no_args_is_help=True,
    )
    group.command("list", help=said("The rows, oldest first.", "列出审计记录。"))(list_)
    group.command("verify", help=said("Is every row as it was written?", "检验记录是否完整未改。"))(
        verify
    )
    app.add_typer(group, name="audit")


def list_(
    *,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="T", help=said("From this time on.", "起始时间。")),
    ] = None,
    case: Annotated[
        str | None, typer.Option("--case", metavar="C", help=said("Of this case.", "该病例。"))
    ] = None,
    subject: Annotated[
        str | None,
        typer.Option("--subject", metavar="S", help=said("About this subject.", "该人员。")),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence import audit

    context = make_context(home, clock, as_json, lang)
    words = {"case": case, "subject": subject}
    rows = audit.entries(
        context.home(),
        since=None if since is None else read_time("--since", since),
        about={name: word for name, word in words.items() if word is not None},
    )
    if as_json:
        context.print_json([row.as_json() for row in rows])
    else:
        for row in rows:
            print(_line(context, row))  # noqa: T201
    return 0


def verify(
    public: Annotated[
        str | None,
        typer.Option(
            "--public",
            metavar="HEX",
            help=said(
                "Public key, where the signing key is not at hand; `verify` prints it.",
                "公钥，用于没有签名密钥之处；由 `verify` 显示。",
            ),
        ),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence import audit

    context = make_context(home, clock, as_json, lang)
    report = audit.verify(context.home(), trusted=None if public is None else _key(public))
    if as_json:
        context.print_json(report.as_json())
    else:
        for fault in report.faults:
            context.print(Text(f"✗ {fault.text.en}", f"✗ {fault.text.zh}"))
        if report.ok:
            context.print(
                Text(
                    f"{report.rows:,} rows are as they were written.",
                    f"{report.rows:,} 行均与写入时一致。",
                )
            )
        if report.signer:
            context.print(
                Text(
                    f"last row {report.head}\nsigned by {report.signer}",
                    f"末行 {report.head}\n签名公钥 {report.signer}",
                )
            )
    return 0 if report.ok else StorageError.exit_code


def _key(public: str) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
    except ValueError:
        raise UsageError(
            "--public is the 64 hexadecimal signs that `ringfence audit verify` prints",
            "--public 应为 `ringfence audit verify` 显示的 64 位十六进制公钥",
        ) from None


def _line(context: Context, row: Entry) -> str:
    state = context.say(_STATES[row.state])
    of = f" {row.of}" if row.of is not None else ""
    told = ", ".join(f"{name} {word}" for name, word in row.about.items())
    parts = (f"{row.number}", f"{row.at:%Y-%m-%dT%H:%M:%SZ}", row.by, row.act, f"{state}{of}", told)
    return "  ".join(part for part in parts if part)
