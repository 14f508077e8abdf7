"""Values that are in normal form already, found a column at a time by their shape.

Each pattern takes a subset of what the exact reader gives back unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.sources.normalise.cleaning import BLANK
from ringfence.sources.normalise.model import Setting
from ringfence.sources.normalise.names import BLANK_NAMES
from ringfence.sources.normalise.plates import PLATE

_HAN = r"\x{4e00}-\x{9fff}"
Taker = Callable[[pa.StringArray, Setting], tuple[pa.BooleanArray, pa.StringArray]]


def _of_shape(pattern: str, blank: Iterable[str]) -> Taker:
    nothing = pa.array(sorted(blank), pa.string())
    shape = f"^(?:{pattern})$"

    def take(values: pa.StringArray, _: Setting) -> tuple[pa.BooleanArray, pa.StringArray]:
        fits = pc.fill_null(pc.match_substring_regex(values, shape), False)
        return pc.and_not(fits, pc.is_in(pc.utf8_lower(values), nothing)), values

    return take


_NAMED = r"\x{4e00}-\x{67cf}\x{67d1}-\x{9fff}"  # without 某, which hides a name
take_names = _of_shape(f"[{_NAMED}]{{2,4}}", BLANK_NAMES)
_PROSE = f"A-Za-z0-9{_HAN},.;:()/#&_，。、（）-"
take_texts = _of_shape(
    f"[A-Za-z0-9{_HAN}][{_PROSE}]{{0,200}}(?: [{_PROSE}]{{1,200}}){{0,4}}", BLANK
)
take_keys = _of_shape("[A-Za-z0-9][A-Za-z0-9_.:/#()-]{0,127}", BLANK)
take_addresses = _of_shape(f"[{_HAN}]{{2,20}}[{_HAN}A-WYZa-wyz0-9]{{0,80}}", BLANK)
take_plates = _of_shape(PLATE, ())
take_wholes = _of_shape("[1-9][0-9]{0,17}|0", ())
