"""`ringfence explain`: why somebody is a contact, in words, down to file and row."""

from __future__ import annotations

from typing import Annotated

import typer

from ringfence.cli.language import said
from ringfence.cli.options import ClockOption, HomeOption, JsonOption, LangOption, make_context
from ringfence.cli.tracing import (
    AsOfOption,
    EngineOption,
    NoCrowdLimitOption,
    ProtocolOption,
    run_trace,
)
from ringfence.errors import Text


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
    if person != subject:
        context.print(
            Text(
                f"{subject} is a subject of the person {person}.",
                f"{subject} 与 {person} 为同一人。",
            )
        )
    print(in_words.text(found, person, known.batches, context.language))  # noqa: T201
    return 0
