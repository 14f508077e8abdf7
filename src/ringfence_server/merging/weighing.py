"""What a decision about numbers would touch, and whether this account may decide it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ringfence.errors import DataError, NotFound, UsageError
from ringfence.identity import store
from ringfence.identity.explaining import named_in
from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.merging.models import Decision, Question
from ringfence_server.merging.reach import Person, people_of, seen
from ringfence_server.merging.refusals import AnothersPerson, OutOfReach
from ringfence_server.merging.words import ACTS, LEFT

MOST = 20
_LONGEST = 200


@dataclass(frozen=True)
class Wanted:
    """`subjects`: to be merged, or those who leave their person. `act`: to be undone. `question`:
    to be left as it is.
    """

    kind: str
    subjects: tuple[str, ...] = ()
    act: int | None = None
    question: Question | None = None


@dataclass(frozen=True)
class Weighed:
    """`subjects`: named. `people`: the persons concerned, as they are now."""

    wanted: Wanted
    subjects: tuple[str, ...]
    people: tuple[Person, ...]

    @property
    def everybody(self) -> list[str]:
        return sorted({subject for one in self.people for subject in one.subjects})

    @property
    def digest(self) -> str:
        """Changes when anything does that was shown of whom it touches."""
        told = [
            (
                one.subjects,
                [(known.kind, known.key, known.unit.pk, known.tasks) for known in one.known],
            )
            for one in self.people
        ]
        return hashlib.sha256(repr((self.wanted.kind, self.subjects, told)).encode()).hexdigest()


def weigh(*, home: Home, wanted: Wanted, by: Acting, at: datetime) -> Weighed:
    """UsageError: nothing that could be meant. DataError: there is nothing to do.

    OutOfReach: one of the numbers is nobody's whom the account may know. AnothersPerson: it is a
    case or contact of others.
    """
    named = _named(home, wanted)
    people = tuple(seen(by, people_of(home, named, at)))
    if wanted.kind == "merge" and len(people) < 2:
        _check_reach(by, wanted, people)
        raise DataError("these numbers are one person already", "这些编号已是同一人")
    if wanted.kind == "split" and len(people) > 1:
        raise DataError(
            "these numbers are not one person: split each from its own",
            "这些编号不是同一人：请分别拆分",
        )
    _check_reach(by, wanted, people)
    if wanted.kind == "split" and not set(people[0].subjects) - set(named):
        raise DataError(
            "no other number is merged with these: there is nothing to split",
            "没有其他编号与之合并：无可拆分",
        )
    return Weighed(wanted, named, people)


def _named(home: Home, wanted: Wanted) -> tuple[str, ...]:
    if wanted.kind == LEFT:
        if wanted.question is None:
            raise UsageError("say which question", "请指明问题")
        return tuple(wanted.question.subjects)
    if wanted.kind not in ACTS:
        raise UsageError("say merge, split or undo", "请指明合并、拆分或取消")
    if wanted.kind == "undo":
        return _of_act(home, wanted.act)
    named = tuple(dict.fromkeys(subject.strip() for subject in wanted.subjects))
    if not all(0 < len(one) <= _LONGEST and one.isprintable() for one in named):
        raise UsageError("a number of a person is one line of text", "人员编号应为一行文本")
    least = 2 if wanted.kind == "merge" else 1
    if not least <= len(named) <= MOST:
        raise UsageError(
            f"name {least} to {MOST} numbers that differ", f"请给出 {least} 至 {MOST} 个不同的编号"
        )
    return named


def _of_act(home: Home, act: int | None) -> tuple[str, ...]:
    """The numbers that an act by hand names; of an undo, those of what it undid."""
    if act is None:
        raise UsageError("say which act", "请指明操作")
    with store.reading(home) as connection:
        every = [] if connection is None else store.acts(connection)
        if connection is None or not 1 <= act <= len(every):
            raise OutOfReach
        one = every[act - 1]
        while one.undoes is not None:
            one = every[one.undoes - 1]
        if one.kind == "link":
            raise NotFound(
                "there is no such act: what the rules linked is split, not undone",
                "没有此操作：按规则建立的关联请用拆分",
            )
        if act not in store.in_force(every):
            raise DataError(f"act {act} is undone already", f"第 {act} 号操作已被取消")
        return named_in(connection, one.number)


def _check_reach(by: Acting, wanted: Wanted, people: Sequence[Person]) -> None:
    mine = [one for one in people if one.mine]
    for one in people:
        if one.known and not one.mine and mine:
            raise AnothersPerson(one.known[0].unit)
    if wanted.kind == "undo" and not mine and _own(by, wanted.act):
        return
    if not mine:
        raise OutOfReach
    own = {subject for one in mine for subject in one.subjects}
    for one in people:
        if not one.mine and wanted.kind != "undo" and not _shares_a_document(one, own):
            raise OutOfReach


def _own(by: Acting, act: int | None) -> bool:
    """What somebody decided stays theirs to take back when the case is over."""
    return Decision.objects.filter(act=act, by=by.user).exists()


def _shares_a_document(one: Person, own: set[str]) -> bool:
    rows = Question.objects.filter(people__overlap=list(one.subjects))
    return any(own & set(people) for people in rows.values_list("people", flat=True))
