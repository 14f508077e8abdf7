"""Acts of the audit in words, where they tell that somebody looked or decided. Others stand as
they are written.
"""

from __future__ import annotations

from ringfence.errors import Text

ACTS: dict[str, Text] = {
    "account.appoint": Text("a role was given", "授予角色"),
    "account.deactivate": Text("an account was deactivated", "停用账户"),
    "account.end_role": Text("a role was ended", "终止角色"),
    "account.lock": Text("locked after wrong tries", "多次错误后锁定"),
    "account.refuse": Text("a wrong try to sign in", "登录尝试失败"),
    "account.reset_password": Text("a password was reset", "重置密码"),
    "account.reset_second_factor": Text("a second factor was reset", "重置第二重验证"),
    "account.sign_in": Text("signed in", "登录"),
    "account.sign_out": Text("signed out", "退出登录"),
    "case.assigned": Text("a case was assigned", "分派病例"),
    "case.entered": Text("a case was entered", "录入病例"),
    "case.exists": Text("asked for a case that exists elsewhere", "查重时发现他处病例"),
    "case.withdrawn": Text("a case was withdrawn", "撤销病例"),
    "export.cases": Text("cases were exported", "导出病例"),
    "export.contacts": Text("a contact list was exported", "导出接触者名单"),
    "export.tasks": Text("tasks were exported", "导出任务"),
    "glass.ended": Text("an emergency opening ended", "紧急查看结束"),
    "glass.looked": Text("a page of an opened case was looked at", "查看紧急打开的病例页面"),
    "glass.missed": Text("asked in an emergency for a number that is none", "紧急查看的编号不存在"),
    "glass.opened": Text("a case was opened in an emergency", "紧急查看病例"),
    "glass.reviewed": Text("an emergency opening was reviewed", "复核紧急查看"),
    "task.added": Text("a task was added by hand", "人工增派任务"),
    "task.reveal": Text("was shown who a person is", "查看身份信息（任务）"),
    "trace.approved": Text("a contact list was approved", "审核接触者名单"),
    "trace.asked": Text("a trace was asked for", "发起追踪"),
    "vault.find": Text("looked for a person's number", "按号码查找人员"),
    "vault.reveal": Text("was shown who a person is", "查看身份信息"),
}
NAMES: dict[str, Text] = {
    "account": Text("account", "账户"),
    "case": Text("case", "病例"),
    "export": Text("export", "导出编号"),
    "found": Text("found", "结论"),
    "opening": Text("opening", "查看编号"),
    "page": Text("page", "页面"),
    "purpose": Text("purpose", "用途"),
    "reason": Text("reason", "理由"),
    "role": Text("role", "角色"),
    "rows": Text("rows", "行数"),
    "run": Text("trace", "追踪"),
    "subject": Text("person", "人员"),
    "task": Text("task", "任务"),
    "unit": Text("unit", "单位"),
    "owner": Text("owner", "归属单位"),
}
