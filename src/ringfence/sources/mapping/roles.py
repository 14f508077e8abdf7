"""What a column of an unknown file is likely to hold, judged by its header and by its values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from ringfence.errors import Text
from ringfence.sources.mapping.binding import plain
from ringfence.sources.normalise import Setting, is_checked, normalise, wording

_FEW_WORDS = 12
_ENOUGH = 0.6
_HARDLY = 0.3
_SURELY = 0.95
_SOME = 200
_TIME_KINDS = ("datetime", "date", "time")
_YEARS_APART = timedelta(days=5 * 365)
_TO_COME = timedelta(days=365)
_COUNTED = {"epoch_ms": re.compile(r"\d{13}"), "epoch": re.compile(r"\d{10}")}
_SPOILT = (wording.ROUNDED, wording.CHECK_ROUNDED, wording.MASKED)
_OF_ANOTHER = re.compile(r"监护人|家长|紧急联系|guardian|parent|emergency|next_?of_?kin")
_PERSONAL = ("id_kind", "id", "name", "phone", "address", "sex", "birth_date")
_NUMBER = re.compile(r"[+-]?\d*[.,]?\d*")
_COMPACT = re.compile(r"(?:\d{8}|\d{12}|\d{14})")
_MIDNIGHT = re.compile(r".*\d[T ]0?0:00(:00)?(\.0+)?")
_NO_COMPARTMENT = re.compile(r"座|席|桌|柜|seat|table|locker")
_ROLES: tuple[tuple[str, str, str], ...] = (
    ("lat", "number", r"纬度|latitude|(?<![a-z])lat(?![a-z])"),
    ("lon", "number", r"经度|longitude|(?<![a-z])(lng|lon|long)(?![a-z])"),
    ("id_kind", "word", r"证件(类型|种类|类别)|id_?(type|kind)|document_?type"),
    ("id", "id_number", r"身份证|证件号|证件编号|护照号|id_?(no|num|card)|passport|identity"),
    (
        "name",
        "name",
        r"姓名|名字|^(full)?name$"
        r"|(guest|passenger|driver|patient|person|visitor|recipient|customer)[_.]?(full)?name"
        r"|^(guest|passenger|patient|visitor|recipient|customer)$",
    ),
    ("phone", "phone", r"电话|手机|联系方式|phone|mobile|^tel"),
    ("plate", "plate", r"车牌|号牌|plate"),
    ("address", "address", r"住址|地址|address"),
    ("sex", "word", r"性别|^sex$|gender"),
    ("birth_date", "date", r"出生|生日|birth|^dob$"),
    ("train", "key", r"车次|班次|航班|train|flight|service"),
    ("from", "key", r"乘车站|上车站|出发站|发站|^from|origin"),
    ("to", "key", r"到达站|下车站|到站|^to(_?station)?$|destination"),
    ("seat", "seat", r"席位|座位|座号|^seat"),
    ("sampled", "datetime", r"采样|sampled|sample_?time"),
    ("result", "word", r"结果|result"),
    (
        "end",
        "datetime",
        r"结束|离店|离开|离院|离场|退房|签退|出场|leave|left|depart|check_?out|end|^out_?(time|date|at)",
    ),
    (
        "start",
        "datetime",
        r"开始|入住|到店|进入|进场|入场|签到|就诊时|来访|arriv|check_?in|start|begin|^in_?(time|date|at)",
    ),
    ("at", "datetime", r"时间|日期|time|date|^at$"),
    ("zone", "key", r"房号|房间|楼层|分区|room|floor|zone|hall"),
    (
        "place",
        "key",
        r"(场所|网点|门店|商户|旅馆|酒店|机构|卡口|站点|地点|点位).*(编码|编号|代码|号)"
        r"|(venue|place|site|shop|store|merchant|hotel|gate|clinic|location|station|branch)"
        r"[_.]?(code|id|no|key)?$",
    ),
    ("place_name", "key", r"场所|网点|门店|商户|旅馆|酒店|机构|卡口|站点|地点|点位"),
)
NOT_TAKEN = re.compile(r"序号|流水|备注|金额|价|remark|note|amount|price|^no\.?$|^id$|serial")
_DATE_FORMS = (
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y %H:%M:%S",
    "%m/%d/%Y %H:%M",
    "%m/%d/%Y",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%Y%m%d%H%M%S",
    "%Y%m%d",
    "%y-%m-%d",
    "%y/%m/%d",
)


@dataclass(frozen=True)
class Guess:
    """`fits`: the share of filled values that the kind takes. `words`: what few values there are.

    `forms`: how its times are written, where that is not one of the usual ways; `rivals`: other
    ways that fit as well. `doubts`: what else its writer should be asked. `more`:
    what else its field says. `spoilt`: many of its numbers are rounded or masked.
    """

    columns: tuple[str, ...]
    role: str
    kind: str
    filled: float
    fits: float
    words: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    by_header: bool = field(default=True)
    doubts: tuple[Text, ...] = ()
    more: tuple[str, ...] = ()
    spoilt: bool = False

    @property
    def is_time(self) -> bool:
        return self.kind in _TIME_KINDS


@dataclass(frozen=True)
class _Seen:
    """The values of one column that are filled, and what times without an offset mean."""

    column: str
    values: pa.StringArray
    filled: float
    zone: ZoneInfo
    now: datetime

    def guess(self, role: str, kind: str, fits: float = 1.0, **more: Any) -> Guess:
        return Guess((self.column,), role, kind, self.filled, fits, **more)

    def fits(self, kind: str, *forms: str) -> float:
        if not len(self.values):
            return 0.0
        return 1 - int(self.read(kind, *forms).null_count) / len(self.values)

    def fits_if_some(self, kind: str, *forms: str) -> float:
        """Nothing where few of some values fit: trying many forms on all of them takes long."""
        return self.fits(kind, *forms) if self.some.fits(kind, *forms) >= _HARDLY else 0.0

    @cached_property
    def is_spoilt(self) -> bool:
        """Whether many are ID numbers of which the digits are lost, or were hidden."""
        told = normalise("id_number", self.some.values, self._setting()).faults.values()
        return sum(reason in _SPOILT for reason in told) >= len(self.some.values) * _HARDLY

    @cached_property
    def some(self) -> _Seen:
        """Values from all over the column."""
        step = max(len(self.values) // _SOME, 1)
        places = pa.array(range(0, len(self.values), step), pa.int64())
        return replace(self, values=self.values.take(places))

    def read(self, kind: str, *forms: str) -> pa.StringArray:
        return normalise(kind, self.values, self._setting(*forms)).values

    def _setting(self, *forms: str) -> Setting:
        """Invented people count: whether they may come in is the home's to say."""
        return Setting(zone=self.zone, now=self.now, synthetic=True, forms=forms, may_come=True)


