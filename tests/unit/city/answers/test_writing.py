"""`contact.parquet`, `exposure.parquet` and `evaluation.json`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ringfence.errors import DataError, NotFound
from ringfence.protocols.catalogue import named
from ringfence_city.answers.city_folder import open_city
from ringfence_city.answers.evaluating import evaluate, needed
from ringfence_city.answers.loading import open_answers
from ringfence_city.answers.rings import Filed
from ringfence_city.answers.writing import answer

AS_OF = datetime(2022, 7, 31, tzinfo=UTC)
EDITION_9 = named("covid-cn-9").protocol


def at(day: int, hour: int) -> datetime:
    """July 2022, UTC."""
    return datetime(2022, 7, day, hour, tzinfo=UTC)


def written(folder: Path, **tables: dict[str, Any]) -> Path:
    for name, columns in tables.items():
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    return folder


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """One case sang with k1; k1 lives with x1. k2 came when k1 had left."""
    return written(
        tmp_path,
        case={"case": ["C000001"], "subject": ["p1"], "symptomatic": [True]},
        case_event={
            "case": ["C000001"] * 2,
            "kind": ["onset", "isolated"],
            "at": ["2022-07-10"] * 2,
        },
        place={"place": ["K"], "kind": ["ktv"], "ventilation": ["good"]},
        presence={
            "subject": ["p1", "k1", "k2"],
            "place": ["K"] * 3,
            "start": [at(9, 10), at(9, 11), at(9, 13)],
            "end": [at(9, 12), at(9, 13), at(9, 14)],
        },
        link={"subject_a": ["k1"], "subject_b": ["x1"], "relation": ["household"]},
        infection={"infectee": ["p1"], "infector": [None], "at": [at(5, 0)]},
    )


def test_contacts_and_exposures_of_a_case(answers: Path) -> None:
    answer(answers, AS_OF, [EDITION_9])
    contacts = pq.read_table(answers / "contact.parquet").to_pylist()
    common = {"protocol": "covid-cn-9", "version": EDITION_9.version, "case": "C000001"}
    assert contacts == [
        {
            **common,
            "subject": "k1",
            "order": 1,
            "class": "close",
            "first_exposure": at(9, 11),
            "last_exposure": at(9, 12),
            "minutes": 60.0,
        },
        {
            **common,
            "subject": "x1",
            "order": 2,
            "class": "second",
            "first_exposure": at(9, 11),
            "last_exposure": AS_OF,
            "minutes": 0.0,
        },
    ]
    exposures = pq.read_table(answers / "exposure.parquet").to_pylist()
    assert exposures == [
        {
            "case": "C000001",
            "subject": "k1",
            "place": "K",
            "start": at(9, 11),
            "end": at(9, 12),
            "minutes": 60.0,
            "setting": "entertainment",
        }
    ]


def test_the_evaluation_says_what_was_evaluated(answers: Path) -> None:
    answer(answers, AS_OF, [EDITION_9])
    told = json.loads((answers / "evaluation.json").read_text(encoding="utf-8"))
    (protocol,) = told["protocols"]
    assert (told["as_of"], told["cases"]) == (AS_OF.isoformat(), 1)
    assert protocol["contacts"] == {"1 close": 1, "2 second": 1}
    assert protocol["windows"] == [
        {
            "case": "C000001",
            "anchor": "onset",
            "start": "2022-07-07T16:00:00+00:00",
            "end": "2022-07-10T16:00:00+00:00",
        }
    ]


def test_only_the_stays_that_matter_are_fetched(answers: Path) -> None:
    """The contacts are those of all stays, though most places are never looked at."""
    stays = pq.read_table(answers / "presence.parquet")
    more = pa.table(
        {
            "subject": ["k1", "x2", "x3", "x4"],
            "place": ["home", "home", "far", "far"],
            "start": [at(9, 20), at(9, 21), at(9, 20), at(9, 21)],
            "end": [at(9, 23)] * 4,
        }
    )
    pq.write_table(pa.concat_tables([stays, more]), answers / "presence.parquet")
    written(
        answers,
        place={"place": ["K", "home", "far"], "kind": ["ktv", "home", "home"]},
    )
    shelf = open_answers(answers, int(AS_OF.timestamp()))
    some = needed(shelf, [EDITION_9], shelf.bare.cases)
    names = some.place_names
    assert {names.name(place) for place in some.stays.place.tolist()} == {"K", "home"}
    answer(answers, AS_OF, [EDITION_9])
    listed = pq.read_table(answers / "contact.parquet")["subject"].to_pylist()
    (whole,) = evaluate(shelf.facts(None), [EDITION_9], shelf.bare.cases)
    assert listed == [some.person_names.name(person) for person in whole.person.tolist()]
    assert listed == ["k1", "x1", "x2"]


def test_stays_are_filed_once_where_no_instant_adds_to_them(answers: Path) -> None:
    """A protocol that accepts what is assumed files all stays anew only for its own dwells."""
    first, *others = EDITION_9.rules
    lenient = replace(EDITION_9, rules=(replace(first, accepts_assumed=True), *others))
    facts = open_answers(answers, int(AS_OF.timestamp())).facts(None)
    filed = Filed.without_instants(facts)
    assert filed.with_dwell(lenient) is filed
    written(answers, event={"subject": ["k3"], "place": ["K"], "at": [at(9, 11)]})
    facts = open_answers(answers, int(AS_OF.timestamp())).facts(None)
    filed = Filed.without_instants(facts)
    assert filed.with_dwell(EDITION_9) is filed
    assert len(filed.with_dwell(lenient).stays) == len(filed.stays) + 1


def test_the_same_facts_give_the_same_bytes(answers: Path) -> None:
    names = ("contact.parquet", "exposure.parquet", "evaluation.json")
    answer(answers, AS_OF, [EDITION_9])
    once = [(answers / name).read_bytes() for name in names]
    answer(answers, AS_OF, [EDITION_9])
    assert [(answers / name).read_bytes() for name in names] == once


def test_unknown_case_is_refused(answers: Path) -> None:
    with pytest.raises(NotFound, match="no case C9"):
        answer(answers, AS_OF, [EDITION_9], ["C9"])


def test_a_refused_question_leaves_the_answers_as_they_are(answers: Path) -> None:
    answer(answers, AS_OF, [EDITION_9])
    with pytest.raises(NotFound):
        answer(answers, AS_OF, [EDITION_9], ["C9"])
    assert (answers / "evaluation.json").exists()


def test_without_presences_nothing_is_answered(answers: Path) -> None:
    (answers / "presence.parquet").unlink()
    with pytest.raises(DataError, match="--presences"):
        answer(answers, AS_OF, [EDITION_9])
    assert not (answers / "evaluation.json").exists()


def test_a_folder_that_is_no_whole_city_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="not a whole city"):
        open_city(tmp_path)
    (tmp_path / "city.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="as JSON"):
        open_city(tmp_path)
    (tmp_path / "city.json").write_text('{"format": 9}', encoding="utf-8")
    with pytest.raises(DataError, match="format 1"):
        open_city(tmp_path)


def test_all_is_known_when_the_last_delivery_has_come(tmp_path: Path) -> None:
    told = {"format": 1, "first_day": "2022-07-01", "parameters": {"days": 2}}
    (tmp_path / "city.json").write_text(json.dumps(told), encoding="utf-8")
    city = open_city(tmp_path)
    assert (city.first_day, city.start) == (date(2022, 7, 1), datetime(2022, 6, 30, 16, tzinfo=UTC))
    assert city.all_known == city.end == datetime(2022, 7, 2, 16, tzinfo=UTC)
    (tmp_path / "deliveries").mkdir()
    lines = "received,channel,table,path,rows\n2022-07-04T08:00:00+08:00,gates,event,x,1\n"
    (tmp_path / "deliveries" / "files.csv").write_text(lines, encoding="utf-8")
    assert city.all_known == datetime(2022, 7, 4, tzinfo=UTC)
