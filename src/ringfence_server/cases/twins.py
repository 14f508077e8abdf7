"""Two open cases of one person and disease: the later is marked, and one of them is withdrawn by
whoever looks at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from ringfence_server.cases.models import Case
from ringfence_server.cases.words import OPEN


def settle_twins(people: Sequence[Sequence[str]]) -> None:
    """Within a transaction. `people`: all numbers of each person. The first listed stays unmarked;
    what is alone of its person now is marked no more.
    """
    for subjects in people:
        rows = Case.objects.select_for_update(of=("self",)).filter(
            subject__in=list(subjects), state__in=OPEN
        )
        ordered = rows.order_by("disease", "twin", "listed_at", "pk")
        for _, cases in groupby(ordered, lambda one: one.disease):
            for place, case in enumerate(cases):
                if case.twin != (place > 0):
                    case.twin = place > 0
                    case.save(update_fields=["twin"])
