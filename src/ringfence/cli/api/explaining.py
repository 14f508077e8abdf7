"""Why somebody is a contact of a case, through a server: in the words of the case's trace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ringfence.cli.api import failing
from ringfence.cli.api.asking import Asked, Server, told
from ringfence.cli.api.tracing import run_through
from ringfence.errors import Text
from ringfence.trace.views import as_json, in_words
from ringfence.trace.views.kept import document_in, trace_of

_ROW = "  "


@dataclass(frozen=True)
class Explained:
    """`person`: of whom the subject is. `document`: as `explain --json` has it; files stand in its
    sentences.
    """

    person: str
    lines: tuple[str, ...]
    document: Mapping[str, Any]


def explained_through(server: Server, case: str, subject: str) -> Explained:
    """The case is traced first, as all is known now."""
    number, kept = run_through(server, case)
    try:
        return _explained(server, number, kept, subject)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise failing.no_server(server.address) from None


def _explained(server: Server, run: int, kept: Mapping[str, Any], subject: str) -> Explained:
    trace = trace_of(kept)
    rank = next(
        (n for n, one in enumerate(trace.contacts) if subject in (one.person, *one.subjects)), None
    )
    person, found = subject, None
    if rank is None:
        lines = [one.to(server.language) for one in in_words.sentences(trace, subject, {})]
    else:
        one = trace.contacts[rank]
        contact = told(server, Asked("GET", f"/traces/{run}/contacts/{rank}"))
        if contact["person"] != one.person:
            raise ValueError
        person, found = one.person, as_json.contact_document(one, trace.zone)
        questions = in_words.still_open(trace, person)
        lines = [*_why(contact, server.language), *(q.to(server.language) for q in questions)]
    document = document_in(kept, server.language)
    names = {subject, person} | ({*found["subjects"]} if found else set())
    return Explained(
        person,
        tuple(lines),
        {
            "person": person,
            "protocol": document["protocol"],
            "protocol_version": document["protocol_version"],
            "draft": document["draft"],
            "cases": [one.case for one in trace.cases],
            "is_contact": found is not None,
            "is_case": any(one.subject == person for one in trace.cases),
            "contact": found,
            "review": [one for one in document["review"] if names & set(one["people"])],
            "sentences": list(lines),
        },
    )


def _why(contact: Any, language: str) -> list[str]:
    """Sentences, each with its rows below it, indented as a local answer has them."""
    lines = []
    for one in contact["why"]:
        lines.append(_in(one["said"], language))
        lines += [f"{_ROW}{_in(row, language)}" for row in one["rows"]]
    return lines


def _in(both: Any, language: str) -> str:
    line = Text(str(both["en"]), str(both["zh"])).to(language)
    if not line.isprintable():
        raise ValueError
    return line
