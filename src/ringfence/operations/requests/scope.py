"""What may be asked: a lawful basis, for a bounded time."""

from __future__ import annotations

from difflib import get_close_matches

from ringfence.errors import UsageError
from ringfence.operations.checks import check_keys
from ringfence.operations.requests.model import Scope
from ringfence.records import TABLES


def check_scope(scope: Scope) -> None:
    if not scope.tables:
        raise UsageError("name at least one table to ask for", "请至少指定一个要调取的数据表")
    for table in scope.tables:
        if table not in TABLES:
            near = get_close_matches(table, TABLES, n=1) or list(TABLES)
            raise UsageError(
                f"there is no such table to ask for; perhaps: {', '.join(near)}",
                f"没有这样的数据表；可能是：{'、'.join(near)}",
            )
    if scope.end <= scope.start:
        raise UsageError("the time asked for ends before it begins", "调取的时间段终点早于起点")
    check_keys("place", "场所", scope.places)
    check_keys("service", "班次", scope.services)
