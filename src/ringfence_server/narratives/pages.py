"""The pages of a narrative: paste a text; see its events in it; decide on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ringfence.errors import Text, UserError
from ringfence.narratives.identities import Named
from ringfence.narratives.model import EventKind
from ringfence.operations.narrating import words
from ringfence.operations.narrating.asking import question
from ringfence.operations.narrating.proposing import Proposal
from ringfence_server.access import acting_in, needs
from ringfence_server.cases.changing import Done, last_change
from ringfence_server.cases.pages.asking import case_in, tell
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.deployment.here import home, now
from ringfence_server.narratives.accepting import Page, StaleNarrative, decide, page_of
from ringfence_server.narratives.forms import LineForm, PasteForm, event_form, person_form
from ringfence_server.narratives.keeping import ACCEPTED, ASKED, RIGHT
from ringfence_server.narratives.keeping import paste as keep
from ringfence_server.narratives.marking import pieces_of
from ringfence_server.narratives.moments import confirms, known
from ringfence_server.narratives.rows import takes
from ringfence_server.web.failures import status_of
from ringfence_server.web.surroundings import language

_KNOWN = {
    "name": Text("a name", "姓名"),
    "id_number": Text("an ID number", "证件号码"),
    "phone": Text("a telephone", "电话"),
}
_TOLD = Text("as a narrative tells", "据叙述")
_SELF = Text("the case", "本人")


@dataclass(frozen=True)
class Line:
    """One event, or one person, as the page shows it. `number`: from 1; `takes`: it may be
    accepted; `asks`: what to ask the case; `known`: what the case says of it already; `confirms`:
    accepted, it confirms the case.
    """

    number: int
    kind: str
    title: str
    when: str
    what: str
    doubts: str
    words: str
    form: LineForm | None
    takes: bool
    state: str
    asks: str = ""
    known: str = ""
    confirms: bool = False
    order: tuple[str, str, int] = ("", "", 0)


@needs("case.write")
def paste(request: HttpRequest, case: int) -> HttpResponse:
    found = case_in(request, case, RIGHT)
    if request.method != "POST":
        today = now().astimezone(ZoneInfo(home().zone)).date()
        form = PasteForm(initial={"written": today})
        return render(request, "narratives/paste.html", {"case": found, "form": form})
    form = PasteForm(request.POST)
    status = 400
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = keep(
                home=home(),
                number=found.number,
                text=told["text"].replace("\r\n", "\n"),
                written=told["written"],
                by=acting_in(request),
                at=now(),
            )
        except UserError as error:
            form.refuse(error)
            status = status_of(error)
        else:
            return redirect("narrative", case=found.pk, narrative=made.pk)
    return render(request, "narratives/paste.html", {"case": found, "form": form}, status=status)


@needs("case.write")
def narrative(request: HttpRequest, case: int, narrative: int) -> HttpResponse:
    found = case_in(request, case, RIGHT)
    by, at = acting_in(request), now()
    page = page_of(home=home(), case=found, key=narrative, by=by, at=at)
    if page.told is None:
        return render(request, "narratives/erased.html", {"case": found, "page": page})
    if request.method != "POST":
        return _show(request, page, _lines(page, None))
    lines = _lines(page, request.POST)
    open_forms = [line.form for line in lines if line.form is not None]
    status = 400
    sound = [form.is_valid() for form in open_forms]
    if all(sound):
        decided = {form.number: form.decided() for form in open_forms}
        try:
            done = decide(
                home=home(),
                number=found.number,
                key=narrative,
                version=_number(request.POST, "version"),
                seen=_number(request.POST, "seen"),
                reason=_TOLD.to(language()),
                decisions={n: one for n, one in decided.items() if one is not None},
                by=by,
                at=at,
            )
        except FieldErrors as error:
            _beside(error, {form.number: form for form in open_forms})
        except StaleNarrative as error:
            messages.error(request, error.text.to(language()))
            return redirect("narrative", case=found.pk, narrative=narrative)
        except UserError as error:
            messages.error(request, error.text.to(language()))
            status = status_of(error)
        else:
            count = done.accepted
            followed = Done(found.number, done.notices)
            tell(
                request, followed, f"Saved; {count} accepted now.", f"已保存；本次采纳 {count} 项。"
            )
            return redirect("narrative", case=found.pk, narrative=narrative)
    return _show(request, page, lines, status=status)


def _number(sent: Mapping[str, Any], name: str) -> int:
    told = str(sent.get(name, ""))
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 10 else 0


def _beside(error: FieldErrors, by_number: Mapping[int, LineForm]) -> None:
    for name, reason in error.fields.items():
        number, _, field = name.removeprefix("e").partition("-")
        by_number[int(number)].refuse(field, reason)


def _show(
    request: HttpRequest, page: Page, lines: list[Line], *, status: int = 200
) -> HttpResponse:
    assert page.told is not None
    told = {
        "case": page.case,
        "narrative": page.narrative,
        "seen": last_change(page.case),
        "written": page.kept.written if page.kept is not None else None,
        "pieces": pieces_of(page.told.reading),
        "days": _by_day([line for line in lines if line.kind != "person"]),
        "people": [line for line in lines if line.kind == "person"],
        "asked": [line for line in lines if line.state == ASKED],
        "kinds": [(kind.value, words.KINDS[kind].to(language())) for kind in EventKind],
    }
    return render(request, "narratives/narrative.html", told, status=status)


def _by_day(lines: list[Line]) -> list[tuple[str, list[Line]]]:
    days: dict[str, list[Line]] = {}
    for line in sorted(lines, key=lambda one: one.order):
        days.setdefault(line.order[0], []).append(line)
    return list(days.items())


def _lines(page: Page, data: Any) -> list[Line]:
    assert page.told is not None
    proposals = page.told.proposals
    found = [_event(page, number, one, data) for number, one in enumerate(proposals)]
    people = enumerate(page.people, start=len(proposals))
    return [*found, *(_person(page, number, person, data) for number, person in people)]


def _event(page: Page, number: int, one: Proposal, data: Any) -> Line:
    assert page.told is not None
    here, event, before = language(), one.event, page.decision(number)
    done = before is not None and before.state == ACCEPTED
    day = event.day.written if event.day is not None else ""
    return Line(
        number=number + 1,
        kind=event.kind.value,
        title=words.kind(event, here),
        when=words.when(event, here),
        what=" · ".join(part for part in (words.where(event), words.details(event, here)) if part),
        doubts=words.doubts(event, here),
        words=page.told.reading.words(event.span),
        form=None if done else event_form(data, number, one, page.told.zone, before),
        takes=takes(one),
        state="" if before is None else before.state,
        asks=question(one).to(here),
        known="" if done else known(page.case, event.kind, page.told.zone),
        confirms=not done and takes(one) and confirms(page.case, event),
        order=(day, one.when.start.isoformat() if one.when.start is not None else "", number),
    )


def _person(page: Page, number: int, person: Named, data: Any) -> Line:
    here, before = language(), page.decision(number)
    done = before is not None and before.state == ACCEPTED
    known = [_KNOWN[name].to(here) for name in _KNOWN if getattr(person, name)]
    relation = _SELF if person.relation is None else words.RELATIONS[person.relation]
    return Line(
        number + 1,
        "person",
        relation.to(here),
        "",
        Text(", ", "、").to(here).join(known),
        "",
        "",
        None if done else person_form(data, number, person, before),
        True,
        "" if before is None else before.state,
    )
