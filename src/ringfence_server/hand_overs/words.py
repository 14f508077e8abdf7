"""The words of this part: states of a hand-over, of its people and of another city's keys."""

from __future__ import annotations

from ringfence.errors import Text

PARTNER_STATES: dict[str, Text] = {
    "entered": Text("to be confirmed", "待核对"),
    "confirmed": Text("in use", "使用中"),
    "ended": Text("ended", "已停用"),
}
STATES: dict[str, Text] = {
    "waiting": Text("waits for the answer", "待答复"),
    "answered": Text("answered", "已答复"),
    "taken_back": Text("taken back", "已撤回"),
}
ANSWERS: dict[str, Text] = {
    "": Text("no answer yet", "尚未答复"),
    "accepted": Text("accepted", "已接收"),
    "refused": Text("refused", "已退回"),
    "taken_back": Text("taken back", "已撤回"),
}
FIELDS: dict[str, Text] = {
    "name": Text("name", "姓名"),
    "sex": Text("sex", "性别"),
    "birth_date": Text("date of birth", "出生日期"),
    "id_kind": Text("kind of document", "证件类型"),
    "id_number": Text("number of document", "证件号码"),
    "phone": Text("telephone", "电话"),
}
