"""What goes of this part when its time is over: files, and who was in them.

Number, digest, city and answer of a hand-over stay: an old file or receipt that comes again must be
known as one that had its effect.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from ringfence_server.hand_overs.models import Handed, HandOver, Received, ReceivedPerson


def erase_files(before: datetime, held_cases: Collection[str]) -> int:  # noqa: ARG001
    """Of hand-overs that were answered, or taken back, before. Who waits may need them again."""
    sent = HandOver.objects.filter(answered_at__lt=before, file__isnull=False)
    files = sent.exclude(state="waiting").update(file=None)
    content = Q(sealed__isnull=False) | Q(receipt__isnull=False)
    read = Received.objects.filter(content, answered_at__lt=before).exclude(state="waiting")
    return files + read.update(sealed=None, receipt=None)


def waiting_for_an_answer(follow_ups: Collection[int]) -> set[int]:
    """Those of them whom another city, or unit, was given and did not answer for."""
    rows = Handed.objects.filter(Q(answer="") | Q(hand_over__state="waiting"))
    return set(rows.filter(follow_up__in=follow_ups).values_list("follow_up", flat=True))


def erase_handed(follow_ups: Collection[int]) -> int:
    """That these were given, or came, in hand-overs."""
    given = Handed.objects.filter(follow_up__in=follow_ups).delete()[0]
    return given + ReceivedPerson.objects.filter(follow_up__in=follow_ups).delete()[0]


def erase_refused(before: datetime) -> int:
    """Of whom another city told, whom nobody here took in, and it was answered before."""
    rows = ReceivedPerson.objects.filter(follow_up__isnull=True, received__answered_at__lt=before)
    return rows.exclude(received__state="waiting").delete()[0]
