"""What a key or a text may contain, and what betrays a person's identity: the exact rules."""

from __future__ import annotations

import re
import unicodedata

from ringfence.sources import reasons
from ringfence.sources.reasons import RefusedError

KEY_LENGTH = 128
TEXT_LENGTH = 1000
_KEY_SIGNS = frozenset(" _-.:/#()·（）")
_FORMULA = frozenset("=+-@")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_YYMMDD = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_ID_NUMBER = re.compile(rf"\d{{17}}[\dXx]|\d{{6}}{_YYMMDD}\d{{3}}|[A-Za-z]{{3}}\d{{12}}", re.ASCII)
_SPACED_ID = re.compile(
    rf"\d{{6}}[ -](?:18|19|20){_YYMMDD}[ -]\d{{3}}[\dXx]|\d{{6}}[ -]{_YYMMDD}[ -]\d{{3}}", re.ASCII
)
_PHONE = re.compile(r"(?:\+86|0086|86)?1[3-9]\d{9}|\+\d{7,15}", re.ASCII)
_SPACED_PHONE = re.compile(r"(?:(?:\+86|0086|86)[ -]?)?1[3-9]\d[ -]\d{4}[ -]\d{4}", re.ASCII)


def check_printable(text: str) -> None:
    """Refuse control characters, line separators and signs that reverse the writing direction."""
    if text.isascii() and text.isprintable():
        return
    if "\0" in text:
        raise RefusedError(reasons.NUL)
    if "\n" in text or "\r" in text or "\u2028" in text or "\u2029" in text:
        raise RefusedError(reasons.LINE_BREAK)
    if any(unicodedata.category(sign) == "Cc" or sign in _BIDI for sign in text):
        raise RefusedError(reasons.CONTROL)


def check_no_formula(text: str) -> None:
    """Full-width signs count: some spreadsheets read them as formulas as well."""
    first = text.lstrip()[:1]
    if unicodedata.normalize("NFKC", first)[:1] in _FORMULA:
        raise RefusedError(reasons.FORMULA)


def check_no_identity(text: str) -> None:
    """Refuse the shapes of ID numbers, telephone numbers and e-mail addresses."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if "@" in plain[1:]:
        raise RefusedError(reasons.EMAIL)
    if _ID_NUMBER.fullmatch(plain) or _SPACED_ID.fullmatch(plain):
        raise RefusedError(reasons.ID_NUMBER)
    if _PHONE.fullmatch(plain) or _SPACED_PHONE.fullmatch(plain):
        raise RefusedError(reasons.PHONE)


def check_key(text: str, *, identity_shapes: bool) -> None:
    if identity_shapes:
        check_no_identity(text)
    check_no_formula(text)
    if text != text.strip():
        raise RefusedError(reasons.EDGE_SPACE)
    if len(text) > KEY_LENGTH:
        raise RefusedError(reasons.KEY_LENGTH)
    if not all(sign in _KEY_SIGNS or unicodedata.category(sign)[0] in "LMN" for sign in text):
        raise RefusedError(reasons.KEY_CHARACTER)


def check_text(text: str) -> None:
    check_no_formula(text)
    if len(text) > TEXT_LENGTH:
        raise RefusedError(reasons.TEXT_LENGTH)
