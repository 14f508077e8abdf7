"""`ringfence vault reveal|find`: who a subject is, and which subject somebody is.

Both need a case and a purpose, and leave an audit row before they answer. One person at a time:
there is no bulk export of identities.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ringfence.cli import vault_keys
from ringfence.cli.acting import acting
from ringfence.cli.identity_fields import FIELDS
from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    Context,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
)
from ringfence.errors import NotFound, Text, UsageError

if TYPE_CHECKING:
    from ringfence.lake import Home
    from ringfence.vault import Told

CaseOption = Annotated[
    str,
    typer.Option("--case", metavar="C", help=said("The case it is for.", "所为的病例。")),
]
PurposeOption = Annotated[
    str,
    typer.Option(
        "--purpose",
        metavar="TEXT",
        help=said(
            "What for, in words; kept in the audit. No names or numbers of persons.",
            "用途；将记入审计。请勿写入个人姓名或号码。",
        ),
    ),
]
_KINDS = {
    "id": ("id_number", Text("ID number", "证件号码")),
    "phone": ("phone", Text("telephone number", "电话号码")),
    "name": ("name", Text("name", "姓名")),
    "pinyin": ("pinyin", Text("name in pinyin", "姓名拼音")),
    "initials": ("initials", Text("initials of the name", "姓名拼音首字母")),
    "last4": ("last4", Text("last four of a number", "号码后四位")),
    "plate": ("plate", Text("number plate", "车牌号")),
}


def register(app: typer.Typer) -> None:
    group = typer.Typer(
        help=said("Who the subjects are, and the keys of that.", "身份保险库及其密钥。"),
        no_args_is_help=True,
    )
    group.command(
        "reveal", help=said("Who is this subject? Leaves an audit row.", "调阅身份；记入审计。")
    )(reveal)
    group.command(
        "find", help=said("Which subjects is this? Leaves an audit row.", "查找人员；记入审计。")
    )(find)
    vault_keys.register(group)
    app.add_typer(group, name="vault")


def reveal(
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help=said("Subject number.", "人员编号。"))
    ],
    *,
    case: CaseOption,
    purpose: PurposeOption,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence import audit
    from ringfence.operations.cases import check_case
    from ringfence.vault import open_vault

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    persons = check_case(opened, case, context.now())
    subjects = (subject,) if persons is None else persons.subjects_of(subject)
    about = {"subject": subject, "case": case, "purpose": _said(purpose)}
    with (
        open_vault(opened) as vault,
        audit.acting(opened, "vault.reveal", by=acting(), at=context.now(), about=about) as told,
    ):
        told_of = vault.statements(subjects)
        found = [statement for name in subjects for statement in told_of.get(name, ())]
        told["statements"] = str(len(found))
        if len(subjects) > 1:
            told["subjects"] = " ".join(subjects)
    if not found:
        raise NotFound(f"the vault says nothing of {subject}", f"保险库中没有 {subject} 的身份信息")
    _show(context, opened, found)
    return 0


def find(
    *,
    by_id: Annotated[bool, typer.Option("--id", help=said("ID number.", "证件号码。"))] = False,
    by_phone: Annotated[bool, typer.Option("--phone", help=said("Phone.", "电话。"))] = False,
    by_name: Annotated[bool, typer.Option("--name", help=said("Name.", "姓名。"))] = False,
    by_pinyin: Annotated[bool, typer.Option("--pinyin", help=said("Pinyin.", "拼音。"))] = False,
    by_initials: Annotated[
        bool, typer.Option("--initials", help=said("Initials.", "拼音首字母。"))
    ] = False,
    by_last4: Annotated[
        bool, typer.Option("--last4", help=said("Last four of a number.", "号码后四位。"))
    ] = False,
    by_plate: Annotated[bool, typer.Option("--plate", help=said("Plate.", "车牌。"))] = False,
    case: CaseOption,
    purpose: PurposeOption,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    """What is sought is asked for, or read from standard input: it must not be among the words of
    the command, which the shell keeps."""
    from ringfence import audit
    from ringfence.operations.cases import check_case
    from ringfence.vault import open_vault

    asked = (by_id, by_phone, by_name, by_pinyin, by_initials, by_last4, by_plate)
    chosen = [name for name, wanted in zip(_KINDS, asked, strict=True) if wanted]
    if len(chosen) != 1:
        raise UsageError(
            f"say by what to find, one of: {', '.join(f'--{name}' for name in _KINDS)}",
            f"请指定一种查找方式：{'、'.join(f'--{name}' for name in _KINDS)}",
        )
    kind, words = _KINDS[chosen[0]]
    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    persons = check_case(opened, case, context.now())
    sought = _sought(context, opened, kind, words)
    about = {"by": kind, "case": case, "purpose": _said(purpose)}
    with (
        open_vault(opened) as vault,
        audit.acting(opened, "vault.find", by=acting(), at=context.now(), about=about) as told,
    ):
        subjects = sorted({subject for text in sought for subject in vault.find(kind, text)})
        found = subjects if persons is None else sorted(set(persons.people(subjects)))
        told["found"] = str(len(found))
    if as_json:
        context.print_json(found)
    else:
        for subject in found:
            print(subject)  # noqa: T201
    if not found:
        raise NotFound("nobody was found", "未找到任何人")
    return 0


def _said(purpose: str) -> str:
    if not purpose.strip():
        raise UsageError("--purpose says in words what for", "--purpose 须说明用途")
    return purpose.strip()


def _sought(context: Context, home: Home, kind: str, words: Text) -> tuple[str, ...]:
    """The texts to look for: one person is meant, however many ways there are to write it."""
    if sys.stdin.isatty():
        given = typer.prompt(context.say(words), hide_input=True, err=True)
    else:
        lines = sys.stdin.read(10_000).splitlines()
        if len([line for line in lines if line.strip()]) != 1:
            raise UsageError(
                f"standard input must hold one {words.en}, on one line",
                f"标准输入中应只有一行，内容为一个{words.zh}",
            )
        given = next(line for line in lines if line.strip())
    if kind == "pinyin":
        from ringfence.sources.normalise.lookup import forms_sought

        return forms_sought(given)
    return (_normal(context, home, kind, given),)


def _normal(context: Context, home: Home, kind: str, given: str) -> str:
    """As an import would write it. A number that no rule knows is looked for as it stands."""
    if kind not in ("id_number", "phone", "name", "plate"):
        return given
    from zoneinfo import ZoneInfo

    import pyarrow as pa

    from ringfence.sources.normalise import Setting, normalise

    setting = Setting(ZoneInfo(home.zone), context.now(), home.synthetic)
    normal = normalise(kind, pa.array([given], pa.string()), setting)
    return normal.values[0].as_py() or given


def _show(context: Context, home: Home, found: list[Told]) -> None:
    from ringfence.lake.lineage import told_place
    from ringfence.lake.quarantined import acknowledged

    deliveries = {batch: acknowledged(home, batch) for batch in {told.batch for told in found}}
    places = [
        told_place(deliveries[told.batch].file, deliveries[told.batch].parts, told.row)
        for told in found
    ]
    if context.as_json:
        context.print_json(
            [
                {**vars(told), "file": file, "row": row, "fields": dict(told.fields)}
                for told, (file, row) in zip(found, places, strict=True)
            ]
        )
        return
    several = len({told.subject for told in found}) > 1
    for told, (file, row) in zip(found, places, strict=True):
        who = f"{told.subject}: " if several else ""
        batch = told.batch[:12]
        context.print(
            Text(
                f"{who}{told.source}, {file}, row {row} (batch {batch})",
                f"{who}{told.source}，{file} 第 {row} 行（批次 {batch}）",
            )
        )
        for name, value in told.fields.items():
            print(f"  {context.say(FIELDS.get(name, Text(name, name)))}: {value}")  # noqa: T201
