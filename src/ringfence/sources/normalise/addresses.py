"""Addresses as one clean line: no spaces within Chinese, the same signs for the same thing."""

from __future__ import annotations

import re

from ringfence.sources import keys
from ringfence.sources.normalise.cleaning import check_whole, is_blank, tidy
from ringfence.sources.normalise.model import Setting

_BY_HAN = re.compile(r"(?<=[\u3400-\u9fff，。、()#-]) +| +(?=[\u3400-\u9fff，。、()#-])")
_ENDS = " ,，.。;；、"


def read_address(text: str, _: Setting) -> str | None:
    """A cleaned address; what it lies in is told by `locate`."""
    return clean_address(text)


def clean_address(text: str) -> str | None:
    line = tidy(text)
    check_whole(line)
    line = _BY_HAN.sub("", line).strip(_ENDS)
    if is_blank(line):
        return None
    keys.check_text(line)
    return line
