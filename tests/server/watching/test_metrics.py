"""Who may read the measures."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client, override_settings

from ringfence_server.deployment.here import deployment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("comes_from", "status"),
    [("127.0.0.1", 404), ("10.1.7.7", 200), ("10.2.7.7", 404), ("", 404), ("unix:", 404)],
)
def test_addresses_of_the_deployment_may(comes_from: str, status: int) -> None:
    told = replace(deployment(), metrics_from=("10.1.0.0/16",))
    with override_settings(RINGFENCE=told):
        answer = Client().get("/metrics", REMOTE_ADDR=comes_from)
    assert answer.status_code == status
    assert (b"ringfence_database_up 1.0" in answer.content) == (status == 200)


def test_nobody_may_through_a_proxy() -> None:
    for name in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded"):
        assert Client(headers={name: "127.0.0.1"}).get("/metrics").status_code == 404


def test_only_reading() -> None:
    for path in ("/health", "/ready", "/metrics"):
        assert Client().post(path).status_code == 405


def test_labels_are_words_of_the_program() -> None:
    client = Client()
    client.get("/nowhere/110105194912310021")
    client.generic("110105194912310021", "/health")
    told = client.get("/metrics").content.decode()
    assert "110105194912310021" not in told
    assert 'view="none"' in told
