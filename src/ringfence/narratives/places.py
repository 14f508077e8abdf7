"""Names of places, as they are written, with their kind: found by how they end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ringfence.narratives.marks import read_rules

LONGEST = 40
_BEFORE = re.compile(
    r"^(?:\d{1,2}[.．、)]\s?|[\s,，、:;()\"“”'《》·\-]|该?(?:患者|病例|感染者|男子|女子|名?男性|名?女性)|本人|我(?!院)|[他她其的了又再并仍均曾与和及是为就某]|一[家个]|一?趟|自己|家?(?:附近|旁边?|对面|楼下|门口)的?)+"
)
_BEHIND = re.compile(
    r"(?:[\s,，、:()\"“”'《》·\-]|[的内里处时后旁边又再并均]|附近|周边|门口|里面|内部|路边|旁边|对面|一带|等地|等处|等场所|期间|先后|进行|参加|开始|购得|取得|办理|停留|用时|约|大约|有|无|未|曾|因)+$"
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NO_NAME = re.compile(
    r"^(?:[一二三两]次|[出进到离]站|.{0,2}之间|站[立着]|下车|居家|休息|.{0,3}期间|.{0,4}活动轨迹|.{0,4}行程|国家|大家|专家|回家|商家|卖家|买家|独家|全家)"
)
_ROUTE = re.compile(
    r"([\u4e00-\u9fff]{2,10})\s?(?:-{1,2}|→|~)\s?([\u4e00-\u9fff]{2,10})"
    r"|([A-Z][\w']*(?: [A-Z][\w']*){0,3})\s?(?: -{1,2} |→)\s?([A-Z][\w']*(?: [A-Z][\w']*){0,3})"
)
"""From one place to another, with a dash between them."""
_NO_CAPITAL = "The|She|He|They|I|We|On|At|In|His|Her|From|Then|After|Mr|Mrs|Ms|No|Case|Patient"
"""With these a sentence begins, and no name."""
_BESIDE = re.compile(r"(?:附近|旁边?|对面|楼下|门口)的")
_SMALL = re.compile(r"[店站村厂局苑寨屯家寺庙]")
_PART = re.compile(
    r"(?:[东南西北]?(?:侧|区|[一二三四五六七八九十\d]{1,2}(?:号|栋|幢|座|单元|楼|层|区|室|厅|期|食堂|车间|窗口|柜台|摊位|档口|排|号楼))"
    r"|[东南西北正前后]?门|负[一二三\d][层楼]|[A-Z]\d{0,2}[区座栋口馆]|住院部|急诊科?|门诊楼?|发热门诊|病房|单人病房|病区|食堂"
    r"|羽毛球场|篮球场|健身房|停车场|候车室|地下\S{0,3}|总店|分店|旗舰店|校区)+"
)
"""What follows the end of a name and is a part of the place: 一号楼, 东门, 住院部."""


@dataclass(frozen=True)
class Name:
    """[start, end) of the plain text. `kind` None: its end tells none, as of a town.

    `way`: `from`, `to`, `in` or `via`, as the word before it says; empty where there is none.
    """

    text: str
    kind: str | None
    start: int
    end: int
    way: str


@cache
def _kinds() -> dict[str, str]:
    """The kind of place that each Chinese end tells."""
    told = [(end, kind["kind"]) for kind in read_rules("places") for end in kind["ends"]]
    return dict(reversed(told))


@cache
def _ends() -> re.Pattern[str]:
    """The longest end first, so that 火车站 is no 站 and 隔离酒店 no 酒店."""
    return re.compile("|".join(map(re.escape, sorted(_kinds(), key=len, reverse=True))))


@cache
def _nouns() -> dict[str, str]:
    return {noun.lower(): kind["kind"] for kind in read_rules("places") for noun in kind["nouns"]}


@cache
def _english() -> re.Pattern[str]:
    nouns = "|".join(re.escape(noun) for noun in sorted(_nouns(), key=len, reverse=True))
    capital = rf"(?!(?:{_NO_CAPITAL})\b)[A-Z][\w'&-]*"
    joined = r"(?:\s(?:of|the|and|&|de)){0,2}\s"
    named = rf"{capital}(?:{joined}(?:{capital}|\d+[A-Z]?\b(?!:)))*(?:\s(?i:{nouns}))*"
    plain = rf"(?:[a-z][\w'-]*\s){{0,4}}?(?:{nouns})"
    return re.compile(
        rf"(?:(?:[Tt]he|an?|his|her|their|my|some|another)\s)?(?P<name>{named}|{plain})(?!\w)"
    )


def names_in(plain: str, start: int, end: int, way: str) -> list[Name]:
    """Names in [start, end), which holds no mark; of one after another, each."""
    if end - start > 4 * LONGEST:
        start = start if way else end - 2 * LONGEST
        end = start + 2 * LONGEST
    gap = plain[start:end]
    if way in {"", "from"} and (route := _ROUTE.search(gap)) is not None:
        return [
            one
            for number, toward in ((1, "from"), (2, "to"), (3, "from"), (4, "to"))
            if route.group(number)
            for one in names_in(
                plain, start + route.start(number), start + route.end(number), toward
            )
        ]
    if _CHINESE.search(gap):
        return [
            name
            for part in re.finditer(r"[^、]+", gap)
            if (name := _chinese(part.group(), start + part.start(), way)) is not None
        ]
    return _of_english(gap, start, way)


def _chinese(part: str, at: int, way: str) -> Name | None:
    before = _BEFORE.match(part)
    first = before.end() if before else 0
    behind = _BEHIND.search(part, first)
    last = behind.start() if behind else len(part)
    name = part[first:last]
    name, first = _itself(name, first)
    if _NO_NAME.match(name):
        return None
    ends = [
        one
        for one in _ends().finditer(name)
        if one.start() or not _SMALL.fullmatch(one.group()) or (way and one.group() in "厂店村")
    ]
    if not ends:
        known = way and 1 < len(name) <= 15 and "，" not in name and "," not in name
        return Name(name, None, at + first, at + last, way) if known else None
    kind = _kinds()[ends[-1].group()]
    rest = name[ends[-1].end() :]
    if rest and not _PART.fullmatch(rest):
        name = name[: ends[-1].end()]
    if "(" in name and ")" not in name:
        closed = part[first + len(name) : first + len(name) + 1] == ")"
        name = f"{name})" if closed else name[: name.index("(")]
    if not name or len(name) > LONGEST:
        return None
    return Name(name, kind, at + first, at + first + len(name), way)


def _itself(name: str, first: int) -> tuple[str, int]:
    """Of 政务中心附近的兰州拉面 what it is near to is left out."""
    beside = _BESIDE.search(name)
    return (name, first) if beside is None else (name[beside.end() :], first + beside.end())


def _of_english(gap: str, at: int, way: str) -> list[Name]:
    found = []
    for one in _english().finditer(gap):
        name = one["name"]
        kind = _english_kind(name)
        direct = way and not gap[: one.start()].strip(" ,(\"'")
        if len(name) > 80 or not (direct or (kind and name[0].isupper())):
            continue
        found.append(
            Name(name, kind, at + one.start("name"), at + one.end("name"), way if direct else "")
        )
    return found


def _english_kind(name: str) -> str | None:
    words = re.findall(r"[\w'&]+", name.lower())
    for last in range(len(words), 0, -1):
        for first in range(max(last - 3, 0), last):
            kind = _nouns().get(" ".join(words[first:last]))
            if kind is not None:
                return kind
    return None
