"""Why a decision about numbers was refused."""

from __future__ import annotations

from ringfence.errors import DataError, NotAllowed, NotFound, Text
from ringfence_server.jurisdictions.models import Unit

SORRY = Text(
    "The decision was not carried out by a fault of the program; it has been written down.",
    "程序出错，决定未执行；错误已记录。",
)


class OutOfReach(NotFound):
    """One answer, whether or not there is such a number."""

    def __init__(self) -> None:
        super().__init__(
            "here are numbers of cases and contacts within your reach, and of those that share a"
            " document with one of them; one that was named is none of these",
            "此处仅处理您可见的病例与接触者的编号，以及与其证件号码相同的编号；所给编号不在其中",
        )


class AnothersPerson(NotAllowed):
    """Somebody whose case or contact it is decides, or a unit above both."""

    def __init__(self, unit: Unit) -> None:
        code = unit.code
        super().__init__(
            f"one of these numbers is a case or a contact of unit {code}, which you do not see: an"
            " account of a unit above both decides this",
            f"其中有编号属单位 {code} 的病例或接触者，不在您的范围内：须由双方共同的上级单位决定",
        )


class Overtaken(DataError):
    status = 409

    def __init__(self) -> None:
        super().__init__(
            "what this would change is something else by now: look at it again",
            "此决定的影响已有变化：请重新查看",
        )
