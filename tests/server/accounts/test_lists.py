"""Accounts from a list: all of them or none, and the rows that are wrong by number and field."""

from __future__ import annotations

import io
import itertools

import openpyxl
import pytest
from tests.server.tree import AT, OPERATOR, loaded, person, table

from ringfence.errors import DataError
from ringfence_server.access.acting import acting_of
from ringfence_server.access.operator import By
from ringfence_server.accounts import actions
from ringfence_server.accounts.first_passwords import draw
from ringfence_server.accounts.making import Made
from ringfence_server.accounts.models import Appointment, User
from ringfence_server.outbox.models import AuditRow

pytestmark = pytest.mark.django_db
HEADER = "username,name,role,unit,language"
ROWS = """\
wang,王小明,investigator,440103,zh
li,李华,grid_worker,440103001001001,
zhao,Zhao,supervisor,440104,en
"""


@pytest.fixture(autouse=True)
def _tree() -> None:
    loaded()


def _made(rows: str, header: str = HEADER, by: By = OPERATOR) -> list[Made]:
    numbers = itertools.count()
    return actions.make_accounts(
        file=table(rows, header),
        name="staff.csv",
        by=by,
        at=AT,
        draw=lambda: f"password-number-{next(numbers)}",
    )


def test_all_of_a_list() -> None:
    made = _made(ROWS)
    assert [(one.user.username, one.role) for one in made] == [
        ("wang", "investigator"),
        ("li", "grid_worker"),
        ("zhao", "supervisor"),
    ]
    assert len({one.password for one in made}) == 3
    for one in made:
        user = User.objects.get(username=one.user.username)
        assert user.check_password(one.password)
        assert user.password.startswith("argon2$argon2id$")
        assert user.first_password
    assert User.objects.get(username="li").grid == "440103001001001"
    assert User.objects.get(username="zhao").language == "en"
    assert Appointment.objects.count() == 3
    assert AuditRow.objects.filter(act="account.make").count() == 3


def test_without_languages() -> None:
    assert _made("wang,王小明,investigator,440103\n", "username,name,role,unit")


def test_a_workbook() -> None:
    book = openpyxl.Workbook()
    for line in (HEADER, *ROWS.splitlines()):
        book.active.append(line.split(","))
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    made = actions.make_accounts(file=file, name="staff.xlsx", by=OPERATOR, at=AT, draw=draw)
    assert len(made) == 3


def test_every_row_at_fault_is_named_and_none_taken() -> None:
    rows = """\
wang,王小明,investigator,440103,
wang,王大明,investigator,440103,
Li,李华,investigator,440103,
zhao,赵,emperor,440103,
sun,孙,investigator,nowhere,
zhou,,investigator,440103,
wu,吴,investigator,440103,fr
"""
    with pytest.raises(DataError) as refusal:
        _made(rows)
    for where in (
        "row 3, username",
        "row 4, username",
        "row 5, role",
        "row 6, unit",
        "row 7, name",
        "row 8, language",
    ):
        assert where in str(refusal.value)
    for value in ("王大明", "nowhere", "emperor"):
        assert value not in str(refusal.value)
    assert not User.objects.exists()


def test_within_ones_own_unit() -> None:
    by = acting_of(person("guan", "administrator", "440103"), AT)
    with pytest.raises(DataError, match="row 4, unit"):
        _made(ROWS, by=by)
    assert len(_made("\n".join(ROWS.splitlines()[:2]), by=by)) == 2


def test_a_name_that_is_taken() -> None:
    person("li", None, "CN")
    with pytest.raises(DataError, match="row 3, username: this user name is taken"):
        _made(ROWS)


def test_too_many_for_one_request() -> None:
    with pytest.raises(DataError, match="at most 2"):
        actions.make_accounts(
            file=table(ROWS, HEADER), name="staff.csv", by=OPERATOR, at=AT, draw=draw, most=2
        )


def test_another_table_and_no_table() -> None:
    for file in (table("1", "x"), io.BytesIO(b"\x89PNG\r\n\x1a\n"), io.BytesIO()):
        with pytest.raises(DataError):
            actions.make_accounts(file=file, name="staff.csv", by=OPERATOR, at=AT, draw=draw)


def test_first_passwords_differ() -> None:
    drawn = {draw() for _ in range(100)}
    assert len(drawn) == 100
    assert all(len(one) == 19 for one in drawn)
