"""The words of this part, beside those of the records: states of a case, acts, times."""

from __future__ import annotations

from ringfence.errors import Text

STATES: dict[str, Text] = {
    "entered": Text("without laboratory record", "待实验室结果"),
    "provisional": Text("provisional", "疑似（临时追踪）"),
    "traceable": Text("with laboratory record", "实验室确认"),
    "lapsed": Text("lapsed", "临时追踪已失效"),
    "discarded": Text("discarded", "已排除"),
    "withdrawn": Text("withdrawn", "已撤销"),
}
"""What may be done with a case. `traceable`: a positive test stands behind it; `provisional`: two
signatures do, for 48 hours.
"""
OPEN = ("entered", "provisional", "traceable", "lapsed")
MAY_BE_TRACED = ("provisional", "traceable")

TIMES: dict[str, Text] = {
    "onset": Text("onset", "发病"),
    "sampled": Text("sample", "采样"),
    "reported": Text("report", "报告"),
    "isolated": Text("isolation", "隔离"),
}
EVENT_OF = {"onset": "onset", "reported": "report", "isolated": "isolated"}
"""The kind of `case_event` that a time of the case is; a sample is a `test`."""

CHANGES: dict[str, Text] = {
    "entered": Text("entered", "录入"),
    "taken": Text("came through another channel", "由其他渠道报入"),
    "laboratory": Text("laboratory result", "实验室结果"),
    "signed": Text("signed", "签署"),
    "provisional": Text("tracing allowed for 48 hours", "准予临时追踪 48 小时"),
    "lapsed": Text("48 hours passed without confirmation", "48 小时内未确认，已失效"),
    "reclassified": Text("reclassified", "订正分类"),
    "withdrawn": Text("withdrawn", "撤销"),
    "times": Text("times changed", "时间订正"),
}
SIGNS_AS = ("clinician", "supervisor")
"""Roles of which a suspected case needs one signature each."""
