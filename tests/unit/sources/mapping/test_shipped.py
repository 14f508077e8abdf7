"""The mappings that come with ringfence: each holds on its own sample, and drafts of it read."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from ringfence.errors import DataError, NotFound
from ringfence.sources.delivered import Delivered
from ringfence.sources.mapping.catalogue import Entry, entries, named, own_folder
from ringfence.sources.mapping.checking import check_mapping, record_expected, sample_of
from ringfence.sources.mapping.drafting import draft
from ringfence.sources.mapping.reading import read

from .channels import INN

NOW = datetime(2022, 9, 21, 4, tzinfo=UTC)
SHIPPED = entries(None)


@pytest.mark.parametrize("entry", SHIPPED, ids=lambda entry: entry.name)
def test_it_gives_what_it_should(entry: Entry) -> None:
    outturn = check_mapping(entry.read(), entry.folder, NOW)
    assert [difference.en for difference in outturn.differences] == []
    assert outturn.accepted
    assert outturn.refused


@pytest.mark.parametrize("entry", SHIPPED, ids=lambda entry: entry.name)
def test_a_draft_of_its_sample_reads_and_names_nobody(entry: Entry) -> None:
    sample = sample_of(entry.folder)
    with sample.open("rb") as file:
        delivered = Delivered(file, sample.name, sample.stat().st_size)
        made = draft(delivered, "new", "Asia/Shanghai", NOW)
    read(made.text.encode(), "mapping.yaml")
    assert made.doubts
    identities = entry.folder / "expected" / "identity.csv"
    if not entry.read().persons:
        assert not identities.exists()
        return
    for line in identities.read_text(encoding="utf-8").splitlines()[1:]:
        _, field, value = line.split(",", 2)
        if field in ("name", "id_number", "phone", "address"):
            assert value not in made.text


def test_an_unknown_version_is_refused_by_name() -> None:
    with pytest.raises(NotFound, match="hotel-register@1"):
        named("hotel-register@7", None)
    with pytest.raises(NotFound, match="hotel-register"):
        named("hotel-registr", None)


def written(home: Path, folder: str, text: str = INN) -> Path:
    file = own_folder(home) / folder / "mapping.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_home_has_mappings_of_its_own(tmp_path: Path) -> None:
    written(tmp_path, "inn/v1")
    assert named("inn", tmp_path).read().label == "inn@1"


def test_a_home_does_not_take_the_name_of_a_shipped_one(tmp_path: Path) -> None:
    written(tmp_path, "payments/v1")
    with pytest.raises(DataError, match="comes with ringfence already"):
        entries(tmp_path)


def test_the_folder_and_the_file_must_agree(tmp_path: Path) -> None:
    written(tmp_path, "inn/v2")
    with pytest.raises(DataError, match="the folder says inn@2"):
        named("inn", tmp_path).read()


def test_what_is_recorded_holds(tmp_path: Path) -> None:
    file = written(tmp_path, "inn/v1")
    header = "姓名,证件号码,电话,编码,日期,时间,离店,状态\n"
    rows = f"{header}王小敏,000101198503122156,,7,2022-09-19,20:15,,在住\n"
    (file.parent / "sample.csv").write_text(rows, encoding="utf-8")
    channel = named("inn", tmp_path).read()
    assert check_mapping(channel, file.parent, NOW).differences
    record_expected(channel, file.parent, NOW)
    assert not check_mapping(channel, file.parent, NOW).differences
    expected = file.parent / "expected" / "presence.csv"
    expected.write_text(expected.read_text(encoding="utf-8").replace("inn-7", "inn-8"))
    differences = [text.en for text in check_mapping(channel, file.parent, NOW).differences]
    assert any("wanted and not given" in text and "inn-8" in text for text in differences)
