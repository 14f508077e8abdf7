"""What goes of this part when its time is over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from ringfence_server.cases.models import Case, CaseVersion, Submission
from ringfence_server.cases.words import OPEN


def numbers_of_open() -> set[str]:
    """Cases that are open here; the lake may know that one was released."""
    return set(Case.objects.filter(state__in=OPEN).values_list("number", flat=True))


def erase_forms(before: datetime, open_cases: Collection[str]) -> int:
    """The words of versions saved before; that there was one, by whom and when, stays."""
    rows = CaseVersion.objects.filter(at__lt=before).exclude(sealed=b"")
    return rows.exclude(case__number__in=open_cases).update(sealed=b"")


def erase_submissions(before: datetime, open_cases: Collection[str]) -> int:  # noqa: ARG001
    return Submission.objects.filter(at__lt=before).delete()[0]
