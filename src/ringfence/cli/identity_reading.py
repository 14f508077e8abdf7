"""`ringfence identity explain|table|conflicts|complete`: who is one person, and why."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

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
from ringfence.errors import Text, UsageError

if TYPE_CHECKING:
    from ringfence.identity.explaining import Explained
    from ringfence.identity.planning import Conflict
    from ringfence.lake import Home

_SHOWN = 40
_FORMATS = ("table", "csv")
SubjectArgument = Annotated[
    str, typer.Argument(metavar="SUBJECT", help=said("Subject number.", "人员编号。"))
]


def register(group: typer.Typer) -> None:
    for name, command, words in (
        ("explain", explain, said("Why subjects are one person.", "说明为何是同一人。")),
        ("table", table, said("Subject and person, numbers only.", "编号与人员对照表。")),
        (
            "conflicts",
            conflicts,
            said("One number, and something speaks against it.", "号码相同但存在疑点。"),
        ),
        (
            "complete",
            complete,
            said(
                "All that is known of somebody, with its origin. Leaves an audit row.",
                "汇总某人的已知信息及来源；记入审计。",
            ),
        ),
    ):
        group.command(name, help=words)(command)


def explain(
    subject: SubjectArgument,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.identity.explaining import explain as reasons

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        from ringfence.cli.api.identity import explained_through

        opened, found = None, explained_through(server, subject)
    else:
        opened = context.home()
        found = reasons(opened, subject)
    if as_json:
        context.print_json(found.as_json())
        return 0
    _tell(context, opened, found)
    return 0


def _tell(context: Context, home: Home | None, found: Explained) -> None:
    """`home` None: a server's, which names no files here, and whose times are told in UTC."""
    from ringfence.identity.words import ACTS
    from ringfence.trace.views.figures import clock as shown

    subject, person, subjects = found.subject, found.person, ", ".join(found.subjects)
    if len(found.subjects) < 2:
        context.print(Text(f"{subject} is merged with nobody.", f"{subject} 未与任何编号合并。"))
    else:
        context.print(Text(f"Person {person}: {subjects}", f"人员 {person}：{subjects}"))
    names = {} if home is None else _names_of_batches(home)
    zone = "UTC" if home is None else home.zone
    for one in found.reasons:
        sides = " | ".join(", ".join(side) for side in one.sides) or str(one.undoes)
        why = one.reason or "; ".join(names.get(b, b[:12]) for b in one.batches)
        off = "" if one.counts else context.say(Text(" (counts no more)", "（已不计）"))
        kind = context.say(ACTS[one.kind])
        print(f"  {one.act}  {shown(one.at, zone)}  {kind}{off}  {one.by}: {sides}: {why}")  # noqa: T201


def _names_of_batches(home: Home) -> dict[str, str]:
    from ringfence.lake import status

    return {
        batch.batch: f"{batch.source} {batch.file} ({batch.batch[:12]})"
        for batch in status(home).batches
    }


def table(
    form: Annotated[
        str,
        typer.Option("--format", metavar="table|csv", help=said("Form.", "输出格式。")),
    ] = "table",
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.identity.explaining import table as merged

    if form not in _FORMATS:
        raise UsageError("--format is table or csv", "--format 只能是 table 或 csv")
    context = make_context(home, clock, as_json, lang)
    rows = merged(context.home())
    if as_json:
        context.print_json([{"subject": subject, "person": person} for subject, person in rows])
    elif form == "csv":
        sys.stdout.write("subject,person\n")
        sys.stdout.writelines(f"{_cell(one)},{_cell(other)}\n" for one, other in rows)
    else:
        for subject, person in rows:
            print(f"{subject}  {person}")  # noqa: T201
    return 0


def _cell(subject: str) -> str:
    """Keys hold neither line breaks nor formulas; a comma or a quote may be in one."""
    return subject if not set(subject) & set(',"') else '"' + subject.replace('"', '""') + '"'


def conflicts(
    each: Annotated[
        bool,
        typer.Option(
            "--each",
            help=said(
                "Those too of whom sources contradict each other; reads all that is said.",
                "同时列出各来源说法不一的人员；须读取全部身份信息。",
            ),
        ),
    ] = False,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.identity.linking import conflicts as in_doubt

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        if each:
            raise UsageError(
                "a server asks about cases and contacts that share a number with others: leave "
                "--each out",
                "服务器只列出病例与接触者中证件号码相同者：请勿使用 --each",
            )
        from ringfence.cli.api.identity import conflicts_through

        found = conflicts_through(server)
    else:
        found = in_doubt(context.home(), by=acting(), now=context.now(), each=each)
    if as_json:
        context.print_json([conflict.as_json() for conflict in found])
        return 0
    if not found:
        context.print(Text("Nothing needs a look.", "没有须核对的内容。"))
    for conflict in found[:_SHOWN]:
        print(_conflict_line(context, conflict))  # noqa: T201
    if len(found) > _SHOWN:
        left = len(found) - _SHOWN
        context.print(Text(f"… and {left:,} more; use --json", f"……另有 {left:,} 项；请用 --json"))
    return 0


def _conflict_line(context: Context, conflict: Conflict) -> str:
    from ringfence.identity.words import DISPUTES

    why = context.say(Text("; ", "；")).join(context.say(DISPUTES[k]) for k in conflict.kinds)
    state = Text("one person so far", "目前为同一人") if conflict.linked else Text("", "")
    shown = f" [{context.say(state)}]" if conflict.linked else ""
    return f"{', '.join(conflict.subjects)}: {why}{shown}"


def complete(
    subject: SubjectArgument,
    *,
    case: Annotated[
        str, typer.Option("--case", metavar="C", help=said("The case it is for.", "所为的病例。"))
    ],
    purpose: Annotated[
        str,
        typer.Option(
            "--purpose",
            metavar="TEXT",
            help=said("What for, in words; kept in the audit.", "用途；将记入审计。"),
        ),
    ],
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.identity.completing import completed
    from ringfence.operations.cases import check_case

    context = make_context(home, clock, as_json, lang)
    opened = context.home()
    check_case(opened, case, context.now())
    found = completed(opened, subject, case=case, purpose=purpose, by=acting(), now=context.now())
    if as_json:
        context.print_json([one.as_json() for one in found])
        return 0
    for one in found:
        for place, value in enumerate((one.value, *one.otherwise)):
            mark = "  " if place == 0 else "! "
            how = context.say(_HOW[value.how])
            told = value.told
            origin = f"{told.subject}, {told.source} {told.batch[:12]}"
            field = context.say(FIELDS[one.field])
            print(f"{mark}{field}: {value.value}  [{how}: {origin}]")  # noqa: T201
    return 0


_HOW = {
    "stated": Text("stated", "本记录"),
    "number": Text("by the number", "由证件号码"),
    "channel": Text("other channel", "其他渠道"),
}
