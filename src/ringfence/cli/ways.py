"""Which way each command goes where a server uses the home: every command is sorted here.

A command that is not sorted is refused on a served home; a test holds the table complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from ringfence.errors import NotAllowed, Text


@dataclass(frozen=True)
class Way:
    """`through`: the server does it, with the rights of whoever asks. `operator`: the account that
    owns the home does it there, for it is the care of the machine. `anywhere`: it needs no home, or
    only the rules in it. `instead`: what to do where it goes none of these ways.
    """

    through: bool = False
    operator: bool = False
    anywhere: bool = False
    instead: Text | None = None


THROUGH = Way(through=True)
OPERATOR = Way(operator=True)
BOTH = Way(through=True, operator=True)
ANYWHERE = Way(anywhere=True)
_REVEAL = Way(
    instead=Text(
        "the console shows who somebody is, to those who may see it, under a case",
        "请在控制台的病例页面查看身份信息，须有相应权限",
    )
)
_CORRECTED_FILE = Way(
    instead=Text(
        "import a corrected file of the same source: its rows replace those of the same key",
        "请导入同一来源的更正文件：同键的行将被替换",
    )
)
_SHEET = Way(
    instead=Text(
        "a sheet says who everybody is, and a token that is lost must name nobody; the unit works "
        "from the sender's own list, by the numbers of `lists persons`",
        "核查表含全部身份信息，而令牌遗失时不得泄露任何人；请承办单位使用来文原名单，"
        "按 `lists persons` 所列序号核查",
    )
)
_TABLE = Way(
    instead=Text(
        "the table of everybody who is merged is a look-up of people who are neither case nor "
        "contact; `identity explain` tells of one that is",
        "全部合并对照表涉及既非病例也非接触者的人员；请用 `identity explain` 查看单个病例或接触者",
    )
)
_SIGHTINGS = Way(
    instead=Text(
        "a server does not answer this yet; ask a home of your own that has the area and the "
        "sightings of its gates",
        "服务器暂不提供此查询；请在存有该区域及其卡口识别记录的本地数据目录中查询",
    )
)
_UNSORTED = Way(instead=Text("it is not offered on a served home", "已部署的数据目录不提供此命令"))

WAYS: Mapping[str, Way] = {
    "init": ANYWHERE,
    "login": ANYWHERE,
    "logout": ANYWHERE,
    "import": THROUGH,
    "trace": THROUGH,
    "explain": THROUGH,
    "where": THROUGH,
    "passengers": THROUGH,
    "trajectory": THROUGH,
    "vehicles": _SIGHTINGS,
    "narrative": ANYWHERE,
    "correct": _CORRECTED_FILE,
    "quarantine list": BOTH,
    "quarantine export": _CORRECTED_FILE,
    "quarantine replay": _CORRECTED_FILE,
    "lake status": BOTH,
    "lake compact": OPERATOR,
    "lake verify": OPERATOR,
    "lake files": OPERATOR,
    "lake withdraw": OPERATOR,
    "lake reinstate": OPERATOR,
    "lake purge": OPERATOR,
    "doctor": OPERATOR,
    "backup": OPERATOR,
    "restore": ANYWHERE,
    "audit list": OPERATOR,
    "audit verify": OPERATOR,
    "vault status": OPERATOR,
    "vault verify": OPERATOR,
    "vault rotate": OPERATOR,
    "vault shred": OPERATOR,
    "vault drill": OPERATOR,
    "vault reveal": _REVEAL,
    "vault find": _REVEAL,
    "divisions import": OPERATOR,
    "divisions status": OPERATOR,
    "places review": OPERATOR,
    "places decide": OPERATOR,
    "identity link": OPERATOR,
    "identity merge": THROUGH,
    "identity split": THROUGH,
    "identity undo": THROUGH,
    "identity explain": THROUGH,
    "identity table": _TABLE,
    "identity conflicts": THROUGH,
    "identity complete": _REVEAL,
    "requests open": THROUGH,
    "requests list": THROUGH,
    "requests answer": THROUGH,
    "requests withdraw": THROUGH,
    "requests report": THROUGH,
    "lists import": THROUGH,
    "lists list": THROUGH,
    "lists funnel": THROUGH,
    "lists persons": THROUGH,
    "lists refused": THROUGH,
    "lists check": THROUGH,
    "lists send": THROUGH,
    "lists sheet": _SHEET,
    "lists record": THROUGH,
    "lists sign-off": THROUGH,
    "lists answer": THROUGH,
    "lists withdraw": THROUGH,
    "mappings list": ANYWHERE,
    "mappings show": ANYWHERE,
    "mappings check": ANYWHERE,
    "mappings draft": ANYWHERE,
    "protocols list": ANYWHERE,
    "protocols show": ANYWHERE,
    "protocols check": ANYWHERE,
    "city make": ANYWHERE,
    "city answers": ANYWHERE,
    "city tell": ANYWHERE,
    "city describe": ANYWHERE,
    "accounts make": OPERATOR,
    "accounts bulk": OPERATOR,
    "accounts list": OPERATOR,
    "accounts reset": OPERATOR,
    "jurisdictions load": OPERATOR,
    "serve": OPERATOR,
    "serve init": OPERATOR,
    "serve migrate": OPERATOR,
    "serve web": OPERATOR,
    "serve worker": OPERATOR,
    "serve backup": OPERATOR,
    "serve restore": OPERATOR,
    "serve drill": OPERATOR,
    "serve check": OPERATOR,
    "serve rotate-secret": OPERATOR,
}

_running: ContextVar[str] = ContextVar("running", default="")


@contextmanager
def running(command: str) -> Iterator[None]:
    """While this command runs: `import`, `lake status`."""
    token = _running.set(command)
    try:
        yield
    finally:
        _running.reset(token)


def way() -> Way:
    """Of the command that runs."""
    return WAYS.get(_running.get(), _UNSORTED)


def refuse_where_served(root: Path) -> None:
    """NotAllowed: a server uses the home, and the command may not go past it."""
    from ringfence.lake.served import owned, owner_of, served_by

    served = served_by(root)
    own = way()
    if served is None or own.anywhere or (own.operator and owned(root)):
        return
    if own.operator:
        whose = owner_of(root)
        raise NotAllowed(
            f"the server at {served.address} uses {root}: this command is for its operator, as the "
            f"account {whose} (`sudo -u {whose} ringfence …`)",
            f"{root} 由服务器 {served.address} 使用：此命令仅供运维人员以账户 {whose} 运行"
            f"（`sudo -u {whose} ringfence …`）",
        )
    raise NotAllowed(*not_here(served.address))


def not_here(address: str) -> Text:
    """What is said of a command that the server does not do for others."""
    instead = (way().instead or _UNSORTED.instead) or Text("", "")
    return Text(
        f"the server at {address} keeps these data, and this command does not go through it: "
        f"{instead.en}",
        f"数据由服务器 {address} 保管，此命令不能通过服务器执行：{instead.zh}",
    )
