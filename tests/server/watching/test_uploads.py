"""What is uploaded stays in memory: lists of people do not lie in the system's folder in clear."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.server.tree import HEADER, browser, loaded, person, unit

from ringfence_server.deployment.limits import MOST_BYTES
from ringfence_server.jurisdictions.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever makes a temporary file fails."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "there is none"))


def test_the_largest_that_is_let_in_is_held_in_memory() -> None:
    assert settings.FILE_UPLOAD_MAX_MEMORY_SIZE == MOST_BYTES
    assert len(settings.FILE_UPLOAD_HANDLERS) == 1


def test_a_large_table_is_read_without_a_file(no_folder: None) -> None:
    loaded()
    client = browser(person("li", "administrator", "CN"))
    rows = "".join(f"44{n:04d},44,city,{'市' * 300}{n},\n" for n in range(5000, 9000))
    content = f"{HEADER}\n{rows}".encode()
    assert len(content) > 3 * 1024 * 1024
    answer = client.post("/units/table/", {"file": SimpleUploadedFile("units.csv", content)})
    assert answer.status_code in {200, 302}, answer.content.decode()[-800:]
    assert unit("445000").level == "city"
    assert Unit.objects.count() > 4000


def test_a_list_that_is_too_long_is_refused_without_a_file(no_folder: None) -> None:
    loaded()
    client = browser(person("li", "administrator", "4401"))
    content = b"username,name,role,unit\n" + b"x" * (5 << 20)
    answer = client.post("/accounts/list/", {"file": SimpleUploadedFile("a.csv", content)})
    assert answer.status_code == 400
