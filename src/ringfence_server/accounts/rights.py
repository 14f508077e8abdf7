"""The rights there are. A view names the one it needs; a role lists those it gives."""

from __future__ import annotations

from ringfence.errors import Text

RIGHTS: dict[str, Text] = {
    "case.read": Text("see cases", "查看病例"),
    "case.enter": Text("enter a case", "录入病例"),
    "case.write": Text("write in a case's file", "填写病例档案"),
    "case.assign": Text("assign a case", "分派病例"),
    "case.suspect": Text("have a suspected case traced", "批准疑似病例追踪"),
    "case.withdraw": Text("reclassify or withdraw a case", "订正或撤销病例"),
    "trace.run": Text("trace a case", "追踪病例"),
    "trace.approve": Text("approve a contact list", "批准接触者名单"),
    "review.answer": Text("answer questions of a trace", "回答追踪中的待核问题"),
    "task.work": Text("do tasks", "执行任务"),
    "task.dispatch": Text("send tasks out", "派发任务"),
    "contact.hand_over": Text("hand contacts over to another city", "移交接触者"),
    "identity.reveal": Text("see who a person is", "查看身份信息"),
    "identity.settle": Text(
        "settle whether numbers are one person", "认定编号是否同一人（不含身份信息）"
    ),
    "export.contacts": Text("export lists, without identity", "导出名单（不含身份信息）"),
    "glass.open": Text("open any case in an emergency", "紧急情况下查看辖区外病例"),
    "glass.review": Text("review emergency openings", "复核紧急查看"),
    "search.raise": Text("raise somebody's quota of searches", "批准提高查询限额"),
    "lake.import": Text("import files", "导入文件"),
    "request.make": Text("ask agencies for records", "向单位调取数据"),
    "list.check": Text("work through lists handed down", "核查下发的名单"),
    "list.answer": Text("sign and give the answer to a list", "签发并答复名单"),
    "delivery.mend": Text("look after records that the home refused", "处理数据湖拒收的记录"),
    "audit.read": Text("read the audit", "查看审计记录"),
    "canary.plant": Text("plant canary persons", "设置诱饵记录"),
    "account.manage": Text("manage accounts", "管理账户"),
    "unit.manage": Text("load jurisdictions", "导入管辖区划"),
    "partner.manage": Text("manage the keys of other cities", "管理其他城市的密钥"),
}
WITH_SECOND_FACTOR = frozenset(
    {
        "identity.reveal",
        "export.contacts",
        "account.manage",
        "task.work",
        "glass.open",
        "canary.plant",
        "contact.hand_over",
        "partner.manage",
        "list.answer",
    }
)
"""A role that gives one of these signs in with a second factor."""
