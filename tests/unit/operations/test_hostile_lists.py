"""Whatever a sender writes: every row is listed or refused, and no message repeats a value."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence import lake
from ringfence.errors import DataError, UserError
from ringfence.operations import lists
from ringfence.operations.lists import receiving
from ringfence.operations.lists.form import COLUMNS, ListForm, read_form_text
from ringfence.operations.lists.rows import read_rows
from ringfence.sources.delivered import Delivered
from ringfence.sources.normalise import Setting
from ringfence.sources.raw.model import Part, RawChunk

from .homes import BEGIN, new_home, receive
from .people import id_number, sheet, wang

SETTING = Setting(ZoneInfo("Asia/Shanghai"), datetime(2022, 7, 7, tzinfo=UTC), synthetic=True)
_CELLS = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.sampled_from(
        [
            id_number(1),
            "1.10105E+17",
            "=HYPERLINK(0)",
            "\u202e王",
            "15400000001",
            "青Z00001",
            "护照",
            "\x00",
            "河西区长街1号",
            "王 小 明",
            "＝1",
        ]
    ),
)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys(COLUMNS, _CELLS)), min_size=1, max_size=6))
def test_every_row_is_listed_or_refused(rows: list[dict[str, str | None]]) -> None:
    chunk = RawChunk(
        Part(0, ""),
        {name: pa.array([row[name] for row in rows], pa.string()) for name in COLUMNS},
        pa.array(range(2, len(rows) + 2), pa.int64()),
    )
    listed, refused = read_rows(chunk, ListForm(), SETTING)
    taken = [one.row for one in listed] + [reject.row for reject in refused]
    assert sorted(taken) == list(range(2, len(rows) + 2))
    for one in listed:
        assert one.fields.keys() & {"id_number", "phone", "plate", "address"}
        assert all(value and "\x00" not in value for value in one.fields.values())
    for reject in refused:
        said = reject.reason.en + reject.reason.zh + reject.field
        for value in rows[reject.row - 2].values():
            assert value is None or len(value) < 6 or value.isascii() or value not in said


@pytest.fixture
def home(tmp_path: Path) -> lake.Home:
    return new_home(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_encoding(home: lake.Home, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "l.csv"
    file.write_bytes(sheet(wang(1), wang(2)).encode(encoding))
    lists.receive(home, file, agency="a", basis="law", by="o", now=BEGIN)
    told = lists.persons_at(home, "L1", purpose="check", by="o", now=BEGIN)
    assert [person.identity and person.identity["name"] for person in told] == [["王二"], ["王三"]]


def test_json_with_rows_told_by_number(home: lake.Home, tmp_path: Path) -> None:
    file = tmp_path / "l.json"
    rows = [{"name": "王一", "id_number": id_number(1)}, {"name": "王二", "id_number": "12"}]
    file.write_text(json.dumps(rows), encoding="utf-8")
    done = lists.receive(home, file, agency="a", basis="law", by="o", now=BEGIN)
    assert [reject.row for reject in lists.refused_rows(home, done.list)] == [2]


@pytest.mark.parametrize(
    "text",
    [
        sheet('"王一', wang(1)),
        sheet(wang(1) + ",more,than,there,are", wang(2)),
        sheet("王一," + "9" * 3_000_000 + ",,,"),
        "\x00\x01\x02" * 400,
    ],
)
def test_broken_text_is_refused_or_its_rows_are(home: lake.Home, text: str) -> None:
    try:
        done = receive(home, text)
    except UserError as error:
        assert isinstance(error, DataError)
        assert lists.all_lists(home) == ()
    else:
        figures = lists.funnel(home, done.list)
        assert figures.received == figures.valid + figures.refused
        assert figures.refused


def test_a_file_that_changes_while_it_is_read_is_refused(
    home: lake.Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name in the vault is made of its bytes: they must be those that were read."""
    file = tmp_path / "l.csv"
    file.write_text(sheet(wang(1)), encoding="utf-8")
    plain = receiving._batch_of

    def grown(delivered: Delivered, agency: str, form: ListForm) -> str:
        batch = plain(delivered, agency, form)
        with file.open("a", encoding="utf-8") as more:
            more.write(wang(2) + "\n")
        return batch

    monkeypatch.setattr(receiving, "_batch_of", grown)
    with pytest.raises(DataError, match="changed while it was read"):
        lists.receive(home, file, agency="a", basis="law", by="o", now=BEGIN)
    assert lists.all_lists(home) == ()


@given(st.binary(max_size=300))
def test_any_bytes_as_a_form_are_read_or_refused(content: bytes) -> None:
    try:
        form = read_form_text(content, "form.yaml")
    except UserError as error:
        assert isinstance(error, DataError)
    else:
        assert form.columns.keys() <= COLUMNS.keys()


def test_one_person_with_many_values_shows_all_of_them(home: lake.Home) -> None:
    receive(home, sheet(wang(1, phone="15400000001"), wang(1, phone="15400000002")))
    (person,) = lists.persons_at(home, "L1", purpose="check", by="o", now=BEGIN)
    assert person.identity is not None
    assert person.identity["phone"] == ["+8615400000001", "+8615400000002"]
