"""What a hand-over says of each person, and what a receipt answers. Read strictly: an unknown word
is refused by its name, never by its value.

The other city is told what it needs to find and follow somebody: never who the case is, nor where
the exposure was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from ringfence.errors import Text
from ringfence.operations.hand_over.envelope import Refused

MOST_PEOPLE = 500
IDENTITY = ("name", "sex", "birth_date", "id_kind", "id_number", "phone")
CLASSES = ("close", "second", "general", "named")
ANSWERS: Mapping[str, Text] = {
    "accepted": Text("accepted", "已接收"),
    "refused": Text("refused", "已退回"),
}
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_LONGEST = 300
_PRINTABLE = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]*")


@dataclass(frozen=True)
class Exposure:
    """`outcome`: class of the contact. `rules`: words of the sender's `protocol`. [first, last)."""

    outcome: str
    order: int
    protocol: str
    rules: tuple[str, ...]
    first: datetime
    last: datetime
    release: date | None


@dataclass(frozen=True)
class Person:
    """`ref`: the sender's pseudonym. `identity`: as far as it is known. `district`: code and name
    of the lowest division, not below a district, in which the person is said to live; or none.
    """

    ref: str
    identity: Mapping[str, str] = field(repr=False)
    district: tuple[str, str] | None = None
    exposures: tuple[Exposure, ...] = ()


@dataclass(frozen=True)
class HandOver:
    disease: str
    people: tuple[Person, ...]

    def as_json(self) -> dict[str, Any]:
        return {"disease": self.disease, "people": [_person_out(one) for one in self.people]}


@dataclass(frozen=True)
class Answer:
    """`answer`: a word of ANSWERS. `reason`: where it was refused."""

    ref: str
    answer: str
    reason: str = ""


@dataclass(frozen=True)
class Receipt:
    """`of`: number of the hand-over. `digest`: of the file that was read."""

    of: str
    digest: str
    people: tuple[Answer, ...]

    def as_json(self) -> dict[str, Any]:
        return {"of": self.of, "digest": self.digest, "people": [vars(one) for one in self.people]}


def read_hand_over(told: Any) -> HandOver:
    """Refused: it does not say what a hand-over says."""
    whole = _section(told, "content", {"disease", "people"})
    people = tuple(_person(one) for one in _list(whole["people"], "people", MOST_PEOPLE))
    _check_once([one.ref for one in people])
    return HandOver(_words(whole["disease"], "disease"), people)


def read_receipt(told: Any) -> Receipt:
    whole = _section(told, "content", {"of", "digest", "people"})
    digest = _words(whole["digest"], "digest")
    if not _DIGEST.fullmatch(digest):
        raise _wrong("digest")
    answers = tuple(_answer(one) for one in _list(whole["people"], "people", MOST_PEOPLE))
    _check_once([one.ref for one in answers])
    return Receipt(_words(whole["of"], "of"), digest, answers)


def _person(told: Any) -> Person:
    one = _section(told, "person", {"ref", "identity", "district", "exposures"})
    identity = one["identity"]
    if not isinstance(identity, dict) or not identity.keys() <= set(IDENTITY):
        raise _wrong("identity")
    known = {name: _words(text, name) for name, text in identity.items()}
    if not known:
        raise _wrong("identity")
    district = None
    if one["district"] is not None:
        place = _section(one["district"], "district", {"code", "name"})
        district = (_words(place["code"], "district"), _words(place["name"], "district"))
    exposures = tuple(_exposure(each) for each in _list(one["exposures"], "exposures", 50))
    return Person(_words(one["ref"], "ref"), known, district, exposures)


def _exposure(told: Any) -> Exposure:
    names = {"class", "order", "protocol", "rules", "first", "last", "release_date"}
    one = _section(told, "exposure", names)
    if one["class"] not in CLASSES:
        raise _wrong("class")
    if type(one["order"]) is not int or not 1 <= one["order"] <= 2:
        raise _wrong("order")
    rules = one["rules"]
    if not isinstance(rules, list) or len(rules) > 50:
        raise _wrong("rules")
    first, last = (_moment(one[name], name) for name in ("first", "last"))
    if last < first:
        raise _wrong("last")
    return Exposure(
        one["class"],
        one["order"],
        _words(one["protocol"], "protocol", may_be_empty=True),
        tuple(_words(rule, "rules") for rule in rules),
        first,
        last,
        _day(one["release_date"]),
    )


def _answer(told: Any) -> Answer:
    one = _section(told, "person", {"ref", "answer", "reason"})
    if one["answer"] not in ANSWERS:
        raise _wrong("answer")
    reason = _words(one["reason"], "reason", may_be_empty=True)
    if (one["answer"] == "refused") != bool(reason.strip()):
        raise _wrong("reason")
    return Answer(_words(one["ref"], "ref"), one["answer"], reason)


def _person_out(one: Person) -> dict[str, Any]:
    place = one.district and {"code": one.district[0], "name": one.district[1]}
    return {
        "ref": one.ref,
        "identity": {name: one.identity[name] for name in IDENTITY if one.identity.get(name)},
        "district": place,
        "exposures": [_exposure_out(each) for each in one.exposures],
    }


def _exposure_out(one: Exposure) -> dict[str, Any]:
    return {
        "class": one.outcome,
        "order": one.order,
        "protocol": one.protocol,
        "rules": list(one.rules),
        "first": one.first.astimezone(UTC).strftime(_MOMENT),
        "last": one.last.astimezone(UTC).strftime(_MOMENT),
        "release_date": one.release.isoformat() if one.release else None,
    }


def _section(told: Any, name: str, words: set[str]) -> dict[str, Any]:
    if not isinstance(told, dict) or told.keys() != words:
        raise _wrong(name)
    return told


def _list(told: Any, name: str, most: int) -> list[Any]:
    if not isinstance(told, list) or not 1 <= len(told) <= most:
        raise _wrong(name)
    return told


def _words(told: Any, name: str, *, may_be_empty: bool = False) -> str:
    fits = isinstance(told, str) and len(told) <= _LONGEST and _PRINTABLE.fullmatch(told)
    if not fits or not (may_be_empty or told.strip()):
        raise _wrong(name)
    return str(told)


def _moment(told: Any, name: str) -> datetime:
    try:
        return datetime.strptime(told, _MOMENT).replace(tzinfo=UTC)
    except (TypeError, ValueError):
        raise _wrong(name) from None


def _day(told: Any) -> date | None:
    if told is None:
        return None
    try:
        day = date.fromisoformat(told)
    except (TypeError, ValueError):
        raise _wrong("release_date") from None
    if day.isoformat() != told:
        raise _wrong("release_date")
    return day


def _check_once(refs: Sequence[str]) -> None:
    if len(set(refs)) != len(refs):
        raise _wrong("ref")


def _wrong(name: str) -> Refused:
    return Refused(
        f"the file is signed, but its field {name} is not as the format says: the other city's"
        " program has to be asked about; nothing was read",
        f"签名有效，但字段 {name} 不符合格式：请联系对方核对其程序；未读取任何内容",
    )
