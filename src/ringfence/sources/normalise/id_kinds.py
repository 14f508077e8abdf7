"""Kinds of identity documents as registers name them."""

from __future__ import annotations

from ringfence.records.vocabularies import ID_KINDS
from ringfence.sources.normalise import wording
from ringfence.sources.normalise.cleaning import folded, is_blank, tidy
from ringfence.sources.normalise.model import Setting
from ringfence.sources.reasons import RefusedError

_NAMED: dict[str, tuple[str, ...]] = {
    "resident": (
        "身份证",
        "居民身份证",
        "二代身份证",
        "二代证",
        "户口簿",
        "临时身份证",
        "01",
        "id card",
    ),
    "foreign_resident": ("外国人永久居留身份证", "外国人永久居留证", "永久居留证"),
    "hk_macau_pass": ("港澳居民来往内地通行证", "港澳通行证", "港澳居民通行证", "回乡证", "港澳证"),
    "taiwan_pass": ("台湾居民来往大陆通行证", "台湾通行证", "台胞证"),
    "hmt_permit": ("港澳台居民居住证", "港澳台居住证", "港澳居民居住证", "台湾居民居住证"),
    "passport": ("护照", "外国护照", "中国护照", "普通护照", "passport"),
    "other": ("其他", "其它", "其他证件", "军官证", "士兵证", "other"),
}
_KIND_OF = {folded(name): kind for kind, names in _NAMED.items() for name in names}


def read_id_kind(text: str, setting: Setting) -> str | None:
    """A word of the records' ID_KINDS; the mapping's own words go first."""
    word = tidy(text)
    meant = setting.meanings.get(folded(word))
    if meant is not None:
        return meant or None
    if is_blank(word):
        return None
    if word in ID_KINDS:
        return word
    kind = _KIND_OF.get(folded(word))
    if kind is None:
        raise RefusedError(wording.ID_KIND)
    return kind
