"""What is kept in the open of requests and lists: keys and words that tell of no person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ringfence.audit.writing import TELEPHONE_OR_CARD
from ringfence.errors import DataError, Text, UsageError
from ringfence.sources import keys
from ringfence.sources.reasons import RefusedError

_NUMBER = re.compile(TELEPHONE_OR_CARD, re.ASCII)
_A_PERSON = Text(
    "it holds a number of a person; name the case or the document instead",
    "其中含个人号码；请改写病例编号或文号",
)


def check_keys(en: str, zh: str, given: Iterable[str]) -> None:
    for key in given:
        if not key.strip():
            raise UsageError(f"the {en} is missing", f"缺少{zh}")
        try:
            keys.check_printable(key)
            keys.check_key(key, identity_shapes=True)
        except RefusedError as refused:
            raise _refused(en, zh, refused) from None


def check_words(en: str, zh: str, text: str) -> None:
    """A text that is kept in the open: not empty, and no number of a person."""
    if not text.strip():
        raise UsageError(f"the {en} is missing", f"缺少{zh}")
    try:
        keys.check_printable(text)
        keys.check_text(text)
        for word in text.split():
            keys.check_no_identity(word)
        if _NUMBER.search(unicodedata.normalize("NFKC", text)):
            raise RefusedError(_A_PERSON)
    except RefusedError as refused:
        raise _refused(en, zh, refused) from None


def _refused(en: str, zh: str, refused: RefusedError) -> DataError:
    reason = refused.reason
    return DataError(f"the {en} is refused: {reason.en}", f"{zh}被拒绝：{reason.zh}")
