"""Who is named in a text. What names somebody is hidden before events are read of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ringfence.narratives.marks import Rule, rules_of
from ringfence.narratives.text import Narrative

NAMING = ("id_number", "phone", "email", "plate", "name")
_OF_PERSONS = frozenset({"id_number", "phone", "name"})
_SURNAMES = (
    "王李张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
    "傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戚莫孔向汤温康施文牛"
    "樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉"
    "骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戴岑景党宫费卜冷晏席卫米柏"
)
_DOUBLE = "欧阳|上官|诸葛|司马|皇甫|令狐|慕容|尉迟|司徒|公孙|夏侯|东方|端木"
SURNAME = rf"(?:{_DOUBLE}|[{_SURNAMES}])"
_APART = re.compile(r"[。;；\n]")
_NEAR = 16
"""Signs between two things that are said of one person: 李甲（男，34岁，身份证号…"""


@dataclass(frozen=True)
class Identity:
    """`kind`: of NAMING. [start, end): of the original text. `value`: as it is written."""

    kind: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Named:
    """What a text says of one person beside events. `relation`: to the case, None: not told, or
    the case itself. `at`: where it stands.
    """

    at: int
    relation: str | None = None
    name: str | None = None
    id_number: str | None = None
    phone: str | None = None


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(rules_of("identities", {"SURNAME": SURNAME}))


def identities_in(text: Narrative) -> list[Identity]:
    """In their order. A name that is said with a relation, a title or a number is hidden wherever
    it comes again.
    """
    plain = text.plain
    told = [
        (*at.span(kind), kind)
        for rule in _rules()
        for at in rule.pattern.finditer(plain)
        for kind in NAMING
        if at.groupdict().get(kind)
    ]
    names = {plain[start:end] for start, end, kind in told if kind == "name"}
    if names:
        longest = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
        told += [(*again.span(), "name") for again in re.finditer(longest, plain)]
    told.sort(key=lambda one: (one[0], -one[1]))
    found: list[Identity] = []
    for start, end, kind in told:
        first, last = text.span(start, end)
        if not found or first >= found[-1].end:
            found.append(Identity(kind, plain[start:end], first, last))
    return found


def hidden(original: str, identities: Iterable[Identity]) -> str:
    """The text with other signs in the place of those that name somebody, as long as before."""
    signs = list(original)
    for one in identities:
        for at in range(one.start, one.end):
            signs[at] = _sign(signs[at])
    return "".join(signs)


def _sign(sign: str) -> str:
    if sign.isdigit():
        return "*"
    if sign.isalpha():
        return "某" if "\u4e00" <= sign <= "\u9fff" else "X" if sign.isupper() else "x"
    return sign


def people_in(
    original: str, identities: Sequence[Identity], relations: Sequence[tuple[int, int, str]]
) -> list[Named]:
    """What is said of one person, put together: what stands near each other, and what is said of
    the same name. `relations`: [start, end) of the original and the relation that stands there.
    """
    people: list[Named] = []
    last = 0
    for one in identities:
        if one.kind not in _OF_PERSONS:
            continue
        same = _same_person(one, people, near=_near(original, last, one.start))
        if same is None:
            people.append(_with(Named(one.start, _relation_before(one.start, relations)), one))
        else:
            people[same] = _with(people[same], one)
        last = one.end
    return people


def _near(original: str, last: int, start: int) -> bool:
    return last > 0 and start - last <= _NEAR and not _APART.search(original, last, start)


def _same_person(one: Identity, people: Sequence[Named], *, near: bool) -> int | None:
    if one.kind == "name":
        named = [at for at, person in enumerate(people) if person.name == one.value]
        if named:
            return named[0]
    if near and people and _told(people[-1], one.kind) in {None, one.value}:
        return len(people) - 1
    return None


def _told(person: Named, kind: str) -> str | None:
    return {"name": person.name, "id_number": person.id_number, "phone": person.phone}[kind]


def _with(person: Named, one: Identity) -> Named:
    match one.kind:
        case "name":
            return replace(person, name=one.value)
        case "id_number":
            return replace(person, id_number=one.value)
        case _:
            return replace(person, phone=one.value)


def _relation_before(start: int, relations: Sequence[tuple[int, int, str]]) -> str | None:
    near = [told for first, last, told in relations if 0 <= start - last <= 2]
    return near[-1] if near else None
