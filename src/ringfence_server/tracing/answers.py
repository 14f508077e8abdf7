"""The answer of a run, whole or what its page says beside the contacts.

Whole, it holds all evidence of thousands of people: too much to read for a page of a hundred lines.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any

from ringfence.errors import NotFound
from ringfence_server.tracing.models import Contact, Run

_OF_A_QUESTION = ("id", "question", "fact", "place", "start", "end")


def packed(told: Mapping[str, Any]) -> bytes:
    return zlib.compress(json.dumps(told, ensure_ascii=False).encode(), 6)


def erased(run: Run) -> bool:
    """Whether it was answered, and the answer was purged: even one that lists nobody has a page."""
    answered = run.state == "done" and not Run.objects.filter(pk=run.pk, answer__isnull=False)
    return answered and not Contact.objects.filter(run=run).exists()


def check_kept(run: Run) -> None:
    """NotFound: it was purged. What is empty then is not a list of nobody."""
    if erased(run):
        raise NotFound(
            "whom this trace found was erased when its time was over",
            "此次追踪所得已到保存期限，已清除",
        )


def answer_of(run: Run) -> dict[str, Any]:
    """The payload of the run's page. NotFound: it has none yet, failed, or was purged."""
    if run.answer is None:
        check_kept(run)
        raise NotFound("this trace has no answer", "此次追踪没有结果")
    return _unpacked(run.answer)


def kept_of(run: Run) -> dict[str, Any]:
    """What `trace.views.kept` made of it. NotFound: it has no answer, or an older version's, or was
    purged.
    """
    if run.kept is None:
        check_kept(run)
        raise NotFound(
            "this trace has no answer for programs: trace again",
            "此次追踪没有可供程序读取的结果：请重新追踪",
        )
    return _unpacked(run.kept)


def beside(told: Mapping[str, Any]) -> dict[str, Any]:
    """Of the payload: title, warnings, words of the rules; questions, each with how many people it
    settles.
    """
    return {
        "title": told["protocol"]["title"],
        "warnings": told["warnings"],
        "rules": told["terms"]["rule"],
        "questions": [
            {**{name: one[name] for name in _OF_A_QUESTION}, "people": len(one["people"])}
            for one in told["review"]
        ],
    }


def beside_of(run: Run) -> dict[str, Any]:
    """As it was kept with the answer; of a run that was answered before this was kept, from it."""
    kept: dict[str, Any] | None = run.beside
    return beside(answer_of(run)) if kept is None else kept


def _unpacked(content: bytes | memoryview[int]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(zlib.decompress(content))
    return told
