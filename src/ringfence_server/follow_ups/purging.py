"""What goes of this part when its time is over: how long somebody was followed, by which rule."""

from __future__ import annotations

from collections.abc import Collection

from ringfence_server.follow_ups.models import Moved, Watch


def erase_watches(follow_ups: Collection[int]) -> int:
    """Of these follow-ups."""
    moves = Moved.objects.filter(watch__follow_up__in=follow_ups).delete()[0]
    return moves + Watch.objects.filter(follow_up__in=follow_ups).delete()[0]
