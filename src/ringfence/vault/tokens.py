"""Tokens by which the vault finds persons without reading what it holds.

A token is a keyed digest of kind and text, enciphered under its cohort's mask key. The digest is
the same in every cohort, so that equal numbers can be brought together without opening records;
the mask is what lies on the disk, so that a shredded cohort's tokens say nothing, to nobody.
Only fingerprints of 16 bytes go through the block cipher, one block each: equal blocks show no
more than a look-up needs.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from ringfence.errors import UsageError
from ringfence.records.vocabularies import ID_KINDS

TOKEN_BYTES = 16
SUBJECT = "subject"
KINDS = (SUBJECT, "id_number", "phone", "name", "pinyin", "initials", "last4", "plate")
"""Their place is their number in the stored files: add at the end only."""
FINDABLE = KINDS[1:]
NUMBER = KINDS.index("id_number")

NameForms = Callable[[str], tuple[str, str]]
"""Pinyin and initials of a name."""

_RESIDENT_LENGTH = 18
_PASS_LENGTH = 9  # of a Hong Kong or Macau pass: the two digits after count its renewals
_SEPARATORS = re.compile(r"[\s\-‐-―·.'’]+")


def no_forms(_: str) -> tuple[str, str]:
    return "", ""


class Digests:
    """Keyed digests (BLAKE2b as a MAC) of one vault, by kind."""

    def __init__(self, key: bytes) -> None:
        self._begun = [
            hashlib.blake2b(key=key, digest_size=TOKEN_BYTES, person=f"kind{number}".encode())
            for number in range(len(KINDS))
        ]

    def of(self, kind: int, text: str) -> bytes:
        digest = self._begun[kind].copy()
        digest.update(text.encode())
        return digest.digest()

    def of_all(self, kind: int, texts: Iterable[str]) -> bytes:
        """One after the other."""
        begun = self._begun[kind]
        made = bytearray()
        for text in texts:
            digest = begun.copy()
            digest.update(text.encode())
            made += digest.digest()
        return bytes(made)


def masked(key: bytes, digests: bytes) -> bytes:
    """Digests one after the other, as one cohort stores them."""
    cipher = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 (see above)
    return cipher.update(digests) + cipher.finalize()


def unmasked(key: bytes, tokens: bytes) -> bytes:
    cipher = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305 (see above)
    return cipher.update(tokens) + cipher.finalize()


def folded(text: str) -> str:
    """Names, pinyin and numbers are found whatever their width, case and spaces."""
    if text.isascii():
        if not text.removeprefix("+").isalnum():
            text = _SEPARATORS.sub("", text)
    elif not text.isalnum() or not unicodedata.is_normalized("NFKC", text):
        text = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    return text.casefold()


def texts_of(
    subject: str, fields: Mapping[str, str], name_forms: NameForms
) -> Iterator[tuple[int, str]]:
    """All that a statement can be found by: number of the kind, text."""
    yield 0, subject
    if number := fields.get("id_number"):
        number = folded(number)
        yield 1, _identifier(number, fields.get("id_kind", ""))
        yield 6, number[-4:]
    if phone := fields.get("phone"):
        phone = folded(phone)
        yield 2, phone
        yield 6, phone[-4:]
    if name := fields.get("name"):
        yield 3, folded(name)
        pinyin, initials = name_forms(name)
        if pinyin:
            yield 4, folded(pinyin)
        if initials:
            yield 5, folded(initials)
    if plate := fields.get("plate"):
        yield 7, folded(plate)


def number_said(fields: Mapping[str, str]) -> str | None:
    """The text by which the ID number of a statement is found; None where it says none."""
    number = fields.get("id_number")
    return _identifier(folded(number), fields.get("id_kind", "")) if number else None


def check_findable(kind: str) -> None:
    if kind not in FINDABLE:
        raise UsageError(
            f"the vault does not find by {kind!r}; it finds by: {', '.join(FINDABLE)}",
            f"保险库不支持按 {kind!r} 查找；可用：{'、'.join(FINDABLE)}",
        )


def sought(kind: str, text: str) -> Iterable[str]:
    """The texts under which something may have been stored that is sought as `text`."""
    plain = folded(text)
    if not plain:
        return ()
    if kind == "last4":
        return (plain,) if len(plain) == 4 else ()
    if kind == "id_number":
        return {_identifier(plain, id_kind) for id_kind in ("", *ID_KINDS)}
    return (plain,)


def _identifier(number: str, id_kind: str) -> str:
    """Numbers of 18 characters tell their kind themselves; others are unique within their kind."""
    if len(number) == _RESIDENT_LENGTH:
        return number
    if id_kind == "hk_macau_pass":
        number = number[:_PASS_LENGTH]
    return f"{id_kind}:{number}"
