"""Why a hand-over, or a file of one, has no effect."""

from __future__ import annotations

from datetime import datetime

from ringfence.errors import DataError, NotFound
from ringfence.operations.hand_over import Refused


class Done(DataError):
    """It was done before, or undone: what was sent now has no effect."""

    status = 409


def changed_since() -> Done:
    return Done(
        "what would be handed over changed since this page was loaded: nothing was sent;"
        " look again",
        "页面加载后移交内容已有变化：本次未发送，请重新查看",
    )


def read_before(at: datetime) -> Done:
    return Done(
        f"this file was read already, {at:%Y-%m-%d %H:%M} UTC: nothing was done again",
        f"该文件已于 {at:%Y-%m-%d %H:%M}（UTC）读取：未重复执行",
    )


def another_of_this_number() -> Refused:
    return Refused(
        "another file of this number was read before: the other city has to be asked which one"
        " counts; nothing was read",
        "此编号的另一文件已读取过：请与对方核实以哪份为准；未读取任何内容",
    )


def answered_before() -> Done:
    return Done(
        "this hand-over was answered already: the answer has no effect again",
        "该移交已有答复：本次答复不再生效",
    )


def taken_back_before() -> Done:
    return Done(
        "this hand-over was taken back: the answer has no effect; telephone the other side, for"
        " both may be at work",
        "该移交已撤回：答复不生效；请电话联系对方，避免双方重复工作",
    )


def confirmed_or_ended() -> Done:
    return Done(
        "these keys were confirmed or ended already: enter them anew where they are to be used",
        "该密钥已核对或已停用：如需使用请重新登记",
    )


def of_another_file() -> Refused:
    return Refused(
        "the receipt is of another file than the one that was sent: nothing was done",
        "回执对应的并非已发出的文件：未执行任何操作",
    )


def unknown_sender() -> Refused:
    return Refused(
        "no city of this code is in use here: an administrator enters its keys, another confirms"
        " them; nothing was read",
        "此处没有使用中的该城市代码：须由一名管理员登记、另一名管理员核对密钥；未读取任何内容",
    )


def for_another() -> Refused:
    return Refused(
        "the file is addressed to another jurisdiction than ours: nothing was read",
        "文件收件单位并非本单位：未读取任何内容",
    )


def no_hand_over() -> NotFound:
    return NotFound("there is no such hand-over", "没有此移交")


def file_erased() -> NotFound:
    return NotFound("the file was erased when its time was over", "文件已到保存期限，已清除")


def no_partner() -> NotFound:
    return NotFound("there is no such city", "没有此城市")
