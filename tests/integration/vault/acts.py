"""One act on a vault in a process of its own, so that it can be killed or its disk can fail.

Exit code: 0, or that of the error; nothing is printed, since printing is writing too.
"""

from __future__ import annotations

import hashlib
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from ringfence import audit, lake
from ringfence.errors import UserError
from ringfence.vault import Statement, open_vault

SEPTEMBER = datetime(2022, 9, 19, 8, tzinfo=UTC)
OCTOBER = datetime(2022, 10, 3, 8, tzinfo=UTC)


def person(number: int) -> dict[str, str]:
    """An invented person, told apart by number."""
    return {
        "name": f"欧阳测试{number:06}",
        "id_kind": "resident",
        "id_number": f"00010119900101{number:04}",
        "phone": f"+86138{number:08}",
        "address": f"和平路{number}号三单元",
    }


def batch_id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()


def tell(home: lake.Home, name: str, numbers: range, now: datetime) -> None:
    """As an import does: staged, ready, acknowledged by the lake; replayed where it was before."""
    if lake.known_batch(home, batch_id(name)) is not None:
        return
    with (
        open_vault(home, create=True) as vault,
        vault.stage(batch_id(name), "hotel", now) as staging,
    ):
        staging.write([Statement(f"s{n}", n, person(n)) for n in numbers])
        staging.keep_rejects([(99, '{"姓名": "欧阳退回"}')])
        staging.ready()
        with lake.stage(
            home, table="presence", source="hotel", batch=batch_id(name), file_name="f.csv"
        ) as empty:
            empty.commit(now, 0)


def act(name: str, home: lake.Home) -> None:
    if name == "tell":
        tell(home, "new", range(100, 110), SEPTEMBER)
    elif name == "rotate":
        with open_vault(home) as vault:
            vault.rotate()
    elif name == "shred":
        with open_vault(home) as vault:
            vault.shred("2022-09")
    elif name == "append":
        audit.append(home, "vault.find", by="li", at=SEPTEMBER, about={"case": "C1"})
    elif name.startswith("many-"):
        for number in range(3):
            tell(home, f"{name}-{number}", range(5), SEPTEMBER)
            audit.append(home, "vault.find", by=name, at=SEPTEMBER, about={"case": "C1"})
    else:
        raise ValueError(name)


def main() -> int:
    try:
        act(sys.argv[2], lake.open_home(Path(sys.argv[1])))
    except UserError as error:
        return error.exit_code
    return 0


if __name__ == "__main__":
    os._exit(main())