def guess(column: str, values: pa.StringArray, zone: ZoneInfo, now: datetime) -> Guess:
    """The best guess of one column; role `none` where nothing speaks for any."""
    filled = 1 - values.null_count / len(values) if len(values) else 0.0
    seen = _Seen(column, values.drop_null(), filled, zone, now)
    name = plain(column)
    time = _time_by_values(seen)
    nothing = seen.guess("none", "text", words=_few(seen.values), by_header=False)
    for role, kind, pattern in _ROLES:
        if re.search(pattern, name) and not (role == "zone" and _NO_COMPARTMENT.search(name)):
            if time is not None and kind not in _TIME_KINDS:
                continue
            if role in _PERSONAL and _OF_ANOTHER.search(name):
                return nothing
            found = _by_header(seen, role, kind)
            if role == "id" and len(seen.values) and seen.is_spoilt:
                return replace(found, spoilt=True)
            if found.fits >= _HARDLY or not len(seen.values):
                return found
            break
    if time is not None:
        return time
    if not NOT_TAKEN.search(name) and len(seen.values):
        shown = _by_values(seen)
        if shown is not None:
            return shown
    return nothing


def _by_header(seen: _Seen, role: str, kind: str) -> Guess:
    if kind == "word":
        return seen.guess(role, kind, words=_few(seen.values, most=40))
    if kind in ("datetime", "date"):
        return _of_times(seen, role, kind)
    return seen.guess(role, kind, 1.0 if kind == "seat" else seen.fits(kind))


