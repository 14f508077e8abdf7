"""What a decision would change for others, in words, before anybody decides."""

from __future__ import annotations

from ringfence.errors import Text
from ringfence_server.access import Acting
from ringfence_server.cases.queries import owned
from ringfence_server.merging.following import bears_on
from ringfence_server.merging.reach import CASE, CONTACT, RIGHT, Known
from ringfence_server.merging.weighing import Weighed
from ringfence_server.merging.words import LEFT

_NOTHING_ELSE = Text(
    "Nothing changes but that the question waits no more. When anything about it does, it is asked"
    " again.",
    "仅将此问题标为已处理；如情况有变，将重新提出。",
)
_LISTS = Text(
    "No other task is sent or withdrawn by this alone: the new lists wait for approval, where they"
    " show who is new and who is dropped.",
    "其他任务不会因此自动派发或撤回：新名单须经审核，并列明新增与移出人员。",
)
_UNDONE = Text(
    "It can be undone. The records keep their numbers; nothing is rewritten.",
    "可以取消。原始记录保留各自编号，不作改写。",
)


def follows(weighed: Weighed, by: Acting) -> tuple[Text, ...]:
    kind = weighed.wanted.kind
    if kind == LEFT:
        return (_NOTHING_ELSE,)
    told = list(_merged(weighed)) if kind == "merge" else [_apart(weighed)]
    cases = bears_on(weighed.everybody)
    mine = owned(by, RIGHT).filter(pk__in=[one.pk for one in cases])
    numbers = ", ".join(mine.order_by("number").values_list("number", flat=True))
    if cases:
        seen = f": {numbers}" if numbers else ""
        told.append(
            Text(
                f"Cases that are traced anew at once, by all that is recorded of these numbers:"
                f" {len(cases)}{seen}.",
                f"立即重新追踪 {len(cases)} 个病例，计入这些编号的全部记录{seen}。",
            )
        )
    return (*told, _LISTS, _UNDONE)


def _merged(weighed: Weighed) -> list[Text]:
    numbers = ", ".join(weighed.everybody)
    told = [
        Text(
            f"From now on these numbers are one person: {numbers}.",
            f"此后以下编号为同一人：{numbers}。",
        )
    ]
    known = [one for person in weighed.people for one in person.known]
    for disease in sorted({one.disease for one in known}):
        told += _of_disease([one for one in known if one.disease == disease])
    return told


def _of_disease(known: list[Known]) -> list[Text]:
    cases = [one for one in known if one.kind == CASE]
    contacts = [one for one in known if one.kind == CONTACT]
    told = []
    if len(cases) > 1:
        told.append(
            Text(
                f"{len(cases)} open cases are this one person then. The later ones are marked, and"
                " one of them is to be withdrawn: nothing is withdrawn by itself.",
                f"此人将有 {len(cases)} 个未结病例：较晚者将作标记，须由人员撤销其一，"
                "不会自动撤销。",
            )
        )
    if cases and contacts:
        tasks = sum(one.tasks for one in contacts)
        told.append(
            Text(
                "A contact is a case then. If the case has its laboratory record, the person is"
                f" followed as a case at once, and {tasks} open tasks of the contact are"
                " withdrawn.",
                f"接触者将成为病例。若病例已有实验室结果，此人即按病例管理，"
                f"并撤回其 {tasks} 项未结任务。",
            )
        )
    elif len(contacts) > 1:
        told.append(
            Text(
                f"{len(contacts)} people who are followed up are one then: the next approved list"
                " leaves one of them.",
                f"{len(contacts)} 名随访对象将为同一人：下次审核名单后保留其一。",
            )
        )
    return told


def _apart(weighed: Weighed) -> Text:
    numbers = ", ".join(weighed.subjects)
    if weighed.wanted.kind == "undo":
        return Text(
            f"Act {weighed.wanted.act} counts no more, as if it had not been done: {numbers}.",
            f"第 {weighed.wanted.act} 号操作不再有效：{numbers}。",
        )
    return Text(
        f"From now on {numbers} are another person than the rest. The rules will not join them"
        " again.",
        f"此后 {numbers} 与其余编号为不同的人，规则不会再将其关联。",
    )
