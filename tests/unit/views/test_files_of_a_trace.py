"""JSON, CSV and Parquet say what the trace says, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import jsonschema
import pyarrow.parquet as pq
import pytest

from ringfence.errors import Text
from ringfence.protocols.rule_reading import EVIDENCE
from ringfence.trace.result import Trace
from ringfence.trace.views import as_csv, as_json, as_parquet, figures
from ringfence.trace.words import KIND_TERMS

from . import samples


@pytest.mark.parametrize(
    "trace", [samples.a_trace(), samples.small(), samples.forty(), samples.many(300)]
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_json_follows_its_schema(trace: Trace, language: str) -> None:
    schema = as_json.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(json.loads(as_json.text(trace, language)))


def test_schema_and_words_know_every_kind_of_evidence() -> None:
    schema = as_json.schema()["$defs"]["evidence"]["properties"]["kind"]["enum"]
    assert sorted(schema) == sorted(EVIDENCE) == sorted(KIND_TERMS)


def test_schema_refuses_what_it_does_not_name() -> None:
    document = as_json.document(samples.small())
    document["contacts"][0]["evidence"][0]["more"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(as_json.schema()).validate(document)


def test_json_in_full() -> None:
    document = as_json.document(samples.small(), "zh")
    contact = document["contacts"][0]
    evidence = contact.pop("evidence")
    measures = contact.pop("measures")
    assert contact == {
        "person": "S-0012",
        "subjects": ["S-0012"],
        "cases": ["C001"],
        "order": 1,
        "class": "close",
        "priority": 3,
        "provisional": False,
        "path": ["C001", "S-0012"],
        "first_exposure": "2022-07-01T20:00:00+08:00",
        "last_exposure": "2022-07-01T21:10:00+08:00",
        "minutes": 92.5,
        "settings": ["encounter", "entertainment"],
        "rules": ["enclosed", "near"],
        "flags": [],
        "release_date": "2022-07-08",
    }
    assert measures[0]["start"] == "2022-07-01"
    assert measures[0]["until"] == "2022-07-08"
    assert evidence[0] == {
        "case": "C001",
        "via": None,
        "kind": "presence",
        "place": "ktv-blue",
        "zone": "room-3",
        "start": "2022-07-01T20:00:00+08:00",
        "end": "2022-07-01T21:10:00+08:00",
        "minutes": 70,
        "rule": "enclosed",
        "certainty": "recorded",
        "rows": [
            {"of": "case", "source": "register", "batch": samples.REGISTER, "row": 7},
            {"of": "contact", "source": "register", "batch": samples.REGISTER, "row": 107},
        ],
    }
    assert document["review"][0]["question"] == "teahouse-5 通风是否良好？"
    assert document["review"][0]["settles"] == 2
    assert document["draft"] is False


def test_a_link_has_no_minutes() -> None:
    document = as_json.document(
        samples.a_trace(samples.a_contact("S-1", samples.some_evidence("household")))
    )
    assert document["contacts"][0]["evidence"][0]["minutes"] is None


def test_whole_minutes_are_whole_numbers() -> None:
    assert repr(figures.number(70.0)) == "70"
    assert repr(figures.number(20 / 60)) == "0.33"


def test_summer_time_begins_in_the_home_zone() -> None:
    changes = figures.offsets(
        datetime(2022, 3, 20, tzinfo=UTC), datetime(2022, 4, 2, tzinfo=UTC), "Europe/Berlin"
    )
    turn = int(datetime(2022, 3, 27, 1, tzinfo=UTC).timestamp())
    assert changes[0][1] == 3600
    assert changes[1:] == [(turn, 7200)]
    assert all(earlier < later for (earlier, _), (later, _) in pairwise(changes))


def _sheet(trace: Trace, language: str = "en") -> list[dict[str, str]]:
    content = as_csv.content(trace, language)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_has_one_row_per_contact_and_chinese_words() -> None:
    rows = _sheet(samples.forty(), "zh")
    assert len(rows) == 40
    assert {row["class_name"] for row in rows} == {
        "密切接触者",
        "一般接触者",
        "次密接（密接的密接）",
    }
    both = next(row for row in rows if row["cases"] == "C001;C002")
    assert int(both["evidence_count"]) == 2
    assert both["draft"] == "true"


def test_csv_leaves_minutes_empty_where_nobody_counted_them() -> None:
    trace = samples.a_trace(samples.a_contact("S-1", samples.some_evidence("household")))
    assert _sheet(trace)[0]["minutes"] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_csv_neutralises_formulas(start: str) -> None:
    risky = samples.a_contact(start + "cmd|x", samples.some_evidence())
    row = _sheet(samples.a_trace(risky))[0]
    assert row["person"] == "'" + start + "cmd|x"
    assert row["subjects"].startswith("'")
    assert row["path"] == f"C001;{start}cmd|x"


def test_csv_neutralises_titles_too() -> None:
    rule = replace(samples.PROTOCOL.rule("enclosed"), title=Text("=1+1", "=1+1"))
    trace = replace(samples.small(), protocol=replace(samples.PROTOCOL, rules=(rule,)))
    assert _sheet(trace)[0]["rule_titles"] == "'=1+1;near"


def test_parquet_keeps_lists_and_instants() -> None:
    written = io.BytesIO()
    as_parquet.write(samples.forty(), written)
    written.seek(0)
    table = pq.read_table(written)
    assert table.num_rows == 40
    both = next(row for row in table.to_pylist() if len(row["cases"]) == 2)
    assert both["path"][0] == both["cases"][0]
    first = samples.forty().contacts[0]
    row = table.to_pylist()[0]
    assert row["first_exposure"] == first.first_exposure
    assert row["first_exposure"].utcoffset() == timedelta(hours=8)
    assert row["release_date"] == date(2022, 7, 13)
    assert row["minutes"] is None