def _by_values(seen: _Seen) -> Guess | None:
    """Only what shows its own check: a document of another kind may look like anything."""
    texts = seen.values.to_pylist()
    checked = sum(is_checked(text) for text in texts) / len(texts)
    if checked >= _ENOUGH:
        return seen.guess("id", "id_number", checked, by_header=False)
    for role in ("phone", "plate"):
        fits = seen.fits(role)
        if fits >= _ENOUGH:
            return seen.guess(role, role, fits, by_header=False)
    return None


def _time_by_values(seen: _Seen) -> Guess | None:
    """A column of dates, times of day or both, whatever its header says; dates that lie years apart
    are no times at which rows happened, but they are still shown to the writer.
    """
    counted = _counted(seen, "at")
    if counted is not None:
        return replace(counted, by_header=False)
    texts = seen.some.values.to_pylist()
    numbers = sum(_NUMBER.fullmatch(text.strip()) is not None for text in texts)
    compact = all(_COMPACT.fullmatch(text.strip()) for text in texts)
    if not texts or (numbers * 2 > len(texts) and not compact):
        return None
    found = replace(_of_times(seen, "at", "datetime"), by_header=False)
    if found.fits < (_SURELY if compact else _ENOUGH):
        return None
    return replace(found, role="none") if _lie_years_apart(seen, found) else found


def _lie_years_apart(seen: _Seen, found: Guess) -> bool:
    if found.kind == "time":
        return False
    days = pc.min_max(seen.read("date", *found.forms))
    first, last = (date.fromisoformat(days[end].as_py()) for end in ("min", "max"))
    return last - first > _YEARS_APART


def _counted(seen: _Seen, role: str) -> Guess | None:
    """Moments counted since 1970: whole numbers of one length, all of these years."""
    for form, shape in _COUNTED.items():
        texts = seen.some.values.to_pylist()
        if not texts or not all(shape.fullmatch(text.strip()) for text in texts):
            continue
        read = seen.read("datetime", form)
        fits = 1 - int(read.null_count) / len(read)
        first, last = (pc.min_max(read)[end].as_py() for end in ("min", "max"))
        if fits >= _SURELY and _is_of_these_years(first, last, seen.now):
            return seen.guess(role, "datetime", fits, forms=(form,))
    return None


def _is_of_these_years(first: str, last: str, now: datetime) -> bool:
    earliest, latest = now - _YEARS_APART, now + _TO_COME
    return earliest <= datetime.fromisoformat(first) and datetime.fromisoformat(last) <= latest


def _of_times(seen: _Seen, role: str, kind: str) -> Guess:
    counted = _counted(seen, role)
    if counted is not None:
        return counted
    usual = {k: seen.fits_if_some(k) for k in dict.fromkeys((kind, *_TIME_KINDS))}
    best = max(usual, key=lambda k: (usual[k], k == kind))
    if usual[best] >= _ENOUGH:
        if best == "datetime" and all(_MIDNIGHT.fullmatch(t) for t in seen.values.to_pylist()):
            best = "date"
        return seen.guess(role, best, usual[best])
    found = [
        (seen.fits_if_some(wanted, form), wanted, form)
        for form in _DATE_FORMS
        for wanted in ("datetime" if "%H" in form else "date",)
    ]
    most = max(fits for fits, _, _ in found)
    if most < _ENOUGH:
        return seen.guess(role, kind, usual[kind])
    (wanted, form), *others = [(w, f) for fits, w, f in found if fits == most]
    return seen.guess(role, wanted, most, forms=(form,), rivals=tuple(f for _, f in others))


def _few(given: pa.StringArray, most: int = _FEW_WORDS) -> tuple[str, ...]:
    """Words that come again and again; what differs from row to row may name a person."""
    words = list(dict.fromkeys(given.to_pylist()))
    return tuple(words) if 0 < len(words) <= most and len(words) * 2 <= len(given) else ()
