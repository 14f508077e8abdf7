"""Which of the two languages the user reads."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise

from ringfence.errors import Text

LANGUAGES = ("en", "zh")


def chosen_language(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """`--lang`, else RINGFENCE_LANG, else the locale, else English. The last `--lang` counts."""
    asked = [word.split("=", 1)[1] for word in words if word.startswith("--lang=")]
    asked += [after for word, after in pairwise(words) if word == "--lang"]
    for wish in (*asked[-1:], environment.get("RINGFENCE_LANG", "")):
        if wish in LANGUAGES:
            return wish
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    return "en"


LANGUAGE = chosen_language(sys.argv[1:], os.environ)


def said(en: str, zh: str) -> str:
    """For help texts, which are made before a command runs."""
    return Text(en, zh).to(LANGUAGE)
