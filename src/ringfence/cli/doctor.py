"""`ringfence doctor`: is this home, and the machine under it, fit for use?"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

import typer

from ringfence.cli.language import said
from ringfence.cli.options import ClockOption, HomeOption, JsonOption, LangOption, make_context
from ringfence.errors import StorageError, Text, UserError

if TYPE_CHECKING:
    from ringfence.lake import Home

_LEAST_FREE = 2 * 10**9


@dataclass(frozen=True)
class Finding:
    """`grade`: ok, warning (works, but should be mended), fault."""

    name: str
    grade: str
    text: Text


def register(app: typer.Typer) -> None:
    app.command("doctor", help=said("Check a home and its machine.", "检查数据目录与运行环境。"))(
        doctor
    )


def doctor(
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    context = make_context(home, clock, as_json, lang)
    findings = [*_program(), *_home(context.home())]
    if as_json:
        context.print_json(
            [{"name": f.name, "grade": f.grade, "text": context.say(f.text)} for f in findings]
        )
    else:
        marks = {"ok": "✓", "warning": "!", "fault": "✗"}
        for finding in findings:
            print(f"{marks[finding.grade]} {context.say(finding.text)}")  # noqa: T201
    broken = any(finding.grade == "fault" for finding in findings)
    return StorageError.exit_code if broken else 0


def _program() -> Iterator[Finding]:
    parts = ", ".join(f"{name} {version(name)}" for name in ("ringfence", "duckdb", "pyarrow"))
    yield Finding("versions", "ok", Text(parts, parts))
    sqlite = sqlite3.sqlite_version
    yield Finding("sqlite", "ok", Text(f"SQLite {sqlite}", f"SQLite {sqlite}"))


def _home(home: Home) -> Iterator[Finding]:
    kind = Text("synthetic home", "演练数据目录") if home.synthetic else Text("home", "数据目录")
    yield Finding(
        "home",
        "ok",
        Text(
            f"{kind.en} {home.root}, {home.jurisdiction}, {home.zone}",
            f"{kind.zh} {home.root}，{home.jurisdiction}，{home.zone}",
        ),
    )
    yield _space(home)
    yield _permissions(home)
    yield from _served(home)
    yield _lake(home)
    yield from _vault(home)
    yield _audit(home)
    yield _protocols(home)


def _space(home: Home) -> Finding:
    free = shutil.disk_usage(home.root).free
    told = f"{free / 1e9:,.1f} GB"
    return Finding(
        "space",
        "ok" if free >= _LEAST_FREE else "warning",
        Text(f"{told} free on the disk", f"磁盘剩余 {told}"),
    )


def _permissions(home: Home) -> Finding:
    """The key of the tombstones must be its owner's alone."""
    open_keys = [
        path.name for path in sorted((home.root / "keys").glob("*")) if path.stat().st_mode & 0o077
    ]
    if open_keys:
        names = ", ".join(open_keys)
        return Finding(
            "keys",
            "fault",
            Text(
                f"keys readable by others: {names}; chmod 600 them",
                f"密钥可被他人读取：{names}；请执行 chmod 600",
            ),
        )
    return Finding("keys", "ok", Text("keys are private", "密钥仅所有者可读"))


def _served(home: Home) -> Iterator[Finding]:
    """A home that a server uses is its account's alone."""
    from ringfence.lake.served import served_by

    served = served_by(home.root)
    if served is None:
        return
    if home.root.stat().st_mode & 0o077:
        yield Finding(
            "served",
            "fault",
            Text(
                f"served at {served.address}, and other accounts can enter it: chmod 700 "
                f"{home.root}",
                f"由 {served.address} 使用，但其他账户可以进入：请执行 chmod 700 {home.root}",
            ),
        )
        return
    told = Text(f"served at {served.address}", f"由服务器 {served.address} 使用")
    yield Finding("served", "ok", told)


def _lake(home: Home) -> Finding:
    from ringfence.lake import verify

    report = verify(home)
    if report.ok:
        return Finding(
            "lake",
            "ok",
            Text(f"{report.files} lake files are sound", f"{report.files} 个数据文件完好"),
        )
    count = len(report.faults)
    return Finding(
        "lake",
        "fault",
        Text(
            f"{count} faults in the lake; see `ringfence lake verify`",
            f"数据湖有 {count} 处故障；请运行 `ringfence lake verify` 查看",
        ),
    )


def _vault(home: Home) -> Iterator[Finding]:
    """The master key: is it there, is it private, does it lie apart from what it opens?"""
    from ringfence.vault import has_vault, open_vault

    if not has_vault(home):
        return
    with open_vault(home) as vault:
        found, drill = vault.status(), vault.drill()
    path = found.master_key
    if not drill.ok:
        yield Finding("vault", "fault", drill.faults[0])
    elif found.same_disk:
        yield Finding(
            "vault",
            "warning",
            Text(
                f"the master key {path} lies on the disk of the data: whoever has the disk can"
                " open the vault; let RINGFENCE_MASTER_KEY name a file elsewhere",
                f"主密钥 {path} 与数据在同一磁盘上：得到磁盘者即可打开保险库；"
                "请用 RINGFENCE_MASTER_KEY 指定别处的文件",
            ),
        )
    else:
        count = sum(cohort.statements for cohort in found.cohorts)
        yield Finding(
            "vault",
            "ok",
            Text(
                f"the vault opens: {count:,} statements in {len(found.cohorts)} cohorts",
                f"保险库可以打开：{len(found.cohorts)} 个密钥批，{count:,} 条身份记录",
            ),
        )
    left = sum(cohort.unacknowledged for cohort in found.cohorts)
    if left:
        yield Finding(
            "vault-leftovers",
            "warning",
            Text(
                f"{left} unfinished imports lie in the vault, unseen; the next import sweeps them",
                f"保险库中有 {left} 次未完成的导入（不可见）；下次导入时将清理",
            ),
        )


def _audit(home: Home) -> Finding:
    from ringfence.audit import verify

    report = verify(home)
    if report.ok:
        return Finding(
            "audit",
            "ok",
            Text(f"{report.rows:,} audit rows are whole", f"{report.rows:,} 行审计记录完好"),
        )
    return Finding(
        "audit",
        "fault",
        Text(
            f"the audit was changed: {report.faults[0].text.en}",
            f"审计记录被更改：{report.faults[0].text.zh}",
        ),
    )


def _protocols(home: Home) -> Finding:
    from ringfence.protocols.catalogue import load_all

    try:
        count = len(load_all(home.protocols))
    except UserError as error:
        return Finding("protocols", "fault", error.text)
    return Finding(
        "protocols", "ok", Text(f"{count} protocols can be read", f"{count} 个防控方案可用")
    )
