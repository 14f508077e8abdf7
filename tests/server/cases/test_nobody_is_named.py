"""The whole database, as its dump has it, names nobody: before the vault has them, and after."""

from __future__ import annotations

import subprocess

import pytest
from django.db import connections
from tests.server.cases.town import WANG, deliver, enter, entered, entry, settled
from tests.server.homes import NOON

from ringfence.errors import UserError
from ringfence.lake import Home
from ringfence_server.cases import actions
from ringfence_server.cases.actions import Contact, Form, Named
from ringfence_server.cases.refusals import Exists
from ringfence_server.running import cluster

WHO = {**WANG, "address": "翠苑小区3幢2单元501室", "birth_date": "1990-01-01", "sex": "male"}
LI = {"name": "李娜", "phone": "13900139000", "id_number": "000101198503072021"}
SECRETS = (
    *(WHO[name] for name in ("name", "id_number", "phone", "address", "birth_date")),
    *LI.values(),
    "翠苑小区",
    "老王",
)


def dump() -> bytes:
    told = connections["default"].settings_dict
    folder = cluster.binaries()
    assert folder is not None
    address = f"postgresql:///{told['NAME']}?host={told['HOST']}&user={told['USER']}"
    return subprocess.run(
        [str(folder / "pg_dump"), "--inserts", address], capture_output=True, check=True
    ).stdout


def names_nobody() -> None:
    held = dump()
    assert b"000101-20220707-001" in held, "it is the dump of this database"
    for secret in SECRETS:
        for form in (secret.encode(), secret.encode().hex().encode(), ascii(secret)[1:-1].encode()):
            assert form not in held


@pytest.mark.django_db(transaction=True)
def test_the_dump_names_nobody(home: Home) -> None:
    town = settled()
    case = enter(home, town, person=WHO)
    actions.save_form(
        home=home,
        number=case.number,
        based_on=0,
        form=Form(basic={"household": "老王 lives next door"}),
        named=[Named(LI, Contact("household"))],
        by=town.chief,
        at=NOON,
    )
    with pytest.raises(Exists):
        entered(home, entry(town, person=WHO), town.chief)
    with pytest.raises(UserError):
        enter(home, town, person={**WHO, "id_number": "000101198503072022"})
    names_nobody()
    deliver(home)
    names_nobody()
