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
def lasting(minutes: float | None) -> str:
    """A time that passed, in the two units that a reader compares; none yet: a dash."""
    if minutes is None:
        return "–"
    whole = round(minutes)
    hours, days = whole // 60, whole // (24 * 60)
    if whole < 120:
        return Text(f"{whole} min", f"{whole} 分钟").to(language())
    if hours < 48:
        return Text(f"{hours} h {whole % 60} min", f"{hours} 小时 {whole % 60} 分").to(language())
    return Text(f"{days} d {hours % 24} h", f"{days} 天 {hours % 24} 小时").to(language())


@register.filter
def told(text: Text) -> str:
    """A text of the program in the reader's language."""
    return text.to(language())
