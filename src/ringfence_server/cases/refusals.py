"""Why an act on a case was refused: what a page shows beside its form. No value is repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ringfence.errors import DataError, NotAllowed, Text


class FieldErrors(DataError):
    """Fields of a form that cannot be taken, each with its reason."""

    def __init__(self, fields: Mapping[str, Text]) -> None:
        told = [f"{name}: {reason.en}" for name, reason in fields.items()]
        told_zh = [f"{name}：{reason.zh}" for name, reason in fields.items()]
        super().__init__("; ".join(told), "；".join(told_zh))
        self.fields = dict(fields)


class Doubtful(DataError):
    """What may be right but seldom is: taken once somebody says that it was looked at."""

    def __init__(self, doubts: Sequence[Text]) -> None:
        super().__init__(" ".join(one.en for one in doubts), "".join(one.zh for one in doubts))
        self.doubts = tuple(doubts)


class Exists(NotAllowed):
    """There is such a case. Whose, and nothing else, is told."""

    status = 409

    def __init__(self, name_en: str, name_zh: str) -> None:
        super().__init__(
            f"this case exists already; it belongs to {name_en}",
            f"该病例已存在，归属单位：{name_zh}",
        )


class Stale(DataError):
    """Somebody was faster: the page showed something that is no longer so."""

    status = 409

    def __init__(self) -> None:
        super().__init__(
            "the case was changed since this page was loaded: nothing was saved; look again",
            "页面加载后病例已有变动：本次未保存，请重新查看",
        )


class SentBefore(DataError):
    """The same form came with another content."""

    status = 422

    def __init__(self) -> None:
        super().__init__(
            "this form was sent before with another content: open a new one",
            "此表单已提交过且内容不同：请打开新表单",
        )
