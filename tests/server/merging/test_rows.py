"""What came of a row, through the API: of cases and contacts within reach, and of nobody else."""

from __future__ import annotations

import pytest
from tests.server.api.programs import Program
from tests.server.cases.town import Town
from tests.server.homes import told_of

from ringfence.lake import Home, status
from ringfence_server.merging.models import Question
from ringfence_server.outbox import auditing
from ringfence_server.search.models import Asked

pytestmark = pytest.mark.django_db


def batch_of(home: Home, table: str) -> str:
    """The first that came."""
    found = [one for one in status(home).batches if one.table == table]
    return min(found, key=lambda one: one.sequence).batch


def test_a_row_of_a_case_is_told_and_counted(
    home: Home, question: Question, program: Program
) -> None:
    batch = batch_of(home, "presence")
    found = program.post("/lake/rows", {"batch": batch, "row": "2"})
    (record,) = found["records"]
    assert (record["table"], record["subjects"], record["row"]) == ("presence", ["p1"], 2)
    auditing.drain(home)
    (row,) = told_of(home, "search.people")
    assert (row.about["kinds"], row.about["hits"]) == ("row", "1")


def test_of_a_relation_only_the_number_within_reach_is_told(
    home: Home, question: Question, program: Program
) -> None:
    """p1 is a case; p3 is nobody here before the list is approved."""
    found = program.post("/lake/rows", {"batch": batch_of(home, "link"), "row": "2"})
    assert [one["subjects"] for one in found["records"]] == [["p1"]]


def test_rows_of_others_are_not_there(
    home: Home, town: Town, question: Question, program: Program
) -> None:
    batch = batch_of(home, "presence")
    nobody = program.post("/lake/rows", {"batch": batch, "row": "4"}, 404)
    none = program.post("/lake/rows", {"batch": batch, "row": "99"}, 404)
    assert nobody == none
    program.post("/lake/rows", {"batch": batch_of(home, "place"), "row": "2"}, 404)
    program.post("/lake/rows", {"batch": "0" * 64, "row": "2"}, 404)
    far = Program.of(town.staff("far", "data_analyst", "000102"))
    far.post("/lake/rows", {"batch": batch, "row": "2"}, 404)
    Program.of(town.chief).post("/lake/rows", {"batch": batch, "row": "2"}, 403)
    assert Asked.objects.filter(hits=0).count() == 4


@pytest.mark.parametrize(
    ("batch", "row"),
    [
        ("x", "2"),
        ("' OR 1=1 --", "2"),
        ("", "2"),
        ("BATCH", "x"),
        ("BATCH", "-1"),
        ("BATCH", "2; DROP"),
        ("BATCH", "9" * 50),
        ("BATCH", "<b>:2"),
    ],
)
@pytest.mark.usefixtures("question")
def test_what_names_no_row_is_refused(home: Home, program: Program, batch: str, row: str) -> None:
    named = batch_of(home, "presence") if batch == "BATCH" else batch
    program.post("/lake/rows", {"batch": named, "row": row}, 400)
