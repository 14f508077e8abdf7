"""A new secret: all that is sealed opens with it, nothing with the old one; killed, it goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connections, models
from tests.faults import ROOT
from tests.server.cases.examples import case_at
from tests.server.cases.town import SECRET, Town, enter
from tests.server.homes import NOON
from tests.server.keeping.served import Served
from tests.server.running.deployed import _environment

from ringfence.errors import NotAllowed, StorageError
from ringfence_server.accounts.models import User
from ringfence_server.accounts.second_factor import opened, sealed
from ringfence_server.canaries.digests import digests_of
from ringfence_server.canaries.models import Canary, CanaryForm
from ringfence_server.canaries.queries import SEALED_AS
from ringfence_server.cases.investigating import PURPOSE, bound_to
from ringfence_server.cases.models import CaseVersion
from ringfence_server.hand_overs.models import Partner, Received
from ringfence_server.hand_overs.receiving import PURPOSE as RECEIVED
from ringfence_server.keeping import rotating
from ringfence_server.outbox.delivering import deliver
from ringfence_server.outbox.models import Delivery
from ringfence_server.outbox.sealing import seal, unseal

pytestmark = pytest.mark.django_db(transaction=True)
_ROTATE = """
import os, signal, sys
from pathlib import Path
from ringfence_server.running.preparing import prepare
prepare(Path(sys.argv[1]))
from datetime import UTC, datetime
from ringfence_server.keeping import rotating
def killed(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)
setattr(rotating, sys.argv[2], killed)
rotating.rotate(Path(sys.argv[1]), by="machine:root", at=datetime.now(UTC))
"""


@pytest.fixture
def sealed_rows(kept: Served, town: Town) -> CaseVersion:
    enter(kept.home, town)
    case_at("000101", "000102")
    user = town.chief.user
    data = {"secret": sealed(SECRET, "JBSWY3DPEHPK3PXP")}
    Authenticator.objects.create(user=user, type="totp", data=data)
    made = CaseVersion.objects.get()
    connections.close_all()
    return made


def fresh(kept: Served) -> str:
    return (kept.folder / "secret").read_text(encoding="ascii")


def opens(kept: Served, secret: str) -> None:
    form = CaseVersion.objects.get()
    assert unseal(secret, PURPOSE, bound_to(form.case_id, 1), bytes(form.sealed))["history"] == []
    factor = Authenticator.objects.get()
    assert opened(secret, factor.data["secret"]) == "JBSWY3DPEHPK3PXP"
    assert deliver(kept.home, secret=secret, at=NOON).refused == 0
    assert not Delivery.objects.filter(done_at__isnull=True).exists()


def test_all_that_is_sealed_is_under_the_new_secret(kept: Served, sealed_rows: CaseVersion) -> None:
    sessions = User.objects.get(username="chief").sessions
    assert rotating.rotate(kept.file, by="machine:root", at=NOON) == 3
    assert fresh(kept) != SECRET
    assert (kept.folder / "secret").stat().st_mode & 0o077 == 0
    assert sorted(path.name for path in kept.folder.glob("secret*")) == ["secret"]
    assert User.objects.get(username="chief").sessions == sessions + 1
    with pytest.raises(StorageError):
        opens(kept, SECRET)
    opens(kept, fresh(kept))


@pytest.mark.parametrize("moment", ["end_sessions", "_resealed", "_put"])
def test_killed_it_is_ended_by_the_next(
    kept: Served, sealed_rows: CaseVersion, moment: str
) -> None:
    command = [sys.executable, "-c", _ROTATE, str(kept.file), moment]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert fresh(kept) == SECRET
    rotating.rotate(kept.file, by="machine:root", at=NOON)
    assert fresh(kept) != SECRET
    opens(kept, fresh(kept))


def test_while_the_server_runs_it_is_refused(kept: Served, sealed_rows: CaseVersion) -> None:
    import psycopg

    with (
        psycopg.connect(kept.deployment.database, application_name="ringfence"),
        pytest.raises(NotAllowed, match="running"),
    ):
        rotating.rotate(kept.file, by="machine:root", at=NOON)
    assert fresh(kept) == SECRET


def test_a_row_that_does_not_open_leaves_all_as_it_was(
    kept: Served, sealed_rows: CaseVersion
) -> None:
    CaseVersion.objects.update(sealed=b"something else")
    with pytest.raises(StorageError):
        rotating.rotate(kept.file, by="machine:root", at=NOON)
    assert fresh(kept) == SECRET
    one = Delivery.objects.exclude(sealed=None)[0]
    assert unseal(SECRET, "delivery", one.key, bytes(one.sealed or b""))


def test_a_canary_is_found_and_a_received_hand_over_opens_under_the_new_secret(
    kept: Served, sealed_rows: CaseVersion, town: Town
) -> None:
    told = {"name": "王小明", "phone": "+8613800138000"}
    kinds = {"unit": town.unit("000101"), "by": town.chief.user, "at": NOON}
    canary = Canary.objects.create(
        kind="case", number="K-1", sealed=seal(SECRET, SEALED_AS, "K-1", told), **kinds
    )
    CanaryForm.objects.bulk_create(
        CanaryForm(canary=canary, digest=one) for one in digests_of(SECRET, told)
    )
    city = Partner.objects.create(
        unit=town.unit("000101"),
        code="9901",
        name_zh="邻市",
        sign_key=b"s" * 32,
        seal_key=b"x" * 32,
        entered_by=town.chief.user,
        entered_at=NOON,
    )
    coming = Received.objects.create(partner=city, sender="9901", number="1", due_at=NOON, **kinds)
    coming.sealed = seal(SECRET, RECEIVED, str(coming.pk), {"people": []})
    coming.save()
    connections.close_all()
    rotating.rotate(kept.file, by="machine:root", at=NOON)
    new = fresh(kept)
    found = {bytes(one.digest) for one in CanaryForm.objects.all()}
    assert found
    assert found == digests_of(new, told)
    assert unseal(new, SEALED_AS, "K-1", bytes(Canary.objects.get().sealed)) == told
    held = Received.objects.get()
    assert unseal(new, RECEIVED, str(held.pk), bytes(held.sealed or b"")) == {"people": []}


def test_every_sealed_table_is_sealed_anew() -> None:
    """A new one has to be added to `rotating._PARTS`."""
    found = {
        model._meta.label
        for model in apps.get_models()
        if any(
            field.name == "sealed" and isinstance(field, models.BinaryField)
            for field in model._meta.get_fields()
        )
    }
    assert found == {
        "canaries.Canary",
        "cases.CaseVersion",
        "narratives.Narrative",
        "hand_overs.Received",
        "outbox.Delivery",
        "outbox.SecretMark",
        "tasks.Feedback",
    }


def test_the_command(kept: Served, sealed_rows: CaseVersion) -> None:
    from tests.server.running.deployed import run

    done = run("serve", "rotate-secret", "--deployment", kept.file)
    assert done.returncode == 0, done.stderr
    assert "The secret is a new one; 3 sealed rows" in done.stdout
    assert Path(kept.folder / "secret").exists()
    opens(kept, fresh(kept))
