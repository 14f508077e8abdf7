"""By what a list was narrowed before it was taken out, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.errors import Text
from ringfence.trace import words as trace_words
from ringfence_server.cases import words as case_words
from ringfence_server.cases.diseases import disease_named
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.tasks import words as task_words
from ringfence_server.tasks.kinds import kind_of
from ringfence_server.web.surroundings import language
from ringfence_server.web.templatetags.building import place
from ringfence_server.web.templatetags.saying import between


def narrowed(kind: str, filters: Mapping[str, str]) -> str:
    """`kind`: of the list. Empty: it was taken whole."""
    return between("; ").join(_said(kind, name, word) for name, word in filters.items())


def _said(kind: str, name: str, word: str) -> str:
    if name == "unit":
        unit = Unit.objects.select_related("parent").filter(pk=word).first()
        return f"{place(unit)} ({word})" if unit is not None else word
    if name == "symptoms":
        return Text("with symptoms", "有症状").to(language())
    if name == "state":
        states = case_words.STATES if kind == "cases" else task_words.STATES
        return states.get(word, Text(word, word)).to(language())
    if name == "kind":
        return kind_of(word).text.to(language())
    named = disease_named(word) if name == "disease" else trace_words.classification(word)
    return named.to(language())
