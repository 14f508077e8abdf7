"""Both languages beside each other in a template: {% say "Cases" "病例" %}."""

from __future__ import annotations

from typing import Any

from django import template

from ringfence.errors import Text
from ringfence_server.web.surroundings import language

register = template.Library()
_BETWEEN = {", ": "、", "; ": "；"}


@register.simple_tag
def say(en: str, zh: str, **given: Any) -> str:
    """`{% say "{n} cases" "{n} 例" n=count %}`: what is given stands in both sentences."""
    text = Text(en, zh).to(language())
    return text.format(**given) if given else text


@register.simple_tag
def between(mark: str = ", ") -> str:
    """What parts the members of a list: `{% between %}`, or of sentences `{% between "; " %}`."""
    return Text(mark, _BETWEEN[mark]).to(language())


@register.filter
def told(text: Text) -> str:
    """A text of the program in the reader's language."""
    return text.to(language())
