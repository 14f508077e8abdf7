"""The words of this part: states of a task, ends of a follow-up, and which state leads to which."""

from __future__ import annotations

from ringfence.errors import Text

STATES: dict[str, Text] = {
    "dispatched": Text("sent out", "已派发"),
    "accepted": Text("accepted", "已接单"),
    "refused": Text("refused", "已拒接"),
    "on_the_way": Text("on the way", "前往途中"),
    "feedback": Text("reported", "已反馈"),
    "verified": Text("checked", "已核实"),
    "closed": Text("closed", "已办结"),
    "handed_over": Text("handed over, not answered yet", "已移交，待回执"),
    "withdrawn": Text("withdrawn", "已撤回"),
}
OPEN = (
    "dispatched",
    "accepted",
    "refused",
    "on_the_way",
    "feedback",
    "verified",
    "handed_over",
)
SAMPLE = "sample"
"""The kind of task that is offered for whoever has symptoms."""
IN_HAND = ("accepted", "on_the_way")
"""Somebody is at it: only then, and only to them, is the person named."""
REPORTED = ("feedback", "verified")
"""Somebody did it. It is never withdrawn: they would read that it was called off."""
BEFORE_REPORT = ("dispatched", "accepted", "refused", "on_the_way", "handed_over")
"""What is late if its time is over; a hand-over, if nobody answered it."""

LEADS_TO: dict[str, tuple[str, ...]] = {
    "dispatched": ("accepted", "refused", "dispatched"),
    "accepted": ("on_the_way", "feedback", "refused", "dispatched"),
    "refused": ("dispatched",),
    "on_the_way": ("feedback", "refused", "dispatched"),
    "feedback": ("verified", "dispatched"),
    "verified": ("closed", "dispatched"),
    "closed": (),
    "handed_over": (),
    "withdrawn": (),
}
"""Any open state may be withdrawn besides, when what it rested on is gone; but what is `REPORTED`
is closed then. Into and out of `handed_over` the act on the hand-over leads, never one on the task
alone.
"""

ENDS: dict[str, Text] = {
    "closed": Text("all work done", "工作已完成"),
    "dropped": Text("no contact any more", "不再是接触者"),
    "handed_over": Text("another city follows the person up", "已由其他城市接续随访"),
    "released": Text("released", "已解除"),
    "case": Text("is a case now", "已转为病例"),
}
"""How the follow-up of a person ends."""

DESK_ENDS: dict[str, Text] = {"missed": Text("given up", "已放弃")}
"""What a task of a day is ended with at the desk, whatever its kind."""

ORIGINS: dict[str, Text] = {
    "rule": Text("by rule", "按规则"),
    "hand": Text("by hand", "人工增派"),
    "measure": Text("by the measures of the protocol", "按方案管控措施"),
}

IS_CASE, NO_MEASURE = "is_case", "no_measure"
WITHDRAWN_FOR: dict[str, Text] = {
    "not_listed": Text("the trace lists this person no more", "追踪名单已不含此人"),
    "case_gone": Text("the case stands no more", "相关病例已不成立"),
    IS_CASE: Text("the person is a case now", "此人已转为病例"),
    NO_MEASURE: Text("no measure asks for it any more", "管控措施已不要求"),
}
"""Why a task was let go: withdrawn, or closed where it was reported."""
