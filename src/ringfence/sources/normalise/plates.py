"""Number plates of civil vehicles in China (GA 36-2018).

Province, letter of the issuing office, then five letters and digits without I and O; new-energy
vehicles have six: small ones a letter first (D or F, and since these run out A B C E, G H J K),
a letter, digit and four digits; large ones five digits and that letter last. The last place of a
plate of five may be a word: trailer, driving school, police, Hong Kong, Macau, consulate.
"""

from __future__ import annotations

import re

from ringfence.sources.normalise import wording
from ringfence.sources.normalise.cleaning import check_whole, is_blank, tidy
from ringfence.sources.normalise.model import Setting
from ringfence.sources.reasons import RefusedError

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"

_SIGN = "A-HJ-NP-Z0-9"
_ENERGY = "A-HJK"
PLATE = (
    f"[{PROVINCES}][A-HJ-NP-Z](?:[{_SIGN}]{{5}}|[{_SIGN}]{{4}}[挂学警港澳领]"
    f"|[{_ENERGY}][{_SIGN}][0-9]{{4}}|[0-9]{{5}}[{_ENERGY}])"
)
_PLATE = re.compile(PLATE)
_GLUE = re.compile(r"[\s.·•‧・\-—_:]+")
_NONE = frozenset(["无牌", "未上牌", "未挂牌", "新车", "无车牌"])


def read_plate(text: str, _: Setting) -> str | None:
    bare = tidy(text)
    if is_blank(bare) or bare in _NONE:
        return None
    check_whole(bare)
    plate = _GLUE.sub("", bare).upper()
    if not _PLATE.fullmatch(plate):
        raise RefusedError(wording.PLATE)
    return plate
