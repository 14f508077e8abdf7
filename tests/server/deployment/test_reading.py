"""A deployment file is read whole, or refused with the field that is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ringfence.errors import DataError, NotFound, UsageError
from ringfence_server.deployment.reading import VARIABLE, deployment_of, read_deployment

FIELDS = {
    "home": '"home"',
    "secret_file": '"secret"',
    "database": '"postgresql:///ringfence"',
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    secret = tmp_path / "secret"
    secret.write_text("s" * 40, encoding="ascii")
    secret.chmod(0o600)
    return tmp_path


def written(folder: Path, **fields: str) -> Path:
    file = folder / "deployment.toml"
    told = {name: text for name, text in {**FIELDS, **fields}.items() if text}
    lines = "".join(f"{name} = {text}\n" for name, text in told.items())
    file.write_text(lines, encoding="utf-8")
    return file


def test_the_least_is_served_to_this_machine(folder: Path) -> None:
    read = deployment_of(written(folder))
    assert read.home == folder / "home"
    assert read.address == ("127.0.0.1", 8470)
    assert read.https
    assert read.metrics_from == ("127.0.0.1", "::1")
    assert (read.cluster, read.kinds, read.ahead) == (None, None, timedelta())
    assert read_deployment({VARIABLE: str(folder / "deployment.toml")}) == read


def test_all_of_it(folder: Path) -> None:
    clock = "{shows = 2022-09-01T09:00:00+08:00, at = 2026-11-22T10:00:00Z}"
    read = deployment_of(
        written(
            folder,
            hosts='["a.example"]',
            listen='"[::1]:9000"',
            https="false",
            cluster='"database"',
            kinds='"kinds.yaml"',
            metrics_from='["10.1.0.0/16"]',
            clock=clock,
        )
    )
    assert read.hosts == ("a.example",)
    assert read.cluster == folder / "database"
    assert read.kinds == folder / "kinds.yaml"
    assert not read.https
    shown = datetime(2026, 11, 22, 10, tzinfo=UTC) + read.ahead
    assert shown == datetime(2022, 9, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("home", ""),
        ("home", "7"),
        ("database", ""),
        ("hosts", '["*"]'),
        ("hosts", "[]"),
        ("hosts", '"one"'),
        ("listen", '"8470"'),
        ("listen", '"127.0.0.1:99999"'),
        ("https", '"yes"'),
        ("metrics_from", '["everybody"]'),
        ("metrics_from", "[7]"),
        ("cluster", "1"),
        ("kinds", '""'),
        ("kinds", "{own_a = 1}"),
        ("clock", '{shows = "noon"}'),
        ("clock", "{shows = 2022-09-01T09:00:00, at = 2026-11-22T10:00:00Z}"),
        ("secret", '"hidden-in-the-open"'),
        ("secret_file", '"nowhere"'),
    ],
)
def test_a_field_that_is_wrong_is_named(folder: Path, name: str, text: str) -> None:
    with pytest.raises(DataError) as refused:
        deployment_of(written(folder, **{name: text}))
    for said in refused.value.text:
        assert name in said
        assert "hidden-in-the-open" not in said


@pytest.mark.parametrize("content", ["home = ", "\ufffe", "[home]\n[home]"])
def test_what_is_no_toml_is_refused(folder: Path, content: str) -> None:
    file = folder / "deployment.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DataError):
        deployment_of(file)


def test_a_secret_that_others_may_read_or_guess(folder: Path) -> None:
    file = written(folder)
    (folder / "secret").chmod(0o640)
    with pytest.raises(DataError, match="600"):
        deployment_of(file)
    (folder / "secret").chmod(0o600)
    (folder / "secret").write_text("short", encoding="ascii")
    with pytest.raises(DataError, match="32"):
        deployment_of(file)


def test_it_can_be_shown_without_its_secrets(folder: Path) -> None:
    read = deployment_of(written(folder, database='"postgresql://u:hidden@h/d"'))
    assert "hidden" not in repr(read)
    assert read.secret not in repr(read)


def test_none_is_named_or_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=VARIABLE):
        read_deployment({})
    with pytest.raises(NotFound):
        deployment_of(tmp_path / "none.toml")
