"""The investigation form, and a version of it as it was saved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ringfence.errors import NotFound, Text, UserError
from ringfence.records.vocabularies import PLACE_KINDS, RELATIONS
from ringfence_server.access import acting_in, needs
from ringfence_server.cases import actions
from ringfence_server.cases import investigating as forms_of
from ringfence_server.cases.investigating import (
    BASIC,
    CLINICAL,
    Contact,
    Form,
    Named,
    StaleForm,
    Stay,
    Version,
    latest_version,
)
from ringfence_server.cases.models import Case
from ringfence_server.cases.pages.asking import case_in
from ringfence_server.cases.pages.forms import LABELS, ContactForm, FactsForm, StayForm
from ringfence_server.cases.refusals import FieldErrors
from ringfence_server.deployment.here import home, now
from ringfence_server.web.surroundings import language

_MOST = 60
_Stays = formset_factory(StayForm, extra=3, max_num=_MOST, absolute_max=_MOST)
_Contacts = formset_factory(ContactForm, extra=3, max_num=_MOST, absolute_max=_MOST)
_IDENTITY = ("name", "phone", "id_number")


@needs("case.write")
def form(request: HttpRequest, case: int) -> HttpResponse:
    return _filled(request, case_in(request, case, "case.write"))


def _filled(request: HttpRequest, case: Case) -> HttpResponse:
    if request.method != "POST":
        return _show(request, case, *_forms_of(latest_version(case)))
    facts = FactsForm(request.POST)
    stays, contacts = _Stays(request.POST, prefix="stay"), _Contacts(request.POST, prefix="contact")
    if not all([facts.is_valid(), stays.is_valid(), contacts.is_valid()]):
        return _show(request, case, facts, stays, contacts, status=400)
    read = _read(facts, stays, contacts)
    try:
        number = actions.save_form(
            home=home(),
            number=case.number,
            based_on=facts.cleaned_data["based_on"],
            form=read.form,
            named=read.named,
            by=acting_in(request),
            at=now(),
        )
    except StaleForm as stale:
        anew = request.POST.copy()
        anew["based_on"] = str(stale.theirs.number)
        facts = FactsForm(anew)
        facts.refuse(stale)
        return _show(request, case, facts, stays, contacts, theirs=stale.theirs, status=409)
    except FieldErrors as error:
        _beside(error, read.rows, facts)
        return _show(request, case, facts, stays, contacts, status=400)
    except UserError as error:
        facts.refuse(error)
        return _show(request, case, facts, stays, contacts, status=400)
    saved = Text(f"Saved as version {number}.", f"已保存为第 {number} 版。")
    messages.success(request, saved.to(language()))
    return redirect("case", case=case.pk)


@dataclass(frozen=True)
class _Read:
    """`rows`: in which row of the page each stay, known and named contact was written."""

    form: Form
    named: list[Named]
    rows: dict[str, list[tuple[BaseFormSet[Any], int]]]


def _show(
    request: HttpRequest,
    case: Case,
    facts: FactsForm,
    stays: BaseFormSet[Any],
    contacts: BaseFormSet[Any],
    *,
    theirs: Version | None = None,
    status: int = 200,
) -> HttpResponse:
    told = {"case": case, "form": facts, "stays": stays, "contacts": contacts}
    shown = _as_shown(theirs) if theirs is not None else None
    return render(request, "cases/form.html", {**told, "theirs": shown}, status=status)


def _forms_of(latest: Version) -> tuple[FactsForm, BaseFormSet[Any], BaseFormSet[Any]]:
    told = latest.form
    facts = FactsForm(initial={**told.basic, **told.clinical, "based_on": latest.number})
    stays = [{**asdict(stay), "place_name": stay.name} for stay in told.history]
    return (
        facts,
        _Stays(initial=stays, prefix="stay"),
        _Contacts(initial=[asdict(one) for one in told.contacts], prefix="contact"),
    )


def _read(facts: FactsForm, stays: BaseFormSet[Any], contacts: BaseFormSet[Any]) -> _Read:
    told = facts.cleaned_data
    rows: dict[str, list[tuple[BaseFormSet[Any], int]]] = {
        "history": [],
        "known": [],
        "contact": [],
    }
    history = []
    for row, one in enumerate(stays.cleaned_data):
        stay = Stay(*(one.get(n, "") for n in ("place", "place_name", "kind", "start", "end")))
        if any(vars(stay).values()):
            history.append(stay)
            rows["history"].append((stays, row))
    known, named = [], []
    for row, one in enumerate(contacts.cleaned_data):
        said = {n: one.get(n, "") for n in ("relation", "start", "end", "subject")}
        who = {n: one[n] for n in _IDENTITY if one.get(n)}
        if said["subject"]:
            known.append(Contact(**said))
            rows["known"].append((contacts, row))
        elif who or said["relation"]:
            named.append(Named(who, Contact(**said)))
            rows["contact"].append((contacts, row))
    basic = {n: told[n] for n in BASIC if told.get(n)}
    clinical = {n: told[n] for n in CLINICAL if told.get(n)}
    return _Read(Form(basic, clinical, history, known), named, rows)


def _beside(
    error: FieldErrors,
    rows: Mapping[str, Sequence[tuple[BaseFormSet[Any], int]]],
    facts: FactsForm,
) -> None:
    """A fault of a row stands at that row."""
    here = language()
    left: dict[str, Text] = {}
    for name, reason in error.fields.items():
        kind, _, place = name.partition("-")
        if kind in rows and place.isdecimal():
            formset, row = rows[kind][int(place)]
            formset.forms[row].add_error(None, reason.to(here))
        else:
            left[name] = reason
    if left:
        facts.refuse(FieldErrors(left))


@needs("case.read")
def version(request: HttpRequest, case: int, version: int) -> HttpResponse:
    of_case = case_in(request, case)
    found = forms_of.version(of_case, version)
    if found is None:
        raise NotFound("there is no such version", "没有此版本")
    told = {"case": of_case, "shown": _as_shown(found)}
    return render(request, "cases/version.html", told)


def _as_shown(found: Version) -> dict[str, Any]:
    texts = {**found.form.basic, **found.form.clinical}
    kinds = {word: told for word, (_, told) in PLACE_KINDS.items()}
    relations = {word: told for word, (_, told) in RELATIONS.items()}
    return {
        "version": found,
        "facts": [(LABELS[name], text) for name, text in texts.items()],
        "stays": [(stay, kinds.get(stay.kind)) for stay in found.form.history],
        "contacts": [(one, relations.get(one.relation)) for one in found.form.contacts],
    }
