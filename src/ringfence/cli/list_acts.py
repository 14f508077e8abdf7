"""`ringfence lists check|send|sheet|record|sign-off|answer|withdraw`: what is done with a list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ringfence.cli.acting import acting
from ringfence.cli.language import said
from ringfence.cli.options import (
    ClockOption,
    HomeOption,
    JsonOption,
    LangOption,
    make_context,
)
from ringfence.errors import Text, UsageError

ListArgument = Annotated[str, typer.Argument(metavar="LIST", help=said("Like L3.", "例如 L3。"))]
OutputOption = Annotated[
    Path,
    typer.Option(
        "--output", metavar="F", help=said("Write to this file (CSV).", "写入此文件（CSV）。")
    ),
]
PersonsOption = Annotated[
    list[int] | None,
    typer.Option(
        "--person", metavar="N", help=said("This person; may be repeated.", "该人员；可重复。")
    ),
]


def register(group: typer.Typer) -> None:
    group.command(
        "check", help=said("Look again: who is known, who lives where.", "重新比对与定位。")
    )(check)
    group.command("send", help=said("Send persons on to a unit.", "转办给单位。"))(send)
    group.command(
        "sheet",
        help=said("Write what a unit needs to find its persons.", "导出单位的核查表（含身份）。"),
    )(sheet)
    group.command("record", help=said("Record what units answered.", "登记核查结果。"))(record)
    group.command(
        "sign-off", help=said("Stand for the answer as it is now.", "签发当前答复内容。")
    )(sign_off)
    group.command("answer", help=said("Write the signed answer.", "导出已签发的答复。"))(answer)
    group.command("withdraw", help=said("The list was wrong.", "撤回名单。"))(withdraw)


def check(
    name: ListArgument,
    *,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.lists import check_list

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        from ringfence.cli.api.lists import check_through

        figures = check_through(server, name)
    else:
        figures = check_list(context.home(), name, by=acting(), now=context.now()).as_json()
    if as_json:
        context.print_json(figures)
    else:
        known, located, persons = (figures[n] for n in ("known", "located", "persons"))
        context.print(
            Text(
                f"Of {persons:,} persons {known:,} are known here and {located:,} are located.",
                f"共 {persons:,} 人：本地已知 {known:,} 人，已定位 {located:,} 人。",
            )
        )
    return 0


def send(
    name: ListArgument,
    *,
    unit: Annotated[
        str, typer.Option("--to", metavar="UNIT", help=said("The unit.", "承办单位。"))
    ],
    division: Annotated[
        str | None,
        typer.Option(
            metavar="CODE",
            help=said(
                "All in this division who were not sent on; with --person: where these live.",
                "该区划内尚未转办的所有人；与 --person 同用时为其所在区划。",
            ),
        ),
    ] = None,
    persons: PersonsOption = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.lists import send as act

    context = make_context(home, clock, as_json, lang)
    chosen = persons or ()
    if (server := context.server()) is not None:
        from ringfence.cli.api.lists import send_through

        sent = send_through(server, name, unit=unit, division=division, persons=chosen)
        listed, now_sent, before = sent.name, sent.persons, sent.before
    else:
        opened, now = context.home(), context.now()
        done = act(opened, name, unit, division=division, persons=chosen, by=acting(), now=now)
        listed, now_sent, before = done.list.name, done.persons, done.before
    if as_json:
        context.print_json({"list": listed, "sent": now_sent, "before": before})
    else:
        context.print(
            Text(
                f"Sent on to {unit}: {len(now_sent):,} of {listed}; sent on before: "
                f"{len(before):,}.",
                f"已将 {listed} 的 {len(now_sent):,} 人转办至 {unit}；"
                f"{len(before):,} 人此前已转办。",
            )
        )
    return 0


def sheet(
    name: ListArgument,
    *,
    unit: Annotated[
        str, typer.Option("--to", metavar="UNIT", help=said("The unit.", "承办单位。"))
    ],
    purpose: Annotated[
        str,
        typer.Option(metavar="TEXT", help=said("What for; kept in the audit.", "用途；记入审计。")),
    ],
    output: OutputOption,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.lists import write_sheet

    context = make_context(home, clock, as_json, lang)
    count = write_sheet(
        context.home(), name, unit, output, purpose=purpose, by=acting(), now=context.now()
    )
    if as_json:
        context.print_json({"persons": count, "file": str(output)})
    else:
        context.print(
            Text(
                f"{output} says who {unit} has to find ({count:,}): hand it to nobody else, and "
                "delete it afterwards.",
                f"{output} 含 {count:,} 人的身份信息：只能交给 {unit}，用后请删除。",
            )
        )
    return 0


def record(
    name: ListArgument,
    *,
    file: Annotated[
        str | None,
        typer.Option(
            "--file",
            metavar="FILE",
            help=said("The unit's sheet with its outcomes filled in.", "单位填好结果的核查表。"),
        ),
    ] = None,
    persons: PersonsOption = None,
    outcome: Annotated[
        str | None,
        typer.Option(
            metavar="WORD",
            help=said(
                "tested_negative, tested_positive, quarantined, at_home, elsewhere, not_found "
                "or declined",
                "tested_negative、tested_positive、quarantined、at_home、elsewhere、not_found "
                "或 declined",
            ),
        ),
    ] = None,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.lists import read_outcomes
    from ringfence.operations.lists import record as act

    context = make_context(home, clock, as_json, lang)
    server = context.server()
    opened = None if server is not None else context.home()
    if (file is None) == (not persons or outcome is None):
        raise UsageError(
            "give --file, or --person and --outcome", "请给出 --file，或 --person 与 --outcome"
        )
    outcomes = dict.fromkeys(persons or (), outcome or "")
    if server is not None:
        from ringfence.cli.api.lists import outcomes_of, record_through

        told = record_through(server, name, outcomes if file is None else outcomes_of(file))
        listed, recorded, before = told.name, told.persons, told.before
    else:
        assert opened is not None
        if file is not None:
            outcomes = read_outcomes(opened, file)
        done = act(opened, name, outcomes, by=acting(), now=context.now())
        listed, recorded, before = done.list.name, done.persons, done.before
    if as_json:
        context.print_json({"list": listed, "recorded": recorded, "before": before})
    else:
        context.print(
            Text(
                f"Outcomes recorded for {listed}: {len(recorded):,}.",
                f"已登记 {listed} 中 {len(recorded):,} 人的结果。",
            )
        )
    return 0


def sign_off(
    name: ListArgument,
    *,
    interim: Annotated[
        bool,
        typer.Option("--interim", help=said("Though some are pending.", "尚有未答复者亦签发。")),
    ] = False,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.lists import sign_off as act

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        from ringfence.cli.api.lists import sign_through

        pending = sign_through(server, name, interim=interim)
    else:
        pending = act(context.home(), name, interim=interim, by=acting(), now=context.now())
    if as_json:
        context.print_json({"pending": pending})
    else:
        context.print(
            Text(f"Signed off; pending: {pending:,}.", f"已签发；未答复：{pending:,} 人。")
        )
    return 0


def answer(
    name: ListArgument,
    *,
    output: OutputOption,
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.lists import write_answer

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        from ringfence.cli.api.lists import answer_through
        from ringfence.operations.lists.sheets import write_private

        found, content = answer_through(server, name, context.language)
        write_private(output, content)
    else:
        found = write_answer(
            context.home(), name, output, language=context.language, by=acting(), now=context.now()
        )
    if as_json:
        context.print_json({**found.as_json(), "file": str(output)})
    else:
        context.print(
            Text(
                f"The answer to {found.agency} is in {output}.",
                f"给 {found.agency} 的答复已写入 {output}。",
            )
        )
    return 0


def withdraw(
    name: ListArgument,
    *,
    reason: Annotated[
        str, typer.Option(metavar="R", help=said("Why; it is kept.", "理由；将被保存。"))
    ],
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.operations.lists import withdraw as act

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        from ringfence.cli.api.lists import withdraw_through

        found = withdraw_through(server, name, reason)
    else:
        found = act(context.home(), name, reason, by=acting(), now=context.now())
    if as_json:
        context.print_json(found.as_json())
    else:
        context.print(Text(f"{found.name} was withdrawn.", f"{found.name} 已撤回。"))
    return 0
