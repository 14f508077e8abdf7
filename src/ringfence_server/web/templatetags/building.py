"""The parts that pages are built of, where a plain include would not do."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.safestring import SafeString

from ringfence.errors import Text
from ringfence_server.jurisdictions.models import Unit
from ringfence_server.jurisdictions.queries import line_above
from ringfence_server.web.surroundings import language

register = template.Library()
_CODE = Text("Code", "验证码")
_TONES = ("plain", "info", "good", "warn", "bad")


@register.simple_tag
@cache
def asset(path: str) -> str:
    """Address of a static file, which changes when the file does: browsers keep it till then."""
    found = finders.find(path)
    if not isinstance(found, str):
        raise template.TemplateSyntaxError(f"there is no static file {path}")
    with open(found, "rb") as file:  # noqa: PTH123
        return f"{static(path)}?v={sha256(file.read()).hexdigest()[:12]}"


@register.inclusion_tag("parts/chip.html")
def chip(tone: str, text: Text | str) -> dict[str, Any]:
    """A state: its word, and a shape and colour of its tone. Colour never stands alone."""
    if tone not in _TONES:
        raise template.TemplateSyntaxError(f"a chip is one of {', '.join(_TONES)}")
    return {"tone": tone, "word": text.to(language()) if isinstance(text, Text) else text}


@register.inclusion_tag("parts/sign.html")
def sign(name: str) -> dict[str, Any]:
    """A picture of static/signs.svg, beside a word that says the same."""
    return {"name": name, "file": asset("signs.svg")}


@register.inclusion_tag("parts/line.html")
def jurisdiction(unit: Unit) -> dict[str, Any]:
    """Where a page is: the units above one another, down to this."""
    above = [one.name(language()) for one in line_above(unit)]
    return {"names": above or [unit.name(language())]}


@register.filter
def named(unit: Unit) -> str:
    """A unit's name in the reader's language."""
    return unit.name(language())


@register.filter
def place(unit: Unit) -> str:
    """A unit's name where its line is not seen: a grid with its community, for each community
    counts its grids from one. A list of many reads `unit__parent` along.
    """
    name = unit.name(language())
    if unit.level != "grid" or unit.parent is None:
        return name
    return f"{unit.parent.name(language())} {name}"


@register.filter
def labelled(field: BoundField) -> str:
    """What stands above a field. The library's Chinese for a code is that of a program's code."""
    if field.field.widget.attrs.get("autocomplete") == "one-time-code":
        return _CODE.to(language())
    return str(field.label)


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """A field's input. The label stands above it, so nothing is repeated within it."""
    attributes: dict[str, Any] = {"placeholder": False}
    given = field.field.widget.attrs
    if given.get("autocomplete") == "one-time-code":
        attributes |= {"inputmode": "numeric", "autocapitalize": "off", "spellcheck": "false"}
    if given.get("autocomplete") == "username":
        attributes |= {"autocapitalize": "off", "spellcheck": "false"}
    return field.as_widget(attrs=attributes)
