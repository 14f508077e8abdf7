"""`ringfence explain`: why somebody is a contact, in words, down to file and row."""

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
)
from ringfence.cli.tracing import (
    AsOfOption,
    EngineOption,
    NoCrowdLimitOption,
    ProtocolOption,
    run_trace,
)
from ringfence.errors import Text, UsageError

if TYPE_CHECKING:
    from ringfence.cli.api.asking import Server


def register(app: typer.Typer) -> None:
    app.command(
        "explain",
        help=said(
            "Say in words why somebody is a contact of a case, or is not.",
            "用文字说明某人为何是（或不是）病例的接触者。",
        ),
    )(explain)


def explain(
    case: Annotated[str, typer.Argument(metavar="CASE", help=said("Case.", "病例编号。"))],
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help=said("Person.", "人员编号。"))],
    *,
    protocol: ProtocolOption = None,
    as_of: AsOfOption = None,
    no_crowd_limit: NoCrowdLimitOption = False,
    engine: EngineOption = "sql",
    home: HomeOption = None,
    clock: ClockOption = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> int:
    from ringfence.engines.persons import person_of
    from ringfence.trace.views import in_words

    context = make_context(home, clock, as_json, lang)
    if (server := context.server()) is not None:
        plain = protocol is None and as_of is None and engine == "sql" and not no_crowd_limit
        return _through(context, server, case, subject, plain=plain)
    found, known = run_trace(
        context,
        [case],
        orders=2,
        protocol=protocol,
        as_of=as_of,
        engine=engine,
        crowd_limit=not no_crowd_limit,
    )
    person = person_of(known.persons, subject)
    if as_json:
        context.print_json(in_words.document(found, person, known.batches, context.language))
        return 0
    _tell_person(context, subject, person)
    print(in_words.text(found, person, known.batches, context.language))  # noqa: T201
    return 0


def _through(context: Context, server: Server, case: str, subject: str, *, plain: bool) -> int:
    from ringfence.cli.api.explaining import explained_through

    if not plain:
        raise UsageError(
            "a server traces by the protocol in force, as all is known now: leave --protocol, "
            "--as-of, --engine and --no-crowd-limit out",
            "服务器按有效方案、以当前全部已知信息追踪：请勿使用 --protocol、--as-of、--engine、"
            "--no-crowd-limit",
        )
    found = explained_through(server, case, subject)
    if context.as_json:
        context.print_json(found.document)
        return 0
    _tell_person(context, subject, found.person)
    print("\n".join(found.lines))  # noqa: T201
    return 0


def _tell_person(context: Context, subject: str, person: str) -> None:
    if person != subject:
        context.print(
            Text(
                f"{subject} is a subject of the person {person}.",
                f"{subject} 与 {person} 为同一人。",
            )
        )
