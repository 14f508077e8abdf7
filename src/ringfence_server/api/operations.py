"""How an operation is declared: what it needs, what it takes and answers, in both languages.

@reads(router, "/cases/{int:case}", Text("One case", "单个病例"), answers=CaseTold)
@needs("case.read")
def case(request: HttpRequest, case: int) -> CaseTold: ...

@writes(router, "/cases", Text("Enter a case", "录入病例"), answers=CaseTold, status=201)
@needs("case.enter")
def enter_case(request: HttpRequest, told: Body[CaseEntry]) -> CaseTold: ...
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ninja import Router

from ringfence.errors import Text
from ringfence_server.access import need_of
from ringfence_server.api.reading import JSON, MOST_BYTES

Does = TypeVar("Does", bound=Callable[..., Any])


@dataclass(frozen=True)
class Taking:
    """What a writing operation takes. Only JSON is read before it; and only with JSON is the
    request's key kept: an operation that takes other content has the same effect each time by
    itself, and reads `request` in pieces. `kept`: not where the answer is a file of people's
    results, which may lie nowhere but where it is sent to; it may be asked for again.
    """

    media: tuple[str, ...] = (JSON,)
    most: int = MOST_BYTES
    kept: bool = True


def reads(router: Router, path: str, text: Text, *, answers: Any) -> Callable[[Does], Does]:
    return _listed(router, "GET", path, text, answers={200: answers})


def writes(
    router: Router,
    path: str,
    text: Text,
    *,
    answers: Any,
    status: int = 200,
    method: str = "POST",
    taking: Taking | None = None,
) -> Callable[[Does], Does]:
    return _listed(router, method, path, text, answers={status: answers}, taking=taking or Taking())


def taking_of(does: object) -> Taking | None:
    """None: it reads."""
    return getattr(does, "taking", None)


def _listed(
    router: Router,
    method: str,
    path: str,
    text: Text,
    *,
    answers: Mapping[int, Any],
    taking: Taking | None = None,
) -> Callable[[Does], Does]:
    def lists(does: Does) -> Does:
        if need_of(does) is None:
            raise TypeError(f"{does.__name__} names no need")
        does.taking = taking  # type: ignore[attr-defined]
        router.api_operation(
            [method],
            path,
            response=dict(answers),
            operation_id=does.__name__,
            summary=f"{text.en} · {text.zh}",
            by_alias=True,
        )(does)
        return does

    return lists
