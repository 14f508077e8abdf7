"""Why a case was not opened, or an opening not reviewed."""

from __future__ import annotations

from ringfence.errors import DataError, NotAllowed


class Reviewed(DataError):
    """Somebody was quicker."""

    status = 409

    def __init__(self) -> None:
        super().__init__("this opening was reviewed meanwhile", "此次紧急查看已由他人复核")


def too_many_open(most: int) -> NotAllowed:
    return NotAllowed(
        f"you have {most} cases open already: end one of them first",
        f"您已有 {most} 个病例处于紧急查看中：请先结束其一",
    )


def not_justified_before(most: int) -> NotAllowed:
    return NotAllowed(
        f"{most} openings of yours were found not justified: ask your supervisor",
        f"您已有 {most} 次紧急查看被认定无正当理由：请联系主管",
    )


def too_many_missed() -> NotAllowed:
    return NotAllowed(
        "too many of the numbers that you asked for were none: ask by telephone, or try tomorrow",
        "您查询的编号多次不存在：请电话联系，或明日再试",
    )
